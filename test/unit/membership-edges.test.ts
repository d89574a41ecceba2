import { decideMembership } from '../../src/domain/membership';
import type { MembershipDecision, MembershipFacts } from '../../src/domain/membership-facts';
import { DEFAULT_POLICY } from '../../src/domain/policy';
import type { SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY, HOUR } from '../../src/domain/time';
import { invoice, membershipFacts, NOW, subscription } from '../support/facts';

// Where one answer becomes another: at the second, at the last payment, without a fact that is usually there.
const decide = (over: Partial<SubscriptionFacts>, facts: Partial<MembershipFacts> = {}): MembershipDecision =>
  decideMembership(
    membershipFacts(facts),
    { kind: 'subscription', subscription: subscription(over) },
    NOW,
    DEFAULT_POLICY,
  );
const unreadable = (facts: Partial<MembershipFacts>): MembershipDecision =>
  decideMembership(membershipFacts(facts), { kind: 'unreadable' }, NOW, DEFAULT_POLICY);

describe('installments', () => {
  const inThree = (accessDays: number | null = null) => ({ installmentsDue: 3, accessDays });
  const paid = (count: number, periodEnd = NOW + 20 * DAY) =>
    Array.from({ length: count }, (_, n) =>
      invoice({ id: `in_${n}`, periodEnd: periodEnd - n * 30 * DAY, reason: n === 0 ? 'cycle' : 'create' }),
    );
  const canceled = { status: 'canceled' as const, endedAt: NOW };

  test.each<[string, Partial<SubscriptionFacts>, number | null, Partial<MembershipDecision>]>([
    [
      'for ever',
      {},
      null,
      { status: 'owned', reason: 'installments_complete', until: null, ended: false, deadline: NOW + DAY },
    ],
    [
      'for ever, nothing is charged any more',
      canceled,
      null,
      { status: 'owned', until: null, deadline: null },
    ],
    [
      // The membership began ten days ago.
      'for a term that runs',
      {},
      11,
      {
        status: 'canceling',
        reason: 'installments_complete',
        until: NOW + DAY,
        ended: false,
        deadline: NOW + DAY,
      },
    ],
    [
      'for a term that runs longer, still charged',
      {},
      84,
      { status: 'canceling', until: NOW + 74 * DAY, deadline: NOW + DAY },
    ],
    [
      'for a term that runs, nothing is charged any more',
      canceled,
      84,
      { status: 'canceling', deadline: NOW + 74 * DAY },
    ],
    [
      'for a term that is over this second',
      canceled,
      10,
      { status: 'ended', reason: 'fixed_term_over', until: NOW, ended: true, deadline: null },
    ],
  ])('all paid, %s', (_what, over, accessDays, expected) => {
    expect(decide({ invoices: paid(3), ...over }, inThree(accessDays))).toMatchObject(expected);
  });

  test('ended short of the date on which access begins, it is over: it never begins', () => {
    const facts = { ...inThree(), accessStartsAt: NOW + 30 * DAY };
    expect(decide({ invoices: paid(2, NOW + 20 * DAY), ...canceled }, facts)).toMatchObject({
      reason: 'installments_short',
      until: NOW,
      ended: true,
    });
  });

  test('all paid, its term counts from the date on which access begins', () => {
    const facts = { ...inThree(10), accessStartsAt: NOW + 5 * DAY };
    expect(decide({ invoices: paid(3), ...canceled }, facts)).toMatchObject({
      status: 'canceling',
      until: NOW + 15 * DAY,
      deadline: NOW + 15 * DAY,
    });
  });

  test.each<[string, number, Partial<MembershipDecision>]>([
    ['a second before the end', NOW + 1, { status: 'canceling', ended: false, deadline: NOW + 1 }],
    ['at the end', NOW, { status: 'ended', ended: true, deadline: null }],
  ])('ended short, %s of what was paid', (_what, periodEnd, expected) => {
    expect(decide({ invoices: paid(2, periodEnd), ...canceled }, inThree())).toMatchObject({
      reason: 'installments_short',
      until: periodEnd,
      installmentsPaid: 2,
      ...expected,
    });
  });

  test('ended short without any payment: nothing from the start', () => {
    expect(decide({ invoices: [], ...canceled }, inThree())).toMatchObject({
      status: 'ended',
      until: NOW - 10 * DAY,
    });
  });

  test.each<[string, Partial<SubscriptionFacts>, boolean]>([
    ['which nothing would end: it is cancelled', {}, true],
    ['for a term that is over, which nothing would end', { startedAt: NOW - 90 * DAY }, true],
    ['which the schedule ends', { cancelAt: NOW + 20 * DAY }, false],
    ['which would be charged once more before it ends', { cancelAt: NOW + 20 * DAY + 1 }, true],
    ['which ends with its period', { cancelAtPeriodEnd: true }, false],
    ['which has ended', canceled, false],
  ])('all paid by a subscription %s', (_what, over, cancelAtStripe) => {
    const { startedAt = NOW - 10 * DAY, ...more } = over;
    const decision = decide({ invoices: paid(3), ...more }, { ...inThree(84), startedAt });
    expect(decision).toMatchObject({ installmentsPaid: 3, cancelAtStripe });
  });

  test('while one is missing nothing is cancelled, whatever ends the charging', () => {
    expect(decide({ invoices: paid(2) }, inThree())).toMatchObject({ cancelAtStripe: false });
  });

  test('one more than is due is no reason to charge on', () => {
    expect(decide({ invoices: paid(4) }, inThree())).toMatchObject({
      status: 'owned',
      installmentsPaid: 4,
    });
  });

  test('a failed one is told as what it is', () => {
    const open = invoice({ id: 'in_9', status: 'open', paidAt: null, finalizedAt: NOW - DAY });
    expect(decide({ status: 'past_due', invoices: [open, ...paid(1, NOW - DAY)] }, inThree())).toMatchObject({
      status: 'past_due',
      reason: 'grace',
      until: NOW + 6 * DAY,
      installmentsPaid: 1,
    });
  });
});

