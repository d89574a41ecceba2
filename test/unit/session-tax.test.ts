import type Stripe from 'stripe';
import { NO_REVERSALS } from '../../src/stripe/reversals';
import { sessionFacts } from '../../src/stripe/session-facts';

/** A session as far as its tax is concerned. */
const withTax = (details: object) =>
  ({
    id: 'cs_1',
    status: 'complete',
    payment_status: 'paid',
    amount_subtotal: 10_000,
    amount_total: 10_000,
    total_details: { amount_discount: 0, ...details },
  }) as unknown as Stripe.Checkout.Session;
const tax = (amount: number, inclusive: boolean) => ({ amount, rate: { inclusive } });

test.each<[string, object, number]>([
  ['none', { amount_tax: 0, breakdown: { taxes: [] } }, 0],
  ['on top', { amount_tax: 1900, breakdown: { taxes: [tax(1900, false)] } }, 1900],
  ['in the price', { amount_tax: 1597, breakdown: { taxes: [tax(1597, true)] } }, 0],
  ['of both kinds', { amount_tax: 900, breakdown: { taxes: [tax(700, true), tax(200, false)] } }, 200],
  ['without a breakdown', { amount_tax: 1900 }, 1900],
])('tax %s: what comes on top of the prices', (_what, details, exclusive) => {
  expect(sessionFacts(withTax(details), [], null, NO_REVERSALS).amountExclusiveTax).toBe(exclusive);
});
