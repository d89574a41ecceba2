import { decideMembership } from '../../src/domain/membership';
import type { MembershipDecision, MembershipEvidence } from '../../src/domain/membership-facts';
import { paidThroughOf } from '../../src/domain/paid-periods';
import { unpaidSince } from '../../src/domain/subscription-access';
import { REASONS } from '../../src/domain/membership-reasons';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy';
import type { PaymentFacts, SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time';
import { invoice, membershipFacts, NOW, payment, subscription } from '../support/facts';

const PAID = NOW + 20 * DAY;
const LEEWAY = 72 * HOUR;

function decide(
  over: Partial<SubscriptionFacts>,
  policy: Partial<Policy> = {},
  now = NOW,
): MembershipDecision {
  const evidence: MembershipEvidence = { kind: 'subscription', subscription: subscription(over) };
  return decideMembership(membershipFacts(), evidence, now, {
    ...DEFAULT_POLICY,
    ...policy,
  });
}

/** An earlier month, paid, and the present one with that status. */
function secondMonth(status: 'draft' | 'open' | 'uncollectible', finalizedAt: number | null) {
  const paid = invoice({ id: 'in_1', periodEnd: NOW - DAY, finalizedAt: NOW - 31 * DAY });
  const present = invoice({ id: 'in_2', status, finalizedAt, paidAt: null, periodEnd: NOW + 29 * DAY });
  return [present, paid];
}

describe('trialing and active', () => {
  test('an active one lasts to the end of what is paid, and the leeway', () => {
    expect(decide({})).toEqual({
      status: 'active',
      reason: 'paid',
      stripeStatus: 'active',
      paidThrough: PAID,
      cancelAt: null,
      pauseUntil: null,
      until: PAID + LEEWAY,
      suspended: false,
      revoked: false,
      installmentsPaid: null,
      dispute: null,
      cancelAtStripe: false,
      ended: false,
      deadline: PAID + 90 * MINUTE,
    });
  });

  test("a trial counts by its zero invoice's period", () => {
    expect(decide({ status: 'trialing' })).toMatchObject({
      status: 'trialing',
      reason: 'trial',
      until: PAID + LEEWAY,
    });
  });

  test('the leeway is the coach’s', () => {
    expect(decide({}, { renewalLeewayHours: 0 }).until).toBe(PAID);
    expect(decide({}, { renewalLeewayHours: 168 }).until).toBe(PAID + 7 * DAY);
  });

  test('a period that began without a payment gives nothing: current_period_end is not what was paid', () => {
    const over = { currentPeriodEnd: NOW + 29 * DAY, invoices: secondMonth('draft', null) };
    expect(decide(over)).toMatchObject({ paidThrough: NOW - DAY, until: NOW - DAY + LEEWAY });
    expect(decide(over, { renewalLeewayHours: 0 })).toMatchObject({ until: NOW - DAY });
  });

  test('once it is used up it says so, until the next period is paid', () => {
    const invoices = secondMonth('draft', null);
    const over = { currentPeriodEnd: NOW + 29 * DAY, invoices };
    expect(decide(over, { renewalLeewayHours: 24 })).toMatchObject({
      status: 'suspended',
      reason: 'awaiting_payment',
      until: NOW,
      ended: false,
      deadline: NOW + DAY,
    });
    expect(decide(over, { renewalLeewayHours: 25 })).toMatchObject({ status: 'active', reason: 'paid' });
  });

  test.each([
    ['open', NOW - 6 * DAY, 7, NOW + DAY, 'active'],
    ['open', NOW - 7 * DAY, 7, NOW, 'suspended'],
    ['open', NOW - DAY, 0, NOW - DAY, 'suspended'],
    ['uncollectible', NOW - DAY, 7, NOW - DAY, 'suspended'],
  ] as const)(
    'a renewal whose debit takes days (%s since %i, grace %i) lasts to %i: %s',
    (invoiceStatus, since, graceDays, until, status) => {
      const policy = { graceDays, renewalLeewayHours: 0 };
      expect(decide({ invoices: secondMonth(invoiceStatus, since) }, policy)).toMatchObject({
        status,
        until,
      });
    },
  );

  test.each([
    ['a far end waits for the debit as well', NOW + 90 * DAY, false, NOW + 5 * DAY],
    ['a near end comes first', NOW + DAY, false, NOW + DAY],
    ['while collection is paused nothing is waited for', NOW + 90 * DAY, true, NOW - DAY],
  ])('scheduled to cancel: %s', (_what, cancelAt, collectionPaused, until) => {
    const invoices = secondMonth('open', NOW - 2 * DAY);
    expect(decide({ invoices, cancelAt, collectionPaused }, { renewalLeewayHours: 0 })).toMatchObject({
      status: 'canceling',
      until,
    });
  });

  test('of several that are open, the oldest counts', () => {
    const newer = invoice({ id: 'in_3', status: 'open', finalizedAt: NOW - HOUR, periodEnd: NOW + 60 * DAY });
    const invoices = [newer, ...secondMonth('open', NOW - 2 * DAY)];
    expect(decide({ invoices }).until).toBe(NOW + 5 * DAY);
  });

  test('without any paid invoice there is no access', () => {
    const decision = decide({ invoices: [invoice({ status: 'open', paidAt: null })] });
    expect(decision.paidThrough).toBeNull();
    expect(decision.until).toBeLessThanOrEqual(NOW);
  });
});

describe('past due', () => {
  test.each([
    [0, NOW - HOUR, 'suspended', 'grace_over'],
    [7, NOW - HOUR, 'past_due', 'grace'],
    [30, NOW - HOUR, 'past_due', 'grace'],
    [7, NOW - 7 * DAY + 1, 'past_due', 'grace'],
    [7, NOW - 7 * DAY, 'suspended', 'grace_over'],
    [30, NOW - 30 * DAY, 'suspended', 'grace_over'],
  ])('grace of %i days, unpaid since %i: %s', (graceDays, since, status, reason) => {
    const decision = decide({ status: 'past_due', invoices: secondMonth('open', since) }, { graceDays });
    const until = since + graceDays * DAY;
    expect(decision).toMatchObject({ status, reason, until, revoked: false, ended: false });
    expect(decision.deadline).toBe(until > NOW ? until : NOW + DAY);
  });

  test('the grace counts from the oldest unpaid invoice', () => {
    const invoices = [
      invoice({ id: 'in_3', status: 'open', finalizedAt: NOW - DAY }),
      invoice({ id: 'in_2', status: 'open', finalizedAt: NOW - 5 * DAY }),
    ];
    expect(decide({ status: 'past_due', invoices }).until).toBe(NOW + 2 * DAY);
  });

  test('an invoice that was written off before a paid period costs no grace', () => {
    const invoices = [
      invoice({ id: 'in_3', status: 'open', finalizedAt: NOW - DAY }),
      invoice({ id: 'in_2', status: 'paid', periodEnd: NOW - 2 * DAY }),
      invoice({
        id: 'in_1',
        status: 'uncollectible',
        finalizedAt: NOW - 60 * DAY,
        periodEnd: NOW - 32 * DAY,
      }),
    ];
    expect(unpaidSince(subscription({ invoices }))).toBe(NOW - DAY);
    expect(unpaidSince(subscription({ invoices: invoices.filter(({ id }) => id !== 'in_2') }))).toBe(
      NOW - 60 * DAY,
    );
  });

  test('a date to cancel within the grace ends it then', () => {
    const over = { status: 'past_due' as const, invoices: secondMonth('open', NOW - DAY) };
    expect(decide({ ...over, cancelAt: NOW + DAY }).until).toBe(NOW + DAY);
    expect(decide({ ...over, cancelAt: NOW + 20 * DAY }).until).toBe(NOW + 6 * DAY);
  });
});

describe('no access for now', () => {
  test.each([
    ['unpaid', 'unpaid'],
    ['paused', 'trial_ended_without_card'],
    ['incomplete', 'first_payment_pending'],
  ] as const)('%s', (status, reason) => {
    for (const invoices of [[], [invoice()], [invoice({ periodEnd: NOW - DAY })]]) {
      const decision = decide({ status, invoices });
      expect(decision).toMatchObject({ status: 'suspended', reason, ended: false, deadline: NOW + DAY });
      expect(decision.until).toBeLessThanOrEqual(NOW);
    }
  });

  test('incomplete_expired is over for good', () => {
    const decision = decide({ status: 'incomplete_expired', invoices: [], endedAt: NOW - HOUR });
    expect(decision).toMatchObject({
      status: 'ended',
      reason: 'first_payment_failed',
      ended: true,
      deadline: null,
    });
    expect(decision.until).toBeLessThanOrEqual(NOW);
  });

  test('paused collection lasts to the end of what was paid, without leeway', () => {
    expect(decide({ collectionPaused: true })).toMatchObject({
      status: 'active',
      reason: 'collection_paused',
      until: PAID,
      deadline: PAID,
    });
    expect(decide({ collectionPaused: true }, {}, PAID)).toMatchObject({
      status: 'suspended',
      reason: 'collection_paused',
      until: PAID,
      ended: false,
    });
  });

  test('paused collection and a date to cancel: without leeway all the same', () => {
    expect(decide({ collectionPaused: true, cancelAt: PAID + 90 * DAY }).until).toBe(PAID);
  });
});

describe('cancellation', () => {
  test('at the period’s end: until exactly then', () => {
    expect(decide({ cancelAtPeriodEnd: true })).toMatchObject({
      status: 'canceling',
      reason: 'scheduled_to_cancel',
      cancelAt: PAID,
      until: PAID,
      ended: false,
      deadline: PAID,
    });
  });

  test('at a date, as the portal sets it: until exactly then, whatever the period', () => {
    const cancelAt = NOW + 3 * DAY;
    expect(decide({ cancelAt })).toMatchObject({ status: 'canceling', cancelAt, until: cancelAt });
    expect(decide({ cancelAt, cancelAtPeriodEnd: true })).toMatchObject({ cancelAt, until: cancelAt });
  });

  test('at a date beyond what is paid: renewals still have to be paid', () => {
    const decision = decide({ cancelAt: PAID + 60 * DAY });
    expect(decision).toMatchObject({ until: PAID + LEEWAY, deadline: PAID + 90 * MINUTE });
  });

  test('of a trial: until the trial ends', () => {
    expect(decide({ status: 'trialing', cancelAtPeriodEnd: true })).toMatchObject({
      status: 'canceling',
      until: PAID,
    });
  });

  test('at once: none from then', () => {
    expect(decide({ status: 'canceled', endedAt: NOW - MINUTE })).toMatchObject({
      status: 'ended',
      reason: 'canceled',
      until: NOW - MINUTE,
      ended: true,
      deadline: null,
    });
  });

  test('at once, by a clock of Stripe’s that is a little ahead of ours: over all the same', () => {
    expect(decide({ status: 'canceled', endedAt: NOW + 2 })).toMatchObject({ status: 'ended', until: NOW });
  });

  test('at once, where the coach honours the paid period: until its end', () => {
    const honour = { honourPaidPeriod: true };
    expect(decide({ status: 'canceled', endedAt: NOW }, honour)).toMatchObject({
      status: 'canceling',
      reason: 'canceled',
      until: PAID,
      ended: false,
      deadline: PAID,
    });
    expect(decide({ status: 'canceled', endedAt: NOW }, honour, PAID)).toMatchObject({
      status: 'ended',
      ended: true,
      deadline: null,
    });
  });

  test('honouring gives nothing for a period that was not paid', () => {
    const over = { status: 'canceled' as const, endedAt: NOW, invoices: secondMonth('open', NOW - DAY) };
    expect(decide(over, { honourPaidPeriod: true })).toMatchObject({ until: NOW, ended: true });
  });
});

describe('one-off purchases', () => {
  const decideOneOff = (paid: PaymentFacts | null) =>
    decideMembership(
      membershipFacts({ kind: 'one_off' }),
      { kind: 'payment', payment: paid },
      NOW,
      DEFAULT_POLICY,
    );

  test.each([
    ['paid', payment(), 'owned'],
    ['free of charge', null, 'owned'],
    ['refunded in part', payment({ amountRefunded: 4899 }), 'owned'],
    ['refunded in full', payment({ amountRefunded: 4900 }), 'ended'],
    ['of nothing, refunded nothing', payment({ amount: 0 }), 'owned'],
  ])('%s', (_name, paid, status) => {
    const over = status === 'ended';
    expect(decideOneOff(paid)).toMatchObject({
      status,
      until: null,
      revoked: over,
      ended: over,
      deadline: null,
    });
  });

  test('a refund that failed restores it', () => {
    expect(decideOneOff(payment({ amountRefunded: 4900 })).revoked).toBe(true);
    expect(decideOneOff(payment({ amountRefunded: 0 }))).toMatchObject({ status: 'owned', revoked: false });
  });
});

describe('an account that can no longer be read', () => {
  const unreadable = (kind: 'subscription' | 'one_off', paidThrough: number | null, now = NOW) =>
    decideMembership(membershipFacts({ kind, paidThrough }), { kind: 'unreadable' }, now, DEFAULT_POLICY);

  test('honours what was paid for, with leeway', () => {
    expect(unreadable('subscription', PAID)).toMatchObject({
      status: 'canceling',
      reason: 'disconnected',
      until: PAID + LEEWAY,
      paidThrough: PAID,
      ended: false,
      deadline: PAID + LEEWAY,
    });
  });

  test('and ends after it', () => {
    expect(unreadable('subscription', PAID, PAID + LEEWAY)).toMatchObject({
      status: 'ended',
      reason: 'disconnected_over',
      ended: true,
      deadline: null,
    });
    expect(unreadable('subscription', null)).toMatchObject({ status: 'ended', ended: true });
  });

  test('a one-off purchase stays', () => {
    expect(unreadable('one_off', null)).toMatchObject({ status: 'owned', revoked: false, until: null });
  });
});

describe('what was paid', () => {
  test('is the latest period end of the paid invoices, whatever their order', () => {
    const invoices = [
      invoice({ status: 'open', periodEnd: NOW + 50 * DAY }),
      invoice({ periodEnd: NOW + 2 * DAY }),
      invoice({ periodEnd: NOW + 20 * DAY }),
      invoice({ periodEnd: null }),
    ];
    expect(paidThroughOf(subscription({ invoices }))).toBe(NOW + 20 * DAY);
    expect(paidThroughOf(subscription({ invoices: [...invoices].reverse() }))).toBe(NOW + 20 * DAY);
    expect(paidThroughOf(subscription({ invoices: [] }))).toBeNull();
  });

  test('void and draft invoices were not paid', () => {
    for (const status of ['void', 'draft', 'uncollectible', null] as const)
      expect(paidThroughOf(subscription({ invoices: [invoice({ status })] }))).toBeNull();
  });
});

test('every reason has words for a coach', () => {
  for (const words of Object.values(REASONS)) expect(words).toMatch(/^[A-Z].+\.$/);
});
