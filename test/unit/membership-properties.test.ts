import fc from 'fast-check';
import { isLive } from '../../src/domain/access';
import { decideMembership } from '../../src/domain/membership';
import { changeOf } from '../../src/domain/membership-change';
import { paidAfterEnd, paidThroughOf } from '../../src/domain/paid-periods';
import { unpaidSince } from '../../src/domain/subscription-access';
import type { Policy } from '../../src/domain/policy';
import type { InvoiceFacts, SubscriptionFacts, SubscriptionStatus } from '../../src/domain/stripe-facts';
import { DAY, HOUR, type Seconds } from '../../src/domain/time';
import { invoice, item, membershipFacts, NOW, subscription } from '../support/facts';

const YEAR = 365 * DAY;
const past = fc.integer({ min: NOW - YEAR, max: NOW });
const anyTime = fc.integer({ min: NOW - YEAR, max: NOW + YEAR });

const anyInvoice: fc.Arbitrary<InvoiceFacts> = fc
  .record({
    status: fc.constantFrom('draft' as const, 'open', 'paid', 'void', 'uncollectible'),
    at: past,
    periodEnd: fc.option(anyTime, { freq: 5 }),
  })
  .map(({ status, at, periodEnd }) =>
    invoice({
      id: `in_${at}`,
      status,
      createdAt: at,
      finalizedAt: status === 'draft' ? null : at,
      paidAt: status === 'paid' ? at : null,
      periodEnd,
      amountPaid: status === 'paid' ? 4900 : 0,
    }),
  );

const STATUSES: SubscriptionStatus[] = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'incomplete',
  'incomplete_expired',
  'canceled',
];

/** Any subscription that Stripe could describe at NOW. */
const anySubscription: fc.Arbitrary<SubscriptionFacts> = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    startedAt: past,
    currentPeriodEnd: fc.integer({ min: NOW + 1, max: NOW + YEAR }),
    cancelAt: fc.option(anyTime, { freq: 2 }),
    cancelAtPeriodEnd: fc.boolean(),
    endedAt: past,
    collectionPaused: fc.boolean(),
    resumesAt: fc.option(anyTime, { freq: 2 }),
    invoices: fc.array(anyInvoice, { maxLength: 5 }),
  })
  .map((facts) => ({
    ...subscription({ ...facts, items: [item({ createdAt: facts.startedAt })] }),
    endedAt: facts.status === 'canceled' || facts.status === 'incomplete_expired' ? facts.endedAt : null,
  }));

const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  graceDays: fc.integer({ min: 0, max: 30 }),
  renewalLeewayHours: fc.integer({ min: 0, max: 168 }),
  honourPaidPeriod: fc.boolean(),
  keepAfterRefund: fc.boolean(),
  keepDuringDispute: fc.boolean(),
});

const decide = (subscription: SubscriptionFacts, policy: Policy, now: Seconds = NOW) =>
  decideMembership(membershipFacts(), { kind: 'subscription', subscription }, now, policy);

const lives = (until: Seconds | null, at: Seconds) =>
  isLive({ startsAt: 0, until, suspended: false, revoked: false }, at);

function check(property: (subscription: SubscriptionFacts, policy: Policy) => void): void {
  fc.assert(fc.property(anySubscription, anyPolicy, property), { numRuns: 500 });
}

test('a subscription never has access without an end', () => {
  check((subscription, policy) => {
    expect(decide(subscription, policy).until).not.toBeNull();
  });
});

