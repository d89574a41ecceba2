import type Stripe from 'stripe';
import { Refusal } from '../domain/failure';
import type { PreviewedInvoice, PreviewedLine } from '../domain/price-change';
import type { Seconds } from '../domain/time';
import { expectObject } from './errors';
import { whatIsThere, wholeList } from './every-page';
import type { AccountClient } from './facts';

/** A change of a subscription's only item. */
export interface ItemChange {
  stripePriceId: string;
  quantity: number;
  /** The moment from which the difference is counted. */
  prorationDate: Seconds;
}

/**
 * The invoice that a change makes at once, calculated by Stripe; nothing is changed.
 * https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
 */
export async function previewNow(
  client: AccountClient,
  subscription: Stripe.Subscription,
  change: ItemChange,
): Promise<PreviewedInvoice> {
  return factsOf(
    client,
    await preview(client, subscription, change, {
      proration_behavior: 'always_invoice',
      proration_date: change.prorationDate,
    }),
  );
}

/** The next renewal with a change in it; null when Stripe expects none, as after a cancellation. */
export async function previewRenewal(
  client: AccountClient,
  subscription: Stripe.Subscription,
  change: ItemChange,
): Promise<PreviewedInvoice | null> {
  try {
    return await factsOf(client, await preview(client, subscription, change, { proration_behavior: 'none' }));
  } catch (error) {
    if ((error as { code?: unknown }).code === 'invoice_upcoming_none') return null;
    throw error;
  }
}

async function preview(
  { stripe, accountId }: AccountClient,
  subscription: Stripe.Subscription,
  { stripePriceId, quantity }: ItemChange,
  details: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails,
): Promise<Stripe.Invoice> {
  const invoice = await stripe.invoices.createPreview(
    {
      subscription: subscription.id,
      subscription_details: {
        items: [{ id: onlyItem(subscription).id, price: stripePriceId, quantity }],
        ...details,
      },
    },
    { stripeAccount: accountId },
  );
  return expectObject(invoice, 'invoice');
}

/**
 * What we sell has one item.
 * @throws Refusal `membership_not_subscription` when somebody added or removed items at Stripe.
 */
export function onlyItem({ items }: Stripe.Subscription): Stripe.SubscriptionItem {
  const [item, ...more] = whatIsThere(items);
  if (item === undefined || more.length > 0)
    throw new Refusal('membership_not_subscription', 'At Stripe, the subscription does not have one item.');
  return item;
}

/** The lines of a preview are paged as those of an invoice are. https://docs.stripe.com/api/invoices/upcoming_invoice_lines */
async function factsOf(
  { stripe, accountId }: AccountClient,
  invoice: Stripe.Invoice,
): Promise<PreviewedInvoice> {
  const lines = await wholeList(invoice.lines, () =>
    stripe.invoices.listLineItems(invoice.id ?? '', { limit: 100 }, { stripeAccount: accountId }),
  );
  return {
    total: invoice.total,
    amountDue: invoice.amount_due,
    endingBalance: invoice.ending_balance ?? invoice.starting_balance + invoice.total - invoice.amount_due,
    lines: lines.map(lineOf),
  };
}

function lineOf(line: Stripe.InvoiceLineItem): PreviewedLine {
  const details = line.parent?.subscription_item_details ?? line.parent?.invoice_item_details;
  const discount = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return {
    description: line.description,
    amount: line.amount - discount,
    proration: details?.proration ?? false,
    periodStart: line.period.start,
    periodEnd: line.period.end,
  };
}
