import { invalidRequest } from '../http/errors';
import type { Space } from '../space';

const ENDED = ['canceled', 'incomplete_expired'];

/**
 * Refuses billing a customer in a second currency while something holds the first: a subscription that has not ended, a
 * schedule, an invoice item that waits, an open invoice; for a new session (`atCheckout`) also an open session that would begin a
 * subscription. Discounts of an amount go with the subscription that they are on. One-off payments, invoices and invoice
 * items may be in any currency. https://docs.stripe.com/invoicing/multi-currency-customers. The sentences are the API's own;
 * they come without code and parameter.
 */
export function refuseOtherCurrency(
  space: Space,
  customer: string,
  currency: string,
  { atCheckout = false }: { atCheckout?: boolean } = {},
): void {
  const all = [...heldCurrencies(space, customer), ...(atCheckout ? sessionCurrencies(space, customer) : [])];
  const held = all.find((other) => other !== currency.toLowerCase());
  if (held === undefined) return;
  const holders = atCheckout
    ? 'discount, quote, invoice item or active subscription mode checkout session'
    : 'discount, quote, or invoice item';
  throw invalidRequest(
    `You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, ${holders} with currency ${held}.`,
  );
}

function sessionCurrencies(space: Space, customer: string): string[] {
  return space
    .listBy('checkout.session', 'customer', customer)
    .filter(({ status, mode }) => status === 'open' && mode === 'subscription')
    .flatMap(({ currency }) => currency ?? []);
}

function heldCurrencies(space: Space, customer: string): string[] {
  const own = space.find('customer', customer)?.currency ?? null;
  const subscriptions = space
    .listBy('subscription', 'customer', customer)
    .filter(({ status }) => !ENDED.includes(status));
  const phases = space
    .listBy('subscription_schedule', 'customer', customer)
    .filter(({ status }) => status === 'active' || status === 'not_started')
    .flatMap((schedule) => schedule.phases);
  const items = space
    .listBy('invoiceitem', 'customer', customer)
    .filter(({ invoice, currency }) => invoice === null && currency === own);
  // A one-off invoice in a foreign currency does not bind the customer to that currency.
  const invoices = space
    .listBy('invoice', 'customer', customer)
    .filter(({ status, currency }) => status === 'open' && currency === own);
  return [...subscriptions, ...phases, ...items, ...invoices].map(({ currency }) => currency);
}

/**
 * The customer's own currency is that of what they are billed for again and again, or for the first time:
 * https://docs.stripe.com/api/customers/object#customer_object-currency
 */
export function setCurrency(space: Space, customer: string, currency: string): void {
  if (space.get('customer', customer).currency === currency) return;
  space.update('customer', customer, (draft) => (draft.currency = currency));
}

/** The first thing that a customer is asked to pay for decides on their currency. */
export function setFirstCurrency(space: Space, customer: string, currency: string): void {
  if (space.get('customer', customer).currency === null) setCurrency(space, customer, currency);
}
