import Stripe from 'stripe';
import { expireSession } from '../../src/stripe/checkout-session';

// A20: one way of closing a session, whatever happens to it at that very moment.
// https://docs.stripe.com/api/checkout/sessions/expire: only an open one can be expired.

const refusal = (more: object = {}) =>
  new Stripe.errors.StripeInvalidRequestError({
    type: 'invalid_request_error',
    message: 'Only Checkout Sessions with a status in ["open"] can be expired.',
    statusCode: 400,
    headers: {},
    ...more,
  } as never);
const replayed = { headers: { 'idempotent-replayed': 'true' } };
const serverError = (more: object = {}) =>
  new Stripe.errors.StripeAPIError({
    type: 'api_error',
    message: 'x',
    statusCode: 500,
    headers: {},
    ...more,
  } as never);

/** Stripe, answering in this order. */
function stripeThat(answers: { look: (string | Error)[]; expire: (string | Error)[] }) {
  const keys: string[] = [];
  const next = (queue: (string | Error)[]) => {
    const answer = queue.shift();
    if (answer === undefined) throw new Error('asked once more than was expected');
    if (answer instanceof Error) throw answer;
    return Promise.resolve({ object: 'checkout.session', id: 'cs_1', status: answer });
  };
  const sessions = {
    retrieve: () => next(answers.look),
    expire: (_id: string, _params: undefined, { idempotencyKey }: { idempotencyKey: string }) => {
      keys.push(idempotencyKey);
      return next(answers.expire);
    },
  };
  const stripe = { checkout: { sessions } } as unknown as Stripe;
  return { keys, run: () => expireSession({ stripe, accountId: 'acct_1' }, 'chk_1', 'cs_1') };
}

test.each([
  ['open', ['open'], ['expired'], 'expired', 1],
  ['complete already', ['complete'], [], 'complete', 0],
  ['expired already', ['expired'], [], 'expired', 0],
  ['paid between the look and the request', ['open', 'complete'], [refusal()], 'complete', 1],
  ['expired by itself between the look and the request', ['open', 'expired'], [refusal()], 'expired', 1],
  [
    'not there (another account, or removed with it)',
    [refusal({ code: 'resource_missing', statusCode: 404 })],
    [],
    null,
    0,
  ],
  ['a stored 500: the next key', ['open', 'open'], [serverError(replayed), 'expired'], 'expired', 2],
  ['a stored 500 whose effect was made', ['open', 'expired'], [serverError(replayed)], 'expired', 1],
  [
    'a stored refusal of an earlier moment: the next key',
    ['open', 'open'],
    [refusal(replayed), 'expired'],
    'expired',
    2,
  ],
] as const)('A20, C11: a session that is %s', async (_what, look, expire, outcome, requests) => {
  const stripe = stripeThat({ look: [...look], expire: [...expire] });
  expect(await stripe.run()).toBe(outcome);
  expect(stripe.keys).toEqual(Array.from({ length: requests }, (_, n) => `chk_1:expire:${n}`));
});

test('A20: what Stripe will not close, and says is still open, is an error', async () => {
  await expect(stripeThat({ look: ['open', 'open'], expire: [refusal()] }).run()).rejects.toThrow('Only');
  await expect(stripeThat({ look: ['open'], expire: [serverError()] }).run()).rejects.toThrow('x');
});