test('access never lasts longer than what was paid, its leeway or its grace allow', () => {
  check((subscription, policy) => {
    const paid = paidThroughOf(subscription) ?? 0;
    const leeway = policy.renewalLeewayHours * HOUR;
    const since = unpaidSince(subscription) ?? Math.max(paid, subscription.startedAt);
    const { status, endedAt } = subscription;
    const { until } = decide(subscription, policy);
    const renewals = subscription.invoices
      .filter((each) => each.status === 'open' && (each.periodEnd ?? 0) > paid)
      .map(({ finalizedAt }) => (finalizedAt ?? 0) + policy.graceDays * DAY)
      .sort((a, b) => a - b);
    const longest = {
      trialing: Math.max(subscription.startedAt, paid + leeway),
      // A debit may take days: as long as Stripe waits for a renewal's, the grace of a failed payment holds.
      active: Math.max(subscription.startedAt, paid + leeway, ...renewals.slice(0, 1)),
      past_due: since + policy.graceDays * DAY,
      unpaid: NOW,
      paused: NOW,
      incomplete: NOW,
      incomplete_expired: NOW,
      canceled: Math.max(endedAt ?? 0, policy.honourPaidPeriod ? paid : 0, paidAfterEnd(subscription) ?? 0),
    }[status];
    expect(until).toBeLessThanOrEqual(longest);
  });
});

test('without a paid invoice there is no access, except for the grace of one that is being collected', () => {
  check((subscription, policy) => {
    fc.pre(paidThroughOf(subscription) === null && subscription.status !== 'past_due');
    expect(lives(decide(subscription, policy).until, NOW)).toBe(false);
  });
});

test('a date to cancel is never outlived', () => {
  check((subscription, policy) => {
    fc.pre(['trialing', 'active', 'past_due'].includes(subscription.status));
    const { until, cancelAt } = decide(subscription, policy);
    if (cancelAt !== null) expect(until).toBeLessThanOrEqual(cancelAt);
  });
});

test('the order in which invoices are listed does not matter', () => {
  check((subscription, policy) => {
    const turned = { ...subscription, invoices: [...subscription.invoices].reverse() };
    expect(decide(turned, policy)).toEqual(decide(subscription, policy));
  });
});

test('to look again at the same facts before the deadline changes nothing, and the stored end was right', () => {
  fc.assert(
    fc.property(
      anySubscription,
      anyPolicy,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (subscription, policy, part) => {
        const first = decide(subscription, policy);
        const end = first.deadline ?? NOW + YEAR;
        const later = NOW + Math.floor(part * (end - 1 - NOW));
        const second = decide(subscription, policy, later);
        expect(lives(first.until, later)).toBe(lives(second.until, later));
        expect(changeOf(first, second)).toBeNull();
      },
    ),
    { numRuns: 1000 },
  );
});

test('it is looked at again unless it is over, and never in the past', () => {
  check((subscription, policy) => {
    const { deadline, ended } = decide(subscription, policy);
    if (ended) expect(deadline).toBeNull();
    else expect(deadline).toBeGreaterThan(NOW);
  });
});

test('what is over has no access', () => {
  check((subscription, policy) => {
    const { ended, status, until } = decide(subscription, policy);
    expect(ended).toBe(status === 'ended');
    if (ended) expect(lives(until, NOW)).toBe(false);
  });
});

/**
 * Stripe finalizes a renewal's invoice about an hour after its period begins: none that was written off was due only after
 * its period. https://docs.stripe.com/billing/invoices/subscription#invoice-lifecycle
 */
const isDueInItsPeriod = ({ status, dueAt, finalizedAt, periodEnd }: InvoiceFacts) =>
  status !== 'uncollectible' || Math.max(dueAt ?? 0, finalizedAt ?? 0) <= (periodEnd ?? 0);

test('one payment more never shortens access', () => {
  fc.assert(
    fc.property(anySubscription, anyPolicy, anyInvoice, (subscription, policy, more) => {
      fc.pre(more.status === 'paid' && subscription.invoices.every(isDueInItsPeriod));
      const before = decide(subscription, policy).until ?? 0;
      const after =
        decide({ ...subscription, invoices: [more, ...subscription.invoices] }, policy).until ?? 0;
      // Where there is none for now, a past end may move within the past.
      expect(Math.max(after, NOW)).toBeGreaterThanOrEqual(Math.max(before, NOW));
    }),
    // What was paid late, of an older period, under the policy that honours what was paid: seldom drawn.
    { numRuns: 3000 },
  );
});
