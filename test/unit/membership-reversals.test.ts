import { installmentsPaidOf } from '../../src/domain/installments';
import { decideMembership } from '../../src/domain/membership';
import { changeOf } from '../../src/domain/membership-change';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy';
import type { InvoiceFacts, PaymentFacts, SubscriptionFacts } from '../../src/domain/stripe-facts';
import { DAY } from '../../src/domain/time';
import { invoice, line, membershipFacts, NOW, payment, subscription } from '../support/facts';

const ofSubscription = (
  over: Partial<SubscriptionFacts>,
  policy: Partial<Policy> = {},
  facts = membershipFacts(),
) =>
  decideMembership(facts, { kind: 'subscription', subscription: subscription(over) }, NOW, {
    ...DEFAULT_POLICY,
    ...policy,
  });
const ofPayment = (
  over: Partial<PaymentFacts>,
  policy: Partial<Policy> = {},
  accessDays: number | null = null,
) =>
  decideMembership(
    membershipFacts({ kind: 'one_off', accessDays }),
    { kind: 'payment', payment: payment(over) },
    NOW,
    { ...DEFAULT_POLICY, ...policy },
  );

describe('refunds', () => {
  test.each<[string, Partial<InvoiceFacts>, Partial<Policy>, object]>([
    [
      'in full: revoked, and Stripe stops charging',
      { amountRefunded: 4900 },
      {},
      { revoked: true, cancelAtStripe: true, reason: 'refunded' },
    ],
    [
      'in full, policy keep',
      { amountRefunded: 4900 },
      { keepAfterRefund: true },
      { revoked: false, cancelAtStripe: false, reason: 'paid' },
    ],
    [
      'in part: kept',
      { amountRefunded: 4899 },
      {},
      { revoked: false, cancelAtStripe: false, reason: 'paid' },
    ],
  ])('of a subscription %s', (_name, over, policy, expected) => {
    expect(ofSubscription({ invoices: [invoice(over)] }, policy)).toMatchObject(expected);
  });

  test('of an earlier period changes nothing', () => {
    const earlier = invoice({ id: 'in_0', periodEnd: NOW - 10 * DAY, amountRefunded: 4900 });
    expect(ofSubscription({ invoices: [invoice(), earlier] })).toMatchObject({
      revoked: false,
      reason: 'paid',
    });
  });

  const newer = { periodEnd: NOW + 50 * DAY };
  const givenBack = invoice({ id: 'in_1', amountRefunded: 4900 });
  test.each<[string, InvoiceFacts[], boolean]>([
    ['the newest paid period', [invoice({ id: 'in_0', periodEnd: NOW - 10 * DAY }), givenBack], true],
    ['a period before the newest paid one', [givenBack, invoice({ id: 'in_2', ...newer })], false],
    [
      'the newest that was paid, the next being open',
      [invoice({ id: 'in_2', status: 'open', amountPaid: 0, ...newer }), givenBack],
      true,
    ],
    [
      'the newest that was paid, the next being paid in part',
      [invoice({ id: 'in_2', status: 'open', amountPaid: 900, ...newer }), givenBack],
      true,
    ],
    [
      'A16: scenario 37: an older period, the newest being free',
      [invoice({ id: 'in_2', amountPaid: 0, ...newer }), givenBack],
      false,
    ],
    ['an invoice without a period', [invoice({ ...givenBack, periodEnd: null }), invoice()], false],
  ])('of %s: revoked is %p in either order', (_what, invoices, revoked) => {
    for (const order of [invoices, [...invoices].reverse()])
      expect(ofSubscription({ invoices: order }).revoked).toBe(revoked);
  });

  test('waits for the end of the charging, and is over once Stripe has cancelled', () => {
    expect(ofSubscription({ invoices: [givenBack] })).toMatchObject({
      status: 'suspended',
      ended: false,
      deadline: expect.any(Number),
    });
    expect(ofSubscription({ invoices: [givenBack], status: 'canceled', endedAt: NOW - DAY })).toMatchObject({
      status: 'ended',
      reason: 'refunded',
      revoked: true,
      ended: true,
      cancelAtStripe: false,
      deadline: null,
    });
  });

  test('after the fixed term is over changes nothing any more', () => {
    expect(ofPayment({ amountRefunded: 4900 }, {}, 10)).toMatchObject({
      reason: 'fixed_term_over',
      revoked: false,
    });
    expect(ofPayment({ dispute: 'lost' }, {}, 10)).toMatchObject({ reason: 'fixed_term_over' });
  });

  test('of a payment of nothing is none', () => {
    expect(ofPayment({ amount: 0, amountRefunded: 0 })).toMatchObject({ revoked: false, reason: 'owned' });
  });

  test('of a one-off purchase, policy keep', () => {
    expect(ofPayment({ amountRefunded: 4900 }, { keepAfterRefund: true })).toMatchObject({
      revoked: false,
      ended: false,
    });
  });
});

