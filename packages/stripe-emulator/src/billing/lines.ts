import type { Price } from '../objects/catalog';
import {
  newInvoiceLine,
  type InvoiceItem,
  type InvoiceLine,
  type LineParent,
  type Pricing,
} from '../objects/invoice';
import type { Subscription, SubscriptionItem } from '../objects/subscription';
import { formatMoney } from '../money';
import type { Space } from '../space';
import { inCurrency } from './currency-options';

/** What one unit costs per period in a currency that the price takes, in minor units. */
export function unitAmountOf(price: Price, currency: string): number {
  return inCurrency(price, currency).unit_amount ?? 0;
}

export function pricingOf(price: Price, currency: string): Pricing {
  return {
    price_details: { price: price.id, product: price.product },
    type: 'price_details',
    unit_amount_decimal:
      inCurrency(price, currency).unit_amount_decimal ?? String(unitAmountOf(price, currency)),
  };
}

export function productName(space: Space, price: Price): string {
  return space.find('product', price.product)?.name ?? price.product;
}

/** How often a price is charged, in words: "month", "every 3 months". */
export function intervalInWords(price: Price): string {
  if (!price.recurring) return 'once';
  const { interval, interval_count: count } = price.recurring;
  return count === 1 ? interval : `every ${count} ${interval}s`;
}

/** The line for one period of a subscription item, in advance; zero during a trial. */
export function periodLine(
  space: Space,
  invoiceId: string,
  subscription: Subscription,
  item: SubscriptionItem,
  trial: boolean,
): InvoiceLine {
  const { currency } = subscription;
  const unit = unitAmountOf(item.price, currency);
  const name = productName(space, item.price);
  const rate = `${formatMoney(unit, currency)} / ${intervalInWords(item.price)}`;
  return newInvoiceLine({
    invoice: invoiceId,
    amount: trial ? 0 : unit * item.quantity,
    currency: subscription.currency,
    description: trial ? `Trial period for ${name}` : `${item.quantity} × ${name} (at ${rate})`,
    period: { start: item.current_period_start, end: item.current_period_end },
    parent: itemParent(subscription, item.id, null, false),
    pricing: pricingOf(item.price, currency),
    quantity: item.quantity,
    metadata: subscription.metadata,
    livemode: space.livemode,
  });
}

/** The line that puts a pending invoice item on an invoice. */
export function itemLine(
  space: Space,
  invoiceId: string,
  item: InvoiceItem,
  subscriptionItem: string | null,
): InvoiceLine {
  const subscription = item.parent?.subscription_details.subscription ?? null;
  const parent: LineParent =
    subscriptionItem && subscription
      ? itemParent({ id: subscription }, subscriptionItem, item.id, item.proration, creditedBy(item))
      : {
          type: 'invoice_item_details',
          invoice_item_details: {
            invoice_item: item.id,
            proration: item.proration,
            proration_details: { credited_items: null },
            subscription,
          },
          subscription_item_details: null,
        };
  const line = newInvoiceLine({
    invoice: invoiceId,
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    period: item.period,
    parent,
    pricing: item.pricing,
    quantity: item.quantity,
    metadata: item.metadata,
    livemode: space.livemode,
  });
  line.discountable = item.discountable;
  return line;
}

/** Which line of which invoice a proration takes back: https://docs.stripe.com/api/invoice-line-item/object */
function creditedBy({ _emu }: InvoiceItem): { invoice: string; invoice_line_items: string[] } | null {
  return _emu?.of ? { invoice: _emu.of, invoice_line_items: [_emu.credits] } : null;
}

function itemParent(
  subscription: Pick<Subscription, 'id'>,
  item: string,
  invoiceItem: string | null,
  proration: boolean,
  credited: { invoice: string; invoice_line_items: string[] } | null = null,
): LineParent {
  return {
    type: 'subscription_item_details',
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: invoiceItem,
      proration,
      proration_details: { credited_items: credited },
      subscription: subscription.id,
      subscription_item: item,
    },
  };
}
