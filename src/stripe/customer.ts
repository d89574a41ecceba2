import Stripe from 'stripe';
import { expectObject, isAccountInvalid, isMissing } from './errors';
import type { AccountClient } from './account-client';

/**
 * The customer that a request names was deleted, which its coach may do at any time: Stripe keeps its id, and refuses to
 * use it. https://docs.stripe.com/api/customers/delete
 */
export function isCustomerGone(error: unknown): boolean {
  if (!isMissing(error)) return false;
  const { param, message } = error as Stripe.errors.StripeError;
  return param === undefined ? /^no such customer/i.test(message) : param === 'customer';
}

/**
 * The customer is held to another currency by an active subscription, schedule, discount, quote, open invoice, pending
 * invoice item or open session. https://docs.stripe.com/billing/customer#currency and
 * https://docs.stripe.com/invoicing/multi-currency-customers
 * The error has no code of its own, so its words decide; as Stripe's clients report them, they are "You cannot combine
 * currencies on a single customer. …" and "The currency of the selected prices (eur) does not match the customer
 * currency (usd)." If they change, such a sale is refused as `stripe_refused`, as any other.
 */
export function isCurrencyConflict(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    /combine currencies|match the customer(.s)? currency/i.test(error.message)
  );
}

/**
 * Deletes a customer, with its cards; Stripe cancels all its subscriptions at once. One that is gone was deleted before.
 * `unreachable`: the account's link was cut. https://docs.stripe.com/api/customers/delete
 */
export async function deleteCustomer(
  { stripe, accountId }: AccountClient,
  id: string,
): Promise<'deleted' | 'unreachable'> {
  try {
    expectObject(await stripe.customers.del(id, undefined, { stripeAccount: accountId }), 'customer');
    return 'deleted';
  } catch (error) {
    if (isMissing(error)) return 'deleted';
    if (isAccountInvalid(error)) return 'unreachable';
    throw error;
  }
}

/**
 * Gives a customer another e-mail address: receipts and invoices that Stripe sends from now on go there; what is finalized
 * already keeps the old one. https://docs.stripe.com/api/customers/update
 */
export async function changeCustomerEmail(
  { stripe, accountId }: AccountClient,
  id: string,
  email: string,
): Promise<void> {
  expectObject(await stripe.customers.update(id, { email }, { stripeAccount: accountId }), 'customer');
}

/** The amount is below what Stripe charges at least. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export function isTooSmall(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'amount_too_small';
}

/** The currency that a customer is held to (null: to none); `gone`: it was deleted. */
export async function currencyOfCustomer(
  { stripe, accountId }: AccountClient,
  id: string,
): Promise<string | null | 'gone'> {
  try {
    const customer = await stripe.customers.retrieve(id, undefined, { stripeAccount: accountId });
    if (customer.deleted === true) return 'gone';
    return expectObject<Stripe.Customer>(customer, 'customer').currency ?? null;
  } catch (error) {
    // Here the path names it, so the error's parameter is `id`.
    if (isMissing(error)) return 'gone';
    throw error;
  }
}