describe('where the account can no longer be read', () => {
  test.each<[string, Partial<MembershipFacts>, Partial<MembershipDecision>]>([
    ['all installments paid', { installmentsDue: 3, installmentsPaid: 3 }, { reason: 'owned', until: null }],
    ['more than all', { installmentsDue: 3, installmentsPaid: 4 }, { reason: 'owned', installmentsPaid: 4 }],
    [
      'one missing',
      { installmentsDue: 3, installmentsPaid: 2, paidThrough: NOW },
      { status: 'canceling', reason: 'disconnected', until: NOW + 72 * HOUR, deadline: NOW + 72 * HOUR },
    ],
    ['none counted', { installmentsDue: 3, paidThrough: NOW }, { reason: 'disconnected' }],
    [
      'a subscription whose leeway is over this second',
      { paidThrough: NOW - 72 * HOUR },
      { status: 'ended', reason: 'disconnected_over', until: NOW, ended: true, deadline: null },
    ],
    ['a subscription that was never paid', {}, { status: 'ended', reason: 'disconnected_over' }],
    ['what is bought once', { kind: 'one_off' }, { status: 'owned', reason: 'owned', until: null }],
  ])('%s', (_what, facts, expected) => {
    expect(unreadable(facts)).toMatchObject(expected);
  });
});

describe('past due without an open invoice: the grace counts from what was paid', () => {
  test.each<[string, Partial<SubscriptionFacts>, number]>([
    ['the end of what was paid', { invoices: [invoice({ periodEnd: NOW - DAY })] }, NOW + 6 * DAY],
    ['the start, where nothing was', { invoices: [], startedAt: NOW - 2 * DAY }, NOW + 5 * DAY],
    [
      'the start, where that came later',
      { invoices: [invoice({ periodEnd: NOW - 3 * DAY })], startedAt: NOW - DAY },
      NOW + 6 * DAY,
    ],
  ])('%s', (_what, over, until) => {
    expect(decide({ status: 'past_due', ...over })).toMatchObject({ reason: 'grace', until });
  });
});

describe('a clock of Stripe’s that is ahead of ours', () => {
  test.each(['canceled', 'incomplete_expired'] as const)('leaves no access after %s', (status) => {
    expect(decide({ status, startedAt: NOW + 60, endedAt: NOW + 60, invoices: [] })).toMatchObject({
      status: 'ended',
      until: NOW,
      ended: true,
      deadline: null,
    });
  });
});

