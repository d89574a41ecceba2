import type Stripe from 'stripe';
import type { Checkout, Price } from '../db/generated/client';
import { priceInWords } from '../domain/pricing-words';
import { HOUR, type Seconds, toSeconds } from '../domain/time';
import { changeOnce } from './create-once';
import { expectObject, isMissing, isRefused } from './errors';
import type { AccountClient } from './account-client';

/** What else the request for a session needs. */
interface Prepared {
  /** Seconds, UTC, on the account's clock. */
  expiresAt: Seconds;
  /** The member's customer on the account, if there is one. */
  customerId: string | null;
  email: string | null;
  publicUrl: string;
  /** What the buyer brought: a code at Stripe, or the coupon of one that is ours alone. */
  discount: { promotion_code: string } | { coupon: string } | null;
  /** Stripe's prices that are offered beside, one of each. */
  beside: readonly string[];
}

/**
 * The request for a checkout's session. Our checkout's id goes into everything that comes of it, so that any event
 * finds it. https://docs.stripe.com/api/checkout/sessions/create
 */
export function sessionParams(
  row: Checkout & { stripePriceId: string },
  price: Price,
  { expiresAt, customerId, email, publicUrl, discount, beside }: Prepared,
): Stripe.Checkout.SessionCreateParams & { expires_at: Seconds } {
  const metadata = { checkoutId: row.id };
  const buyer: Stripe.Checkout.SessionCreateParams =
    customerId !== null
      ? { customer: customerId }
      : {
          ...(email === null ? {} : { customer_email: email }),
          ...(row.recurring ? {} : { customer_creation: 'always' }),
        };
  const setupFee = row.stripeSetupPriceId === null ? [] : [{ price: row.stripeSetupPriceId, quantity: 1 }];
  return {
    mode: row.recurring ? 'subscription' : 'payment',
    // Checkout would choose one by itself: https://docs.stripe.com/payments/checkout/localize-prices/manual-currency-prices
    currency: row.currency,
    line_items: [{ price: row.stripePriceId, quantity: row.quantity }, ...setupFee],
    success_url: `${publicUrl}/checkouts/${row.id}/return`,
    cancel_url: `${publicUrl}/checkouts/${row.id}/cancelled`,
    expires_at: expiresAt,
    client_reference_id: row.id,
    metadata,
    adaptive_pricing: { enabled: false },
    // https://docs.stripe.com/payments/checkout/optional-items
    ...(beside.length === 0 ? {} : { optional_items: beside.map((price) => ({ price, quantity: 1 })) }),
    // One excludes the other: https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-discounts
    ...(discount !== null
      ? { discounts: [discount] }
      : price.promotionCodes
        ? { allow_promotion_codes: true }
        : {}),
    // Stripe's own words are those of a subscription without an end.
    ...(price.installments === null
      ? {}
      : { custom_text: { submit: { message: installmentsInWords(price) } } }),
    ...(row.automaticTax ? { automatic_tax: { enabled: true } } : {}),
    ...(row.businessBuyers
      ? { tax_id_collection: { enabled: true }, billing_address_collection: 'required' }
      : {}),
    ...(customerId === null ? {} : takenOver(row)),
    // Of a subscription Stripe makes invoices anyway, and refuses to be asked.
    ...(row.purchaseInvoice && !row.recurring
      ? { invoice_creation: { enabled: true, invoice_data: { metadata } } }
      : {}),
    ...buyer,
    ...(row.recurring
      ? {
          subscription_data: {
            metadata,
            billing_mode: { type: 'flexible' },
            ...(price.trialDays === null || row.withoutTrial ? {} : { trial_period_days: price.trialDays }),
          },
        }
      : { payment_intent_data: { metadata } }),
  };
}

/**
 * What of the buyer's words a customer that is there takes over: tax follows the address that Checkout collects, and
 * without the company's name Stripe collects no tax id. https://docs.stripe.com/tax/checkout/tax-ids
 */
function takenOver({
  automaticTax,
  businessBuyers,
}: Checkout): Pick<Stripe.Checkout.SessionCreateParams, 'customer_update'> {
  if (!automaticTax && !businessBuyers) return {};
  return { customer_update: { address: 'auto', ...(businessBuyers ? { name: 'auto' } : {}) } };
}

/**
 * The session would end too soon: Stripe wants 30 minutes from its creation on.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
export function isExpiryRefused(error: unknown): boolean {
  return isRefused(error) && (error as Stripe.errors.StripeError).param === 'expires_at';
}

/** Finds the session of an earlier try: no list filters by metadata, so the newest are paged and compared. */
export async function findSession(
  stripe: Stripe,
  row: Pick<Checkout, 'id' | 'createdAt'>,
  options: { stripeAccount: string },
): Promise<Stripe.Checkout.Session | null> {
  const since = toSeconds(row.createdAt) - HOUR;
  for await (const session of stripe.checkout.sessions.list({ created: { gte: since }, limit: 100 }, options))
    if (session.metadata?.['checkoutId'] === row.id) return session;
  return null;
}

/**
 * Has an open session expire, in the one way in which any session is closed here. Whoever pays at that very moment
 * wins: then Stripe refuses, and the session is found complete; what it is now decides, not the words of the error. A
 * session that is closed already, or that is not there, has nothing left to expire.
 * https://docs.stripe.com/api/checkout/sessions/expire
 * @param rowId our checkout, for the idempotency keys
 * @returns what the session is now; null: there is none
 * @throws the Stripe client's error when the session is still open, or nobody knows.
 */
export async function expireSession(
  client: AccountClient,
  rowId: string,
  sessionId: string,
): Promise<'complete' | 'expired' | null> {
  const options = { stripeAccount: client.accountId };
  const { sessions } = client.stripe.checkout;
  const closed = async (): Promise<Stripe.Checkout.Session | null> => {
    const session = expectObject<Stripe.Checkout.Session>(
      await sessions.retrieve(sessionId, undefined, options),
      'checkout.session',
    );
    return session.status === 'open' ? null : session;
  };
  const outcomeOf = ({ status }: Stripe.Checkout.Session) =>
    status === 'complete' ? ('complete' as const) : ('expired' as const);
  try {
    const present = await closed();
    if (present !== null) return outcomeOf(present);
    return outcomeOf(
      await changeOnce({
        rowId,
        step: 'expire',
        change: async (idempotencyKey) =>
          expectObject<Stripe.Checkout.Session>(
            await sessions.expire(sessionId, undefined, { ...options, idempotencyKey }),
            'checkout.session',
          ),
        lookUp: closed,
        alsoAfterRefusal: true,
      }),
    );
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** What the buyer of installments reads beside the button: how many payments there are, and that nothing follows. */
function installmentsInWords(price: Price): string {
  const { rhythm, details } = priceInWords(price);
  return [`This is paid ${rhythm}, and ends by itself.`, ...details].join(' ');
}
