import { decideMembership } from '../../src/domain/membership';
import { changeOf } from '../../src/domain/membership-change';
import type { MembershipDecision } from '../../src/domain/membership-facts';
import { DEFAULT_POLICY } from '../../src/domain/policy';
import type { SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY } from '../../src/domain/time';
import { invoice, membershipFacts, NOW, subscription } from '../support/facts';

const decide = (over: Partial<SubscriptionFacts>): MembershipDecision =>
  decideMembership(
    membershipFacts(),
    { kind: 'subscription', subscription: subscription(over) },
    NOW,
    DEFAULT_POLICY,
  );

const unpaid = [
  invoice({ id: 'in_2', status: 'open', finalizedAt: NOW - DAY, paidAt: null }),
  invoice({ periodEnd: NOW - DAY }),
];
const usedUp = [
  invoice({ id: 'in_2', status: 'void', paidAt: null }),
  invoice({ periodEnd: NOW - 10 * DAY }),
];
const STATES = {
  paid: decide({}),
  trial: decide({ status: 'trialing' }),
  renewed: decide({ invoices: [invoice({ periodEnd: NOW + 50 * DAY })] }),
  scheduled: decide({ cancelAt: NOW + 5 * DAY }),
  moved: decide({ cancelAt: NOW + 6 * DAY }),
  paused: decide({ collectionPaused: true }),
  resumed: decide({ invoices: usedUp }),
  grace: decide({ status: 'past_due', invoices: unpaid }),
  unpaid: decide({ status: 'unpaid', invoices: unpaid }),
  canceled: decide({ status: 'canceled', endedAt: NOW }),
};

test.each<[keyof typeof STATES, keyof typeof STATES, string | null]>([
  ['paid', 'paid', null],
  ['paid', 'renewed', 'renewed'],
  ['trial', 'paid', 'trial_converted'],
  ['paid', 'scheduled', 'cancellation_scheduled'],
  ['scheduled', 'moved', 'cancellation_moved'],
  ['scheduled', 'paid', 'cancellation_withdrawn'],
  ['scheduled', 'trial', 'cancellation_withdrawn'],
  ['paid', 'paused', 'collection_paused'],
  ['paused', 'paid', 'resumed'],
  ['paused', 'resumed', 'resumed'],
  ['resumed', 'renewed', 'renewed'],
  ['paid', 'resumed', 'awaiting_payment'],
  ['paid', 'grace', 'payment_failed'],
  ['grace', 'paid', 'payment_recovered'],
  ['grace', 'unpaid', 'unpaid'],
  ['unpaid', 'renewed', 'payment_recovered'],
  ['paid', 'canceled', 'membership_ended'],
  ['scheduled', 'canceled', 'membership_ended'],
  ['grace', 'canceled', 'membership_ended'],
  ['canceled', 'canceled', null],
])('%s → %s: %s', (before, after, kind) => {
  expect(changeOf(STATES[before], STATES[after])).toBe(kind);
});

test('another end for the same reason is said too', () => {
  const before = { ...STATES.paid, until: NOW };
  expect(changeOf(before, STATES.paid)).toBe('access_changed');
});

test('fewer installments than were counted are said to be so, more are a renewal', () => {
  const facts = membershipFacts({ installmentsDue: 3 });
  const counted = (amountRefunded: number) =>
    decideMembership(
      facts,
      {
        kind: 'subscription',
        subscription: subscription({
          invoices: [invoice({ id: 'in_2' }), invoice({ amountRefunded, periodEnd: NOW - 10 * DAY })],
        }),
      },
      NOW,
      DEFAULT_POLICY,
    );
  expect(changeOf(counted(0), counted(4900))).toBe('installments_recounted');
  expect(changeOf(counted(4900), counted(0))).toBeNull();
});
