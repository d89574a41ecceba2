import { MockActivityEnvironment } from '@temporalio/testing';
import Stripe from 'stripe';
import { changeOnce, createOnce } from '../../src/stripe/create-once';
import { expectObject, isAccountInvalid, NotAStripeObject, toActivityFailure } from '../../src/stripe/errors';

const { errors } = Stripe;
type Raw = ConstructorParameters<typeof errors.StripeError>[0];
const raw = (over: object): Raw => ({ message: 'no', ...over }) as Raw;
const stored500 = () =>
  new errors.StripeAPIError(raw({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } }));

describe('scenario 09: creating once', () => {
  const attempt = async (outcomes: (Error | string)[], found: (string | null)[] = []) => {
    const keys: string[] = [];
    let looks = 0;
    const result = createOnce({
      rowId: 'chk_1',
      step: 'session',
      create: (key) => {
        keys.push(key);
        const outcome = outcomes[keys.length - 1] ?? 'created';
        return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
      },
      lookUp: () => Promise.resolve(found[looks++] ?? null),
    });
    const settled = await result.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return { ...settled, keys, looks };
  };

  test('has one key as long as Stripe has not stored a failure', async () => {
    const fresh = new errors.StripeAPIError(raw({ statusCode: 500, headers: {} }));
    expect(await attempt([fresh])).toMatchObject({ error: fresh, keys: ['chk_1:session:0'], looks: 0 });
    expect(await attempt([])).toMatchObject({ value: 'created', keys: ['chk_1:session:0'] });
  });

  test('takes the next key after a stored failure and a look that found nothing', async () => {
    expect(await attempt([stored500(), 'second'])).toMatchObject({
      value: 'second',
      keys: ['chk_1:session:0', 'chk_1:session:1'],
      looks: 1,
    });
  });

  test('takes what an earlier try has made, and creates no other', async () => {
    expect(await attempt([stored500()], ['made before'])).toMatchObject({
      value: 'made before',
      keys: ['chk_1:session:0'],
    });
  });

  test('looks also after a stored answer that is no object', async () => {
    const answer = new NotAStripeObject('not a session', true);
    expect(await attempt([answer, 'second'])).toMatchObject({ value: 'second', looks: 1 });
  });

  test('does not look or go on after a refusal', async () => {
    const refused = new errors.StripeInvalidRequestError(
      raw({ statusCode: 400, headers: { 'idempotent-replayed': 'true' } }),
    );
    expect(await attempt([refused])).toMatchObject({ error: refused, keys: ['chk_1:session:0'], looks: 0 });
  });

  test('where no try knows of the last one, a stored outage ends with a key that nobody has used', async () => {
    const stored = Array.from({ length: 5 }, stored500);
    const { keys, ...outcome } = await attempt([...stored, 'made']);
    expect(outcome).toMatchObject({ value: 'made', looks: 5 });
    expect(keys.slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((n) => `chk_1:session:${n}`));
    const again = await attempt([...stored, 'made']);
    expect(again.keys[5]).toMatch(/^chk_1:session:[0-9a-f-]{36}$/);
    expect(again.keys[5]).not.toBe(keys[5]);
  });

  test('an outage of any length is outlived: each try goes on with the key that the last one came to', async () => {
    const keys: string[] = [];
    /** A try of an activity: Temporal hands it what the last one told. */
    const activity = async (heartbeatDetails: unknown, stored: number) => {
      const environment = new MockActivityEnvironment({ heartbeatDetails });
      let told = heartbeatDetails;
      environment.on('heartbeat', (details: unknown) => {
        told = { ...(details as object) };
      });
      keys.length = 0;
      const outcome = await environment.run(() =>
        createOnce({
          rowId: 'chk_1',
          step: 'session',
          create: (key) => {
            keys.push(key);
            return Number(key.split(':').at(-1)) < stored
              ? Promise.reject(stored500())
              : Promise.resolve('created');
          },
          lookUp: () => Promise.resolve(null),
        }).catch(() => 'failed'),
      );
      return { outcome, told };
    };
    const first = await activity(undefined, 12);
    expect(first).toEqual({ outcome: 'failed', told: { 'chk_1:session': 5 } });
    expect(keys).toEqual([0, 1, 2, 3, 4].map((n) => `chk_1:session:${n}`));
    const second = await activity(first.told, 12);
    expect(second).toEqual({ outcome: 'failed', told: { 'chk_1:session': 10 } });
    expect(await activity(second.told, 12)).toMatchObject({ outcome: 'created' });
    expect(keys).toEqual([10, 11, 12].map((n) => `chk_1:session:${n}`));
    // What was told by something else is no place to go on from.
    expect(await activity(['chk_1:session'], 0)).toMatchObject({ outcome: 'created' });
    expect(keys).toEqual(['chk_1:session:0']);
  });
});