describe('a debit of the renewal that takes days', () => {
  const paid = invoice({ periodEnd: NOW - 4 * DAY });
  const underWay = (over: object = {}) =>
    invoice({
      id: 'in_2',
      status: 'open',
      amountPaid: 0,
      paidAt: null,
      finalizedAt: NOW - 4 * DAY,
      periodEnd: NOW + 26 * DAY,
      ...over,
    });

  test.each<[string, object[], Partial<MembershipDecision>]>([
    [
      'is waited for as long as the grace',
      [underWay()],
      { status: 'active', reason: 'paid', until: NOW + 3 * DAY },
    ],
    [
      'is not waited for any longer',
      [underWay({ finalizedAt: NOW - 7 * DAY })],
      { status: 'suspended', reason: 'awaiting_payment', until: NOW },
    ],
    [
      'is not waited for before it is final',
      [underWay({ finalizedAt: null })],
      { reason: 'awaiting_payment' },
    ],
    [
      'is none where a later period was paid',
      [underWay({ periodEnd: NOW - 4 * DAY })],
      { reason: 'awaiting_payment' },
    ],
    ['is none without a period', [underWay({ periodEnd: null })], { reason: 'awaiting_payment' }],
    ['is none once it is void', [underWay({ status: 'void' })], { reason: 'awaiting_payment' }],
  ])('%s', (_what, more, expected) => {
    expect(decide({ invoices: [...(more as (typeof paid)[]), paid] })).toMatchObject(expected);
  });
});

test('a trial that is to end has no more patience than its leeway, whatever else is open', () => {
  const open = invoice({
    id: 'in_open',
    status: 'open',
    paidAt: null,
    periodEnd: NOW + 30 * DAY,
    finalizedAt: NOW,
  });
  const paid = invoice({ id: 'in_paid', periodEnd: NOW - 30 * DAY });
  const over = { cancelAt: NOW + 60 * DAY, invoices: [open, paid] };
  expect(decide({ ...over, status: 'trialing' }).until).toBe(NOW - 30 * DAY + 72 * HOUR);
  expect(decide({ ...over, status: 'active' }).until).toBe(NOW + 7 * DAY);
});

describe('withdrawn from', () => {
  const withdrawn = { withdrawn: true };
  const over = { reason: 'withdrawn', revoked: true } as const;

  test('whatever Stripe says it is over, and Stripe is to stop charging', () => {
    expect(decide({}, withdrawn)).toMatchObject({
      ...over,
      ...{ status: 'suspended', ended: false, cancelAtStripe: true },
    });
    for (const status of ['canceled', 'incomplete_expired'] as const)
      expect(decide({ status, endedAt: NOW }, withdrawn)).toMatchObject({
        ...over,
        ...{ status: 'ended', ended: true, cancelAtStripe: false, deadline: null },
      });
  });

  test('whatever the coach’s policy keeps', () => {
    const keeps = { ...DEFAULT_POLICY, honourPaidPeriod: true, keepAfterRefund: true };
    const payment = { kind: 'payment', payment: null } as const;
    const facts = membershipFacts({ kind: 'one_off', accessDays: null, ...withdrawn });
    expect(decideMembership(facts, payment, NOW, keeps)).toMatchObject({
      ...over,
      status: 'ended',
      ended: true,
    });
  });

  test('also where Stripe cannot be asked', () => {
    expect(unreadable({ paidThrough: NOW + DAY, ...withdrawn })).toMatchObject({ ...over, ended: true });
  });
});

describe('bought once, with a date on which access begins', () => {
  test.each<[string, Partial<MembershipFacts>, number | null]>([
    ['for ever', { accessStartsAt: NOW + 5 * DAY }, null],
    ['for a term from then on', { accessStartsAt: NOW + 5 * DAY, accessDays: 10 }, NOW + 15 * DAY],
    [
      'for a term from the purchase, which was later',
      { accessStartsAt: NOW - 30 * DAY, accessDays: 20 },
      NOW + 10 * DAY,
    ],
  ])('%s', (_what, facts, until) => {
    const decision = decideMembership(
      membershipFacts({ kind: 'one_off', ...facts }),
      { kind: 'payment', payment: null },
      NOW,
      DEFAULT_POLICY,
    );
    expect(decision).toMatchObject({ until, deadline: until, ended: false });
  });
});
