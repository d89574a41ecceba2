import type Stripe from 'stripe';
import type { Checkout, Price } from '../db/generated/client';
import { HOUR, type Seconds, toSeconds } from '../domain/time';

/** What else the request for a session needs. */
interface Prepared {
  /** Seconds, UTC, on the account's clock. */
  expiresAt: Seconds;
  /** The member's customer on the account, if there is one. */
  customerId: string | null;
  email: string | null;
  publicUrl: string;
}

/**
 * The request for a checkout's session. Our checkout's id goes into everything that comes of it, so that any event
 * finds it. https://docs.stripe.com/api/checkout/sessions/create
 */
export function sessionParams(
  row: Checkout & { stripePriceId: string },
  price: Price,
  { expiresAt, customerId, email, publicUrl }: Prepared,
): Stripe.Checkout.SessionCreateParams {
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
    line_items: [{ price: row.stripePriceId, quantity: row.quantity }, ...setupFee],
    success_url: `${publicUrl}/checkouts/${row.id}/return`,
    cancel_url: `${publicUrl}/checkouts/${row.id}/cancelled`,
    expires_at: expiresAt,
    client_reference_id: row.id,
    metadata,
    adaptive_pricing: { enabled: false },
    ...(price.promotionCodes ? { allow_promotion_codes: true } : {}),
    ...(row.automaticTax
      ? {
          automatic_tax: { enabled: true },
          // Tax follows the address that Checkout collects.
          ...(customerId === null ? {} : { customer_update: { address: 'auto' } }),
        }
      : {}),
    ...buyer,
    ...(row.recurring
      ? {
          subscription_data: {
            metadata,
            billing_mode: { type: 'flexible' },
            ...(price.trialDays === null ? {} : { trial_period_days: price.trialDays }),
          },
        }
      : { payment_intent_data: { metadata } }),
  };
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
