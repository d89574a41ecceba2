import type Stripe from 'stripe';
import type { PreviewedInvoice, PreviewedLine } from '../domain/price-change';
import type { Seconds } from '../domain/time';
import { expectObject } from './errors';
import { wholeList } from './every-page';
import type { AccountClient } from './account-client';
import { type ItemChange, itemParams } from './item-change';

/**
 * The invoice that a change makes at once, calculated by Stripe; nothing is changed.
 * https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 */
export async function previewNow(
  client: AccountClient,
  subscription: Stripe.Subscription,
  change: ItemChange,
  prorationDate: Seconds,
): Promise<PreviewedInvoice> {
  const invoice = await preview(client, subscription, change, {
    proration_behavior: 'always_invoice',
    proration_date: prorationDate,
  });
  return factsOf(client, invoice, change);
}

/** The next renewal with a change in it; null when Stripe expects none, as after a cancellation. */
export async function previewRenewal(
  client: AccountClient,
  subscription: Stripe.Subscription,
  change: ItemChange,
): Promise<PreviewedInvoice | null> {
  try {
    const invoice = await preview(client, subscription, change, { proration_behavior: 'none' });
    return await factsOf(client, invoice, change);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'invoice_upcoming_none') return null;
    throw error;
  }
}

async function preview(
  { stripe, accountId }: AccountClient,
  subscription: Stripe.Subscription,
  change: ItemChange,
  details: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails,
): Promise<Stripe.Invoice> {
  const invoice = await stripe.invoices.createPreview(
    {
      subscription: subscription.id,
      subscription_details: {
        items: [itemParams(change)],
        ...details,
      },
    },
    { stripeAccount: accountId },
  );
  return expectObject(invoice, 'invoice');
}

/** The lines of a preview are paged as those of an invoice are. https://docs.stripe.com/api/invoices/upcoming_invoice_lines */
async function factsOf(
  { stripe, accountId }: AccountClient,
  invoice: Stripe.Invoice,
  { item }: ItemChange,
): Promise<PreviewedInvoice> {
  const lines = await wholeList(invoice.lines, () =>
    stripe.invoices.listLineItems(invoice.id ?? '', { limit: 100 }, { stripeAccount: accountId }),
  );
  return {
    total: invoice.total,
    amountDue: invoice.amount_due,
    endingBalance: invoice.ending_balance ?? invoice.starting_balance + invoice.total - invoice.amount_due,
    lines: lines.map((line) => lineOf(line, item.id)),
  };
}

/** Also a change's prorations are lines of the item: https://docs.stripe.com/api/invoice-line-item/object */
function lineOf(line: Stripe.InvoiceLineItem, itemId: string): PreviewedLine {
  const ofItem = line.parent?.subscription_item_details;
  const details = ofItem ?? line.parent?.invoice_item_details;
  const discount = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return {
    description: line.description,
    amount: line.amount - discount,
    proration: details?.proration ?? false,
    credit: line.amount < 0 || details?.proration_details?.credited_items != null,
    own: ofItem?.subscription_item === itemId,
    periodStart: line.period.start,
    periodEnd: line.period.end,
  };
}
