import type Stripe from 'stripe';
import type { BuyerDetails } from '../domain/buyer-details';
import type { PaymentFacts, SessionFacts, SubscriptionFacts } from '../domain/stripe-facts';
import { reversalOf, type Reversals } from './reversals';
import { idOf, oneOf } from './stripe-values';

/** @see PaymentFacts. A canceled intent, or one that waits for another method after a failure, has failed. */
export function paymentFacts(intent: Stripe.PaymentIntent, reversals: Reversals): PaymentFacts {
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    id: intent.id,
    status: paymentStatus(intent.status),
    paidAt: intent.status === 'succeeded' ? (charge?.created ?? intent.created) : null,
    amount: intent.amount,
    failure: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? null,
    ...reversalOf([intent.id], reversals),
  };
}

function paymentStatus(status: string): PaymentFacts['status'] {
  if (status === 'succeeded' || status === 'processing') return status;
  return status === 'canceled' || status === 'requires_payment_method' ? 'failed' : 'waiting';
}

/** @see SessionFacts. @param lines all of its line items. */
export function sessionFacts(
  session: Stripe.Checkout.Session,
  lines: readonly Stripe.LineItem[],
  subscription: SubscriptionFacts | null,
  reversals: Reversals,
): SessionFacts {
  const subtotal = session.amount_subtotal ?? 0;
  const discount = session.total_details?.amount_discount ?? 0;
  const total = session.amount_total ?? 0;
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : null;
  return {
    id: session.id,
    status: oneOf('session status', session.status ?? 'open', ['open', 'complete', 'expired']),
    paymentStatus: oneOf('payment status', session.payment_status, ['paid', 'unpaid', 'no_payment_required']),
    url: session.url,
    createdAt: session.created,
    expiresAt: session.expires_at,
    customerId: idOf(session.customer),
    email: session.customer_details?.email?.toLowerCase() ?? null,
    currency: session.currency,
    amountSubtotal: subtotal,
    amountDiscount: discount,
    discounts: (session.discounts ?? []).map(({ coupon, promotion_code: code }) => ({
      couponId: idOf(coupon),
      promotionCodeId: idOf(code),
    })),
    amountExclusiveTax: exclusiveTaxOf(session),
    amountTotal: total,
    lines: lines.map((line) => ({
      priceId: idOf(line.price) ?? '',
      quantity: line.quantity ?? 0,
      amountSubtotal: line.amount_subtotal,
    })),
    payment: intent === null ? null : paymentFacts(intent, reversals),
    subscription,
    buyer: buyerDetails(session),
    invoiceId: session.mode === 'payment' ? idOf(session.invoice) : null,
  };
}

/**
 * What the buyer gave; null while the session is open.
 * https://docs.stripe.com/api/checkout/sessions/object#checkout_session_object-customer_details
 */
function buyerDetails({ status, customer_details: details }: Stripe.Checkout.Session): BuyerDetails | null {
  if (status !== 'complete' || details == null) return null;
  const { business_name: company, individual_name: individual, name, tax_ids: taxIds, address } = details;
  return {
    company,
    name: individual ?? (name === company ? null : name),
    taxIds: (taxIds ?? []).flatMap(({ type, value }) => (value === null ? [] : [{ type, value }])),
    address:
      address === null
        ? null
        : {
            line1: address.line1,
            line2: address.line2,
            postalCode: address.postal_code,
            city: address.city,
            state: address.state,
            country: address.country,
          },
  };
}

/**
 * The tax on top of the prices. `amount_tax` holds inclusive tax as well, which is part of the subtotal already; only
 * the breakdown tells them apart. https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior
 */
function exclusiveTaxOf({ total_details: details }: Stripe.Checkout.Session): number {
  const taxes = details?.breakdown?.taxes;
  if (taxes === undefined) return details?.amount_tax ?? 0;
  return taxes.reduce((sum, { amount, rate }) => (rate.inclusive ? sum : sum + amount), 0);
}
