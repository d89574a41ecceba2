import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import type { StripeLane } from '../../src/domain/stripe-allowance';
import { boundedHttpClient } from '../../src/stripe/bounded-http-client';
import { toActivityFailure } from '../../src/stripe/errors';
import { eventually } from '../support/eventually';

/** Calls on this account are held until they are answered, or cut off. */
const SLOW = 'acct_slow';

let held: ServerResponse[] = [];
const server = createServer((request, response) => {
  if (request.headers['stripe-account'] === SLOW) held.push(response);
  else answer(response);
});
const answer = (response: ServerResponse | undefined) =>
  response?.setHeader('content-type', 'application/json').end('{"id":"cus_1","object":"customer"}');

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  held = [];
});

function start(most: { atOnce: number; slowMs: number }) {
  let lane: StripeLane = 'background';
  const stripe = new Stripe('sk_test_1', {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: boundedHttpClient(Stripe.createNodeHttpClient(), () => lane, most),
  });
  return (stripeAccount: string, of: StripeLane = 'background') => {
    lane = of;
    return stripe.customers.retrieve('cus_1', undefined, { stripeAccount });
  };
}

describe('scenario 111: an account that answers slowly', () => {
  test('has so many calls under way; the next waits while it answers', async () => {
    const call = start({ atOnce: 2, slowMs: Infinity });
    const calls = [call(SLOW), call(SLOW), call(SLOW)];
    await eventually('two of them', () => held.length === 2);
    await call('acct_quick');
    expect(held).toHaveLength(2);
    answer(held[0]);
    await eventually('the third', () => held.length === 3);
    held.slice(1).forEach(answer);
    expect(await Promise.all(calls)).toHaveLength(3);
  });

  test('has no more under way when one who waited comes after the last that was', async () => {
    const call = start({ atOnce: 1, slowMs: Infinity });
    const calls = [call(SLOW), call(SLOW)];
    await eventually('the first', () => held.length === 1);
    answer(held[0]);
    await eventually('who waited', () => held.length === 2);
    calls.push(call(SLOW));
    await call('acct_quick');
    expect(held).toHaveLength(2);
    answer(held[1]);
    await eventually('the third', () => held.length === 3);
    answer(held[2]);
    await Promise.all(calls);
  });

  test('is asked no more at once while it does not answer: the next is refused, and tried later and later', async () => {
    const call = start({ atOnce: 2, slowMs: -1 });
    const calls = [call(SLOW), call(SLOW)];
    await eventually('two of them', () => held.length === 2);
    const error = await call(SLOW).catch((refused: unknown) => refused);
    expect(error).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    const failure = toActivityFailure(error);
    expect(failure).toMatchObject({ type: 'stripe_unavailable', nonRetryable: false });
    expect((failure as { nextRetryDelay?: unknown }).nextRetryDelay).toBeUndefined();
    expect(held).toHaveLength(2);

    // Others are answered, and who waits before a page of the same account has places of their own.
    expect(await call('acct_quick')).toMatchObject({ id: 'cus_1' });
    calls.push(call(SLOW, 'people'));
    await eventually('the person’s', () => held.length === 3);
    held.forEach(answer);
    await Promise.all(calls);
  });

  test('is asked again when a call has failed', async () => {
    const call = start({ atOnce: 1, slowMs: -1 });
    const cut = call(SLOW).catch((error: unknown) => error);
    await eventually('it', () => held.length === 1);
    // The client takes the first for a connection that had been closed before, and asks once more.
    held[0]?.destroy();
    await eventually('it, once more', () => held.length === 2);
    held[1]?.destroy();
    expect(await cut).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const again = call(SLOW);
    await eventually('the next', () => held.length === 3);
    answer(held[2]);
    await again;
  });
});
