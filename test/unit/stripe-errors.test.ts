import { atStripe } from '../../src/api/http/stripe-call';
import Stripe from 'stripe';
import { deauthorize, redeemCode } from '../../src/stripe/account';
import {
  type Meaning,
  meaningOf,
  NotAStripeObject,
  toActivityFailure,
  wordsOf,
} from '../../src/stripe/errors';

const { errors } = Stripe;
type Raw = ConstructorParameters<typeof errors.StripeError>[0];
const raw = (over: object): Raw => ({ message: 'no', ...over }) as Raw;

describe('C14: what an error of Stripe’s means', () => {
  test.each<[string, unknown, Meaning | null]>([
    [
      'a link that was cut',
      new errors.StripePermissionError(raw({ code: 'account_invalid' })),
      'account_gone',
    ],
    [
      'an object that is gone',
      new errors.StripeInvalidRequestError(raw({ code: 'resource_missing', statusCode: 404 })),
      'object_gone',
    ],
    [
      'a declined card',
      new errors.StripeCardError(raw({ code: 'card_declined', statusCode: 402 })),
      'refused',
    ],
    ['an invalid request', new errors.StripeInvalidRequestError(raw({ statusCode: 400 })), 'refused'],
    ['a key used for something else', new errors.StripeIdempotencyError(raw({ statusCode: 400 })), 'refused'],
    ['a rolled key', new errors.StripeAuthenticationError(raw({ statusCode: 401 })), 'needs_person'],
    [
      'an expired key',
      new errors.StripeAuthenticationError(raw({ statusCode: 401, code: 'api_key_expired' })),
      'needs_person',
    ],
    ['a lost permission', new errors.StripePermissionError(raw({ statusCode: 403 })), 'needs_person'],
    [
      'the other mode’s object',
      new errors.StripeInvalidRequestError(raw({ statusCode: 400, code: 'livemode_mismatch' })),
      'needs_person',
    ],
    ['an unknown client id', new errors.StripeInvalidClientError(raw({ statusCode: 401 })), 'needs_person'],
    ['too many requests', new errors.StripeRateLimitError(raw({ statusCode: 429 })), 'retry'],
    [
      'two requests that met',
      new errors.StripeInvalidRequestError(raw({ statusCode: 409, code: 'lock_timeout' })),
      'retry',
    ],
    [
      'a key still in use',
      new errors.StripeIdempotencyError(raw({ statusCode: 409, code: 'idempotency_key_in_use' })),
      'retry',
    ],
    ['no answer', new errors.StripeConnectionError(raw({})), 'retry'],
    ['a server error', new errors.StripeAPIError(raw({ statusCode: 503 })), 'retry'],
    ['a 500 that looks like success', new NotAStripeObject('no', false), 'retry'],
    ['an error of ours', new TypeError('no'), null],
  ])('%s', (_what, error, meaning) => {
    expect(meaningOf(error)).toBe(meaning);
    if (error instanceof errors.StripeError)
      expect(toActivityFailure(error)).toMatchObject({ nonRetryable: meaning !== 'retry' });
  });

  test('the words name the error and Stripe’s request, and nothing that a person typed', () => {
    const error = new errors.StripeInvalidRequestError(
      raw({
        message: 'No such customer: Ana',
        code: 'resource_missing',
        param: 'customer',
        requestId: 'req_1',
      }),
    );
    expect(wordsOf(error)).toBe(
      'StripeInvalidRequestError resource_missing (parameter customer, request req_1)',
    );
    expect(toActivityFailure(error)).toMatchObject({ message: `Stripe: ${wordsOf(error)}` });
    expect(wordsOf(new TypeError('Ana'))).toBe('TypeError');
  });
});

describe('C14, B: `invalid_client` is not "disconnected"', () => {
  const unknown = new errors.StripeInvalidClientError(raw({ statusCode: 401 }));
  const gone = new errors.StripePermissionError(raw({ code: 'account_invalid', statusCode: 403 }));
  const stripe = (account: () => Promise<object>) =>
    ({
      oauth: { deauthorize: () => Promise.reject(unknown), token: () => Promise.reject(unknown) },
      accounts: { retrieve: account },
    }) as unknown as Stripe;

  test('the account can no longer be read: somebody cut the link before', async () => {
    await deauthorize(
      stripe(() => Promise.reject(gone)),
      'ca_1',
      'acct_1',
    );
  });

  test('the account can be read: the client id is wrong, and that is said', async () => {
    const linked = stripe(() => Promise.resolve({ object: 'account', id: 'acct_1' }));
    await expect(deauthorize(linked, 'ca_other', 'acct_1')).rejects.toBe(unknown);
  });

  test('of a code that is exchanged: an operator has to correct the client id or key', async () => {
    const answer = redeemCode(
      stripe(() => Promise.reject(gone)),
      'test',
      'ac_1',
    );
    await expect(answer).rejects.toMatchObject({
      code: 'connection_refused',
      message: expect.stringContaining('operator') as string,
    });
  });
});

test('a request that meets an account which is not connected any more says so, with what can be done', async () => {
  const gone = new errors.StripePermissionError(raw({ code: 'account_invalid', statusCode: 403 }));
  await expect(atStripe(() => Promise.reject(gone))).rejects.toMatchObject({
    code: 'not_connected',
    message: expect.stringMatching(
      /not connected any more\. Connect it again, or do it in the Stripe Dashboard\.$/,
    ),
    details: expect.objectContaining({ code: 'account_invalid' }),
  });
});
