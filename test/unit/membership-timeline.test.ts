import { decideMembership } from '../../src/domain/membership';
import { changeOf } from '../../src/domain/membership-change';
import type { MembershipDecision } from '../../src/domain/membership-facts';
import { type MembershipReason, REASONS } from '../../src/domain/membership-reasons';
import { DEFAULT_POLICY } from '../../src/domain/policy';
import { DAY } from '../../src/domain/time';
import { membershipFacts, NOW, subscription } from '../support/facts';

// What the timeline says of a change, from one reason to another.
const PAID = decideMembership(
  membershipFacts(),
  { kind: 'subscription', subscription: subscription() },
  NOW,
  DEFAULT_POLICY,
);
const state = (reason: MembershipReason, over: Partial<MembershipDecision> = {}): MembershipDecision => ({
  ...PAID,
  reason,
  ...over,
});

test('every reason is a sentence of its own', () => {
  const words = Object.values(REASONS);
  expect(new Set(words).size).toBe(words.length);
  for (const sentence of words) expect(sentence).toMatch(/^[A-Z].+\.$/);
});

test.each<[MembershipReason, MembershipReason, string]>([
  ['paid', 'scheduled_to_cancel', 'cancellation_scheduled'],
  ['grace', 'scheduled_to_cancel', 'cancellation_scheduled'],
  ['scheduled_to_cancel', 'paid', 'cancellation_withdrawn'],
  ['scheduled_to_cancel', 'trial', 'cancellation_withdrawn'],
  ['scheduled_to_cancel', 'installments', 'cancellation_withdrawn'],
  ['scheduled_to_cancel', 'grace', 'payment_failed'],
  ['disputed', 'paid', 'dispute_won'],
  ['disputed', 'owned', 'dispute_won'],
  ['refunded', 'paid', 'access_restored'],
  ['refunded', 'owned', 'access_restored'],
  ['dispute_lost', 'owned', 'access_restored'],
  ['trial', 'paid', 'trial_converted'],
  ['trial', 'installments', 'trial_converted'],
  ['grace', 'paid', 'payment_recovered'],
  ['grace', 'installments', 'payment_recovered'],
  ['grace_over', 'paid', 'payment_recovered'],
  ['unpaid', 'paid', 'payment_recovered'],
  ['unpaid', 'installments', 'payment_recovered'],
  ['collection_paused', 'paid', 'resumed'],
  ['collection_paused', 'installments', 'resumed'],
  ['collection_paused', 'trial', 'trial'],
  ['collection_paused', 'awaiting_payment', 'resumed'],
  ['paid', 'awaiting_payment', 'awaiting_payment'],
  ['awaiting_payment', 'paid', 'renewed'],
  ['awaiting_payment', 'installments', 'renewed'],
  ['paid', 'grace', 'payment_failed'],
  ['installments', 'grace', 'payment_failed'],
  ['grace', 'grace_over', 'grace_over'],
  ['grace', 'unpaid', 'unpaid'],
  ['paid', 'disputed', 'disputed'],
  ['trial', 'trial_ended_without_card', 'trial_ended_without_card'],
  ['installments', 'installments_complete', 'installments_complete'],
  ['paid', 'disconnected', 'disconnected'],
])('%s → %s: %s', (before, after, kind) => {
  expect(changeOf(state(before), state(after))).toBe(kind);
});

test('a lost dispute is no won one, nor is a refund that comes meanwhile', () => {
  const revoked = { revoked: true };
  expect(changeOf(state('disputed'), state('dispute_lost', revoked))).toBe('dispute_lost');
  expect(changeOf(state('disputed'), state('refunded', revoked))).toBe('refunded');
});

describe('the end', () => {
  const over = { status: 'ended', ended: true } as const;

  test('is said once, whatever the reason was before', () => {
    expect(changeOf(state('paid'), state('canceled', over))).toBe('membership_ended');
    expect(changeOf(state('paid'), state('paid', over))).toBe('membership_ended');
    expect(changeOf(state('canceled', over), state('canceled', over))).toBeNull();
  });

  test('that turns out to have another reason says so', () => {
    expect(changeOf(state('canceled', over), state('refunded', { ...over, revoked: true }))).toBe('refunded');
  });
});

describe('with the same reason', () => {
  const paid = (over: Partial<MembershipDecision> = {}) => state('paid', over);

  test.each<[string, Partial<MembershipDecision>, Partial<MembershipDecision>, string | null]>([
    ['nothing', {}, {}, null],
    ['more is paid', {}, { paidThrough: NOW + 50 * DAY }, 'renewed'],
    ['something is paid for the first time', { paidThrough: null }, {}, 'renewed'],
    ['less is paid', {}, { paidThrough: NOW + DAY }, null],
    ['nothing is paid any more', {}, { paidThrough: null }, null],
    ['another date to cancel', { cancelAt: NOW + DAY }, { cancelAt: NOW + 2 * DAY }, 'cancellation_moved'],
    ['another status', {}, { status: 'past_due' }, 'access_changed'],
    ['the access is over', {}, { status: 'suspended' }, 'access_over'],
    ['the access comes back', { status: 'suspended' }, {}, 'access_changed'],
    ['still none', { status: 'suspended' }, { status: 'suspended', until: NOW }, 'access_changed'],
    ['another end', {}, { until: NOW + DAY }, 'access_changed'],
    ['fewer installments', { installmentsPaid: 2 }, { installmentsPaid: 1 }, 'installments_recounted'],
    [
      'no installments any more',
      { installmentsPaid: 1 },
      { installmentsPaid: null },
      'installments_recounted',
    ],
    ['as many installments', { installmentsPaid: 2 }, { installmentsPaid: 2 }, null],
  ])('%s: %j → %j is %p', (_what, before, after, kind) => {
    expect(changeOf(paid(before), paid(after))).toBe(kind);
  });
});
