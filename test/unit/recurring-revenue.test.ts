import { monthsOf, type MovementSum } from '../../src/domain/figures';
import { aMonth, cameAbout, recurringOf } from '../../src/domain/recurring-revenue';
import type { ItemFacts, LastingDiscount, SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY } from '../../src/domain/time';
import { invoice, item, line, NOW, subscription } from '../support/facts';

type Charge = NonNullable<ItemFacts['charge']>;
const every = (unitAmount: number, interval: Charge['interval'], intervalCount = 1): Charge => ({
  unitAmount,
  interval,
  intervalCount,
});
const off = (over: Partial<LastingDiscount>): LastingDiscount => ({
  percentOff: null,
  amountOff: null,
  stripeProductIds: null,
  ...over,
});

test.each<[number, Charge['interval'], number, number]>([
  [4900, 'month', 1, 4900],
  [14_700, 'month', 3, 4900],
  // Stripe's own example: https://docs.stripe.com/billing/subscriptions/analytics/glossary
  [80_000, 'year', 1, 6667],
  [1000, 'year', 2, 42],
  [1000, 'week', 1, 4333],
  [4900, 'day', 30, 4968],
])('%i every %s × %i is %i a month', (amount, interval, intervalCount, expected) => {
  expect(aMonth(amount, { interval, intervalCount })).toBe(expected);
});

test.each<[string, Partial<SubscriptionFacts>, number]>([
  ['active', { status: 'active' }, 4900],
  ['past due', { status: 'past_due' }, 4900],
  ['in a trial', { status: 'trialing' }, 0],
  ['unpaid', { status: 'unpaid' }, 0],
  ['incomplete', { status: 'incomplete' }, 0],
  ['cancelled', { status: 'canceled' }, 0],
  ['collection paused, which leaves it active', { collectionPaused: true }, 4900],
  ['two seats', { items: [item({ quantity: 2, charge: every(4900, 'month') })] }, 9800],
  ['charged by use, or by tiers', { items: [item({ charge: null })] }, 0],
  [
    'two items, each rounded',
    { items: [item({ charge: every(1000, 'year') }), item({ id: 'si_2', charge: every(1000, 'year') })] },
    166,
  ],
  ['a quarter off for ever', { lasting: [off({ percentOff: 25 })] }, 3675],
  ['an amount off for ever', { lasting: [off({ amountOff: 900 })] }, 4000],
  ['more off than it costs', { lasting: [off({ amountOff: 9900 })] }, 0],
  ['off another product', { lasting: [off({ percentOff: 50, stripeProductIds: ['prod_2'] })] }, 4900],
  ['one after the other', { lasting: [off({ amountOff: 900 }), off({ percentOff: 50 })] }, 2000],
])('%s', (_, over, expected) => {
  const facts = subscription({ items: [item({ charge: every(4900, 'month') })], ...over });
  expect(recurringOf(facts)).toBe(expected);
});

test.each<[string, Partial<SubscriptionFacts>, number | null, number]>([
  ['what begins, with its subscription', { startedAt: NOW - 5 * DAY }, null, NOW - 5 * DAY],
  [
    'what is over, when Stripe ended it',
    { status: 'canceled', endedAt: NOW - DAY },
    NOW - 2 * DAY,
    NOW - DAY,
  ],
  ['a trial that was paid for, with its end', { trialEnd: NOW - DAY }, NOW - 2 * DAY, NOW - DAY],
  ['a trial that ended long ago says nothing', { trialEnd: NOW - 9 * DAY }, NOW - DAY, NOW],
  [
    'a change within a period, with its lines',
    { invoices: [invoice({ lines: [line({ proration: true, periodStart: NOW - DAY })] })] },
    NOW - 2 * DAY,
    NOW - DAY,
  ],
  [
    'one at the end of a period, with the next',
    { items: [item({ periodStart: NOW - DAY })] },
    NOW - 2 * DAY,
    NOW - DAY,
  ],
  ['what Stripe gives no time of, with the look', {}, NOW - DAY, NOW],
])('%s', (_, over, since, expected) => {
  expect(cameAbout(subscription(over), since, NOW)).toBe(expected);
});

test('months add up, and begin with what was there before', () => {
  const of = (month: string, kind: MovementSum['kind'], amount: number, count = 1) => ({
    month,
    kind,
    amount,
    count,
  });
  const months = monthsOf(
    [
      of('2026-08', 'new', 10_000, 2),
      of('2026-12', 'new', 5000),
      of('2026-12', 'expansion', 2000),
      of('2027-01', 'contraction', -1000),
      of('2027-01', 'churn', -6000),
    ],
    '90d',
    Date.UTC(2027, 0, 16) / 1000,
  );
  const nothing = { new: 0, reactivation: 0, expansion: 0, contraction: 0, churn: 0 };
  expect(months).toEqual([
    {
      month: '2026-11',
      ...{ start: 10_000, ...nothing, end: 10_000 },
      members: { start: 2, new: 0, reactivated: 0, churned: 0, end: 2 },
      ...{ churnRate: 0, revenueChurnRate: 0, averagePerMember: 5000, lifetimeValue: null },
    },
    {
      month: '2026-12',
      ...{ start: 10_000, ...nothing, new: 5000, expansion: 2000, end: 17_000 },
      members: { start: 2, new: 1, reactivated: 0, churned: 0, end: 3 },
      ...{ churnRate: 0, revenueChurnRate: 0, averagePerMember: 5667, lifetimeValue: null },
    },
    {
      month: '2027-01',
      ...{ start: 17_000, ...nothing, contraction: -1000, churn: -6000, end: 10_000 },
      members: { start: 3, new: 0, reactivated: 0, churned: 1, end: 2 },
      ...{ churnRate: 0.3333, revenueChurnRate: 0.4118, averagePerMember: 5000, lifetimeValue: 15_000 },
    },
  ]);
});