describe('scenario 113: a change that somebody else has made, or that is made already', () => {
  // Keys have no effect on DELETE: https://docs.stripe.com/api/idempotent_requests
  const changed = (error: Error, found: string | null) => {
    let looks = 0;
    const outcome = changeOnce({
      rowId: 'chk_1',
      step: 'cancel',
      change: () => Promise.reject(error),
      lookUp: () => Promise.resolve((looks++, found)),
    }).catch((thrown: unknown) => thrown);
    return outcome.then((value) => ({ value, looks }));
  };
  const gone = new errors.StripeInvalidRequestError(raw({ statusCode: 404, code: 'resource_missing' }));
  const refused = new errors.StripeInvalidRequestError(raw({ statusCode: 400 }));
  const unknown = new errors.StripeConnectionError(raw({}));
  const cut = new errors.StripePermissionError(raw({ statusCode: 403, code: 'account_invalid' }));

  test.each<[string, Error, string | null, unknown, number]>([
    ['not there any more, and ended', gone, 'ended', 'ended', 1],
    ['refused, and as it was to become', refused, 'ended', 'ended', 1],
    ['refused, and not as it was to become', refused, null, refused, 1],
    ['nobody knows', unknown, 'ended', unknown, 0],
    ['the account cannot be read', cut, 'ended', cut, 0],
  ])('%s', async (_what, error, found, value, looks) => {
    expect(await changed(error, found)).toEqual({ value, looks });
  });
});

describe('errors of Stripe, mapped once', () => {
  test.each<[string, Stripe.errors.StripeError, boolean]>([
    ['a declined card', new errors.StripeCardError(raw({ statusCode: 402 })), true],
    ['an invalid request', new errors.StripeInvalidRequestError(raw({ statusCode: 400 })), true],
    ['a wrong key', new errors.StripeAuthenticationError(raw({ statusCode: 401 })), true],
    ['a missing permission', new errors.StripePermissionError(raw({ statusCode: 403 })), true],
    ['a key used for something else', new errors.StripeIdempotencyError(raw({ statusCode: 400 })), true],
    ['a conflict', new errors.StripeInvalidRequestError(raw({ statusCode: 409 })), false],
    ['a lost connection', new errors.StripeConnectionError(raw({})), false],
    ['a server error', new errors.StripeAPIError(raw({ statusCode: 500 })), false],
    ['a rate limit', new errors.StripeRateLimitError(raw({ statusCode: 429 })), false],
  ])('%s: final is %3$s', (_name, error, final) => {
    expect(toActivityFailure(error)).toMatchObject({
      nonRetryable: final,
      type: final ? 'stripe_refused' : 'stripe_unavailable',
    });
  });

  test('a rate limit is tried again after Stripe’s own delay', () => {
    const limited = new errors.StripeRateLimitError(
      raw({ statusCode: 429, headers: { 'retry-after': '7' } }),
    );
    expect(toActivityFailure(limited)).toMatchObject({ nextRetryDelay: 7000 });
  });

  test('the code, the decline code and Stripe’s request id survive, its words do not', () => {
    const declined = new errors.StripeCardError(
      raw({
        statusCode: 402,
        code: 'card_declined',
        decline_code: 'do_not_honor',
        requestId: 'req_1',
        message: 'member@example.com may not pay',
      }),
    );
    const failure = toActivityFailure(declined);
    expect(failure).toMatchObject({
      details: [{ code: 'card_declined', declineCode: 'do_not_honor', requestId: 'req_1', statusCode: 402 }],
    });
    expect(JSON.stringify(failure)).not.toContain('member@example.com');
  });

  test('only its own code says that an account is gone', () => {
    const denied = (code: string) => new errors.StripePermissionError(raw({ statusCode: 403, code }));
    expect(isAccountInvalid(denied('account_invalid'))).toBe(true);
    expect(isAccountInvalid(denied('more_permissions_required'))).toBe(false);
    expect(isAccountInvalid(new Error('account_invalid'))).toBe(false);
  });

  test('anything else is passed on', () => {
    const error = new Error('ours');
    expect(toActivityFailure(error)).toBe(error);
  });
});

test('an answer that is not what was asked for is no success', () => {
  const session = { object: 'checkout.session' as const, id: 'cs_1' };
  expect(expectObject(session, 'checkout.session')).toBe(session);
  for (const answer of [{}, { object: 'error' }, { object: 'checkout.session' }, null])
    expect(() => expectObject(answer as typeof session, 'checkout.session')).toThrow(NotAStripeObject);
});
