import { paymentsOf } from '../../src/domain/payments';
import { lastMonths, netOf } from '../../src/domain/revenue';
import type { InvoiceFacts, PaymentFacts, SubscriptionFacts } from '../../src/domain/stripe-facts';
import { invoice as invoiceFacts } from '../support/facts';

const invoice = (more: Partial<InvoiceFacts> = {}): InvoiceFacts =>
  invoiceFacts({ finalizedAt: 100, paidAt: 200, periodEnd: 300, ...more });
const subscription = (...invoices: InvoiceFacts[]) => ({ invoices }) as SubscriptionFacts;
const payment = (more: Partial<PaymentFacts> = {}): PaymentFacts => ({
  id: 'pi_1',
  status: 'succeeded',
  paidAt: 200,
  amount: 24_000,
  amountRefunded: 0,
  dispute: null,
  disputeDates: null,
  ...more,
});

const known = { disputeDates: null, charge: null, refunds: [], failure: null };
const paid = { ...known, status: 'succeeded', dispute: null, amountRefunded: 0 };

describe('what counts as a payment', () => {
  test('every paid invoice of a subscription, with what went back of it', () => {
    const invoices = [invoice(), invoice({ id: 'in_2', amountRefunded: 900, dispute: 'won', paidAt: 400 })];
    expect(paymentsOf({ subscription: subscription(...invoices) })).toEqual([
      { ...paid, stripeId: 'in_1', amount: 4900, at: 200 },
      { ...paid, stripeId: 'in_2', amount: 4900, amountRefunded: 900, dispute: 'won', at: 400 },
    ]);
  });

  test.each<[string, Partial<InvoiceFacts>]>([
    ["a trial's zero invoice", { amountPaid: 0 }],
    ['a draft', { status: 'draft', amountPaid: 0, amountRemaining: 4900, paidAt: null }],
    ['an open one for which nothing is left to pay', { status: 'open', amountPaid: 0, paidAt: null }],
    ['one that the row alone remembers', { paidAt: null }],
  ])('not %s', (_what, more) => {
    expect(paymentsOf({ subscription: subscription(invoice(more)) })).toEqual([]);
  });

  test('the payment of what is bought once', () => {
    expect(paymentsOf({ payment: payment({ amountRefunded: 4000 }) })).toEqual([
      { ...paid, stripeId: 'pi_1', amount: 24_000, amountRefunded: 4000, at: 200 },
    ]);
  });

  const charge = { id: 'ch_1', method: 'sepa_debit', brand: null, fee: null, failure: null };
  const open = {
    status: 'open',
    attempted: false,
    amountPaid: 0,
    amountRemaining: 4900,
    paidAt: null,
  } as const;
  test.each<[string, Partial<InvoiceFacts>, object]>([
    ['an open one is to be paid', open, { status: 'pending' }],
    [
      'one that was tried has failed, and says why',
      { ...open, attempted: true, charge: { ...charge, status: 'failed', failure: 'card_declined' } },
      { status: 'failed', failure: 'card_declined' },
    ],
    [
      'a debit that was tried is on its way',
      { ...open, attempted: true, charge: { ...charge, status: 'pending' } },
      { status: 'pending', failure: null },
    ],
    ['nobody pays what was written off', { ...open, status: 'uncollectible' }, { status: 'canceled' }],
    ['or voided', { ...open, status: 'void' }, { status: 'canceled' }],
  ])('of an invoice that is not paid: %s', (_what, more, expected) => {
    expect(paymentsOf({ subscription: subscription(invoice(more)) })).toEqual([
      expect.objectContaining({ stripeId: 'in_1', amount: 4900, at: 100, ...expected }),
    ]);
  });

  test.each<[string, Partial<PaymentFacts>, object]>([
    ['on its way', { status: 'processing' }, { status: 'pending', failure: null }],
    [
      'bounced',
      { status: 'failed', failure: 'debit_not_authorized' },
      { status: 'failed', failure: 'debit_not_authorized' },
    ],
  ])('of what is bought once: %s', (_what, more, expected) => {
    expect(paymentsOf({ payment: payment({ paidAt: null, ...more }) })).toEqual([
      expect.objectContaining({ stripeId: 'pi_1', amount: 24_000, at: null, ...expected }),
    ]);
  });

  test.each<[string, PaymentFacts | null]>([
    ['one that waits for the buyer', payment({ status: 'waiting', paidAt: null })],
    ['one of nothing', payment({ amount: 0 })],
    ['none at all', null],
  ])('not %s', (_what, made) => {
    expect(paymentsOf({ payment: made, subscription: null })).toEqual([]);
  });
});

test('what is left: without what was refunded and what was lost', () => {
  expect(netOf({ gross: 10_000, refunded: 1500, disputed: 500 })).toEqual({
    gross: 10_000,
    refunded: 1500,
    disputed: 500,
    net: 8000,
  });
});

test.each([
  ['2026-11-23T06:00:00Z', 3, ['2026-09', '2026-10', '2026-11']],
  ['2026-01-31T23:59:59Z', 2, ['2025-12', '2026-01']],
  ['2028-02-29T00:00:00Z', 13, ['2027-02', '2028-02']],
])('the last months before %s', (now, count, expected) => {
  const months = lastMonths(Date.parse(now) / 1000, count);
  expect(months).toHaveLength(count);
  expect(months).toEqual(expect.arrayContaining(expected));
  expect(months.at(-1)).toBe(expected.at(-1));
  expect(months[0]).toBe(expected[0]);
});
