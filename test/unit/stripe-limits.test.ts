import Stripe from 'stripe';
import { stripeLimits } from '../../src/config/stripe-limits';
import type { Mode } from '../../src/domain/mode';
import { BURST_SECONDS, secondsOfOneCall, STRIPE_LIMITS } from '../../src/domain/stripe-allowance';
import { createStripeClients } from '../../src/stripe/client';
import { toActivityFailure } from '../../src/stripe/errors';

test.each(Object.entries(STRIPE_LIMITS))(
  'the worst second of %s mode is within its limit of %i',
  (_mode, limit) => {
    const mostOf = (lane: 'people' | 'background') =>
      Math.floor((1 + BURST_SECONDS) / secondsOfOneCall(lane, limit) + 1);
    expect(mostOf('people') + mostOf('background')).toBeLessThanOrEqual(limit);
  },
);

describe('STRIPE_RATE_LIMITS', () => {
  test.each([
    ['', STRIPE_LIMITS],
    ['live=500', { test: 25, live: 500 }],
    [' live=200, test=50 ', { test: 50, live: 200 }],
    ['off', null],
  ])('%j', (text, limits) => {
    expect(stripeLimits.parse(text)).toEqual(limits);
  });
  test.each(['live', 'live=0', 'production=5', 'live=1.5', 'on', 'live=100/60'])('refused: %s', (text) => {
    const { error } = stripeLimits.safeParse(text);
    expect(error?.issues[0]?.message).toContain(`has "${text}", which is not "off" and not test=… or live=…`);
  });
});

describe('a call that would have to wait too long', () => {
  const settings = { secretKey: 'sk_test_emulator', clientId: 'ca_test_emulator' };
  const told: [unknown, number | null][] = [];
  // Nobody listens there: a call that is made fails otherwise.
  const clients = createStripeClients(
    { apiBase: 'http://127.0.0.1:9', modes: { test: settings } },
    {
      laneOf: () => 'background',
      pace: {
        takeTurn: () => Promise.resolve(null),
        onTrouble: (error) => {
          throw error as Error;
        },
      },
    },
  );
  clients.turns.on('turn', (of, seconds) => told.push([of, seconds]));
  const meet = () =>
    clients
      .of('test')
      .customers.list({}, { stripeAccount: 'acct_1' })
      .catch((error: unknown) => error);

  test('is not made, and is tried again after Stripe’s own kind of refusal', async () => {
    const error = await meet();
    expect(error).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(toActivityFailure(error)).toMatchObject({
      type: 'stripe_unavailable',
      nonRetryable: false,
      nextRetryDelay: 5000,
    });
    expect(told).toEqual([[{ mode: 'test' satisfies Mode, lane: 'background' }, null]]);
  });
});
