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

describe('what counts as paid', () => {
  test('every paid invoice of a subscription, with what went back of it', () => {
    const invoices = [invoice(), invoice({ id: 'in_2', amountRefunded: 900, dispute: 'won', paidAt: 400 })];
    expect(paymentsOf({ subscription: subscription(...invoices) })).toEqual([
      { stripeId: 'in_1', amount: 4900, amountRefunded: 0, dispute: null, paidAt: 200 },
      { stripeId: 'in_2', amount: 4900, amountRefunded: 900, dispute: 'won', paidAt: 400 },
    ]);
  });

  test.each<[string, Partial<InvoiceFacts>]>([
    ["a trial's zero invoice", { amountPaid: 0 }],
    ['an open one', { status: 'open', amountPaid: 0, paidAt: null }],
    ['one that was written off', { status: 'uncollectible', paidAt: null }],
    ['one that the row alone remembers', { paidAt: null }],
  ])('not %s', (_what, more) => {
    expect(paymentsOf({ subscription: subscription(invoice(more)) })).toEqual([]);
  });

  test('the payment of what is bought once', () => {
    expect(paymentsOf({ payment: payment({ amountRefunded: 4000 }) })).toEqual([
      { stripeId: 'pi_1', amount: 24_000, amountRefunded: 4000, dispute: null, paidAt: 200 },
    ]);
  });

  test.each<[string, PaymentFacts | null]>([
    ['one that is on its way', payment({ status: 'processing', paidAt: null })],
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