describe('disputes', () => {
  test.each<[PaymentFacts['dispute'], Partial<Policy>, object]>([
    ['open', {}, { suspended: true, revoked: false, reason: 'disputed', ended: false }],
    ['open', { keepDuringDispute: true }, { suspended: false, revoked: false, reason: 'owned' }],
    ['won', {}, { suspended: false, revoked: false, reason: 'owned' }],
    ['lost', {}, { revoked: true, reason: 'dispute_lost', ended: true }],
    ['lost', { keepDuringDispute: true }, { revoked: true, reason: 'dispute_lost' }],
    [null, {}, { suspended: false, revoked: false, reason: 'owned' }],
  ])('%s with %p', (dispute, policy, expected) => {
    expect(ofPayment({ dispute }, policy)).toMatchObject(expected);
  });

  test.each(['subscription', 'payment'] as const)('open, of a %s: suspended', (kind) => {
    const decision =
      kind === 'payment'
        ? ofPayment({ dispute: 'open' })
        : ofSubscription({ invoices: [invoice(), invoice({ id: 'in_0', dispute: 'open' })] });
    expect(decision).toMatchObject({
      status: 'suspended',
      reason: 'disputed',
      suspended: true,
      revoked: false,
      cancelAtStripe: false,
    });
  });

  test('lost, a subscription is no longer charged', () => {
    expect(ofSubscription({ invoices: [invoice({ dispute: 'lost' })] })).toMatchObject({
      revoked: true,
      cancelAtStripe: true,
    });
  });

  test('won: the timeline says so', () => {
    const before = { ...ofPayment({ dispute: 'open' }), paidThrough: null };
    expect(changeOf(before, ofPayment({ dispute: 'won' }))).toBe('dispute_won');
  });
});

test('a fixed term runs from the payment and ends for good', () => {
  expect(ofPayment({}, {}, 84)).toMatchObject({
    status: 'canceling',
    reason: 'fixed_term',
    until: NOW + 74 * DAY,
    deadline: NOW + 74 * DAY,
  });
  expect(ofPayment({}, {}, 10)).toMatchObject({
    status: 'ended',
    reason: 'fixed_term_over',
    ended: true,
    deadline: null,
  });
  expect(ofPayment({})).toMatchObject({ status: 'owned', reason: 'owned', until: null, deadline: null });
});

describe('installments', () => {
  const plan = (paid: number, over: Partial<SubscriptionFacts> = {}, accessDays: number | null = null) =>
    ofSubscription(
      {
        invoices: Array.from({ length: paid }, (_, n) =>
          invoice({
            id: `in_${n}`,
            reason: n === 0 ? 'create' : 'cycle',
            periodEnd: NOW + 20 * DAY - n * 30 * DAY,
          }),
        ),
        ...over,
      },
      {},
      membershipFacts({ installmentsDue: 3, accessDays }),
    );

  test('while paying, like a subscription; the schedule’s end is no cancellation', () => {
    expect(plan(2, { cancelAt: NOW + 20 * DAY })).toMatchObject({
      status: 'active',
      reason: 'installments',
      installmentsPaid: 2,
      cancelAt: null,
    });
  });
  test('after the last one the product is owned, also when Stripe has cancelled', () => {
    expect(plan(3)).toMatchObject({
      status: 'owned',
      reason: 'installments_complete',
      until: null,
      ended: false,
    });
    expect(plan(3, { status: 'canceled', endedAt: NOW })).toMatchObject({
      status: 'owned',
      until: null,
      deadline: null,
    });
  });
  test('or for the fixed term', () => {
    expect(plan(3, {}, 84)).toMatchObject({ reason: 'installments_complete', until: NOW + 74 * DAY });
  });
  test('ended short: what was paid for is honoured, then nothing', () => {
    expect(plan(2, { status: 'canceled', endedAt: NOW })).toMatchObject({
      reason: 'installments_short',
      until: NOW + 20 * DAY,
      ended: false,
    });
  });
  test('count distinct paid invoices of the plan that were not given back', () => {
    const invoices = [
      invoice({ id: 'a', reason: 'create' }),
      invoice({ id: 'a', reason: 'create' }),
      invoice({ id: 'b' }),
      invoice({ id: 'c', reason: 'other' }),
      invoice({ id: 'd', amountPaid: 0, lines: [line({ amount: 0 })] }),
      invoice({ id: 'e', amountRefunded: 4900 }),
      invoice({ id: 'f', status: 'open' }),
    ];
    expect(installmentsPaidOf(subscription({ invoices }))).toBe(2);
  });
});
