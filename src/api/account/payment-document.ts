import type { Checkout, Payment } from '../../db/generated/client';
import type { ApiDeps } from '../deps';
import { atStripe } from '../http/stripe-call';

/**
 * Stripe's page of a payment: of an invoice that page or its PDF, else the receipt. Null: Stripe has none.
 * https://docs.stripe.com/api/invoices/object#invoice_object-hosted_invoice_url
 * https://docs.stripe.com/api/charges/object#charge_object-receipt_url
 * @throws ProblemError what Stripe refused
 */
export async function documentOf(
  { stripe: clients }: ApiDeps,
  payment: Payment & { membership: { checkout: Checkout } | null },
): Promise<string | null> {
  const { mode, accountId } = payment;
  const stripeId = payment.membership?.checkout.stripeInvoiceId ?? payment.stripeId;
  const stripe = clients.of(mode);
  const options = { stripeAccount: accountId };
  return atStripe(async () => {
    if (stripeId.startsWith('in_')) {
      const invoice = await stripe.invoices.retrieve(stripeId, undefined, options);
      return invoice.hosted_invoice_url ?? invoice.invoice_pdf ?? null;
    }
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(
      stripeId,
      { expand: ['latest_charge'] },
      options,
    );
    return charge === null || typeof charge === 'string' ? null : charge.receipt_url;
  });
}
