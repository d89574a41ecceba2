import {
  newInvoice,
  type BillingReason,
  type Invoice,
  type InvoiceItem,
  type InvoiceLine,
} from '../objects/invoice';
import type { Subscription } from '../objects/subscription';
import { leastCharge } from '../money';
import type { Space } from '../space';
import { discountInvoice } from './discounts';
import { itemLine } from './lines';

/** A draft stays open for changes for an hour: https://docs.stripe.com/billing/invoices/subscription#creation */
export const DRAFT_SECONDS = 3600;

export interface DraftInput {
  customer: string;
  currency: string;
  reason: BillingReason;
  subscription: Subscription | null;
  period: { start: number; end: number };
  lines: (invoiceId: string) => InvoiceLine[];
  /** Whether pending invoice items of the customer (and subscription) come along. */
  withPendingItems: boolean;
  /** Writes what else is known of it, before it is announced. */
  fill?: (invoice: Invoice) => void;
}

/** Creates a draft invoice with its lines and announces it. */
export function createDraft(space: Space, input: DraftInput): Invoice {
  const invoice = buildInvoice(space, input);
  input.fill?.(invoice);
  space.put('invoice', invoice);
  if (input.withPendingItems) {
    for (const line of invoice.lines.data) {
      const item =
        line.parent?.invoice_item_details?.invoice_item ??
        line.parent?.subscription_item_details?.invoice_item;
      if (item) space.update('invoiceitem', item, (draft) => (draft.invoice = invoice.id));
    }
  }
  space.emit('invoice.created', invoice);
  return invoice;
}

/**
 * The invoice that `createDraft` would store; also used for previews. Its lines: first what was pending, the newest first,
 * then the subscription's items, the newest first. https://docs.stripe.com/api/invoices/object#invoice_object-lines
 */
export function buildInvoice(space: Space, input: DraftInput, id?: string): Invoice {
  const customer = space.get('customer', input.customer, 'customer');
  const { account } = space;
  const invoice = newInvoice({
    ...(id ? { id } : {}),
    customer: input.customer,
    currency: input.currency,
    billingReason: input.reason,
    accountCountry: account.country,
    accountName: account.business_profile.name,
    livemode: space.livemode,
    created: space.now(),
  });
  invoice.customer_address = customer.address;
  invoice.customer_email = customer.email;
  invoice.customer_name = customer.name;
  invoice.customer_phone = customer.phone;
  invoice.period_start = input.period.start;
  invoice.period_end = input.period.end;
  const { subscription } = input;
  if (subscription) {
    invoice.parent = {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: 'subscription_details',
    };
    invoice.collection_method = subscription.collection_method;
    if (subscription.collection_method === 'send_invoice' && subscription.days_until_due !== null)
      invoice.due_date = space.now() + subscription.days_until_due * 86_400;
    if (subscription.automatic_tax.enabled) {
      const { liability } = subscription.automatic_tax;
      invoice.automatic_tax = {
        disabled_reason: null,
        enabled: true,
        liability,
        provider: 'stripe',
        status: 'complete',
      };
    }
  }
  const waiting = input.withPendingItems
    ? pendingItems(space, input.customer, subscription?.id ?? null, input.currency)
    : [];
  invoice.lines.data = [
    ...waiting.map((item) =>
      itemLine(space, invoice.id, item, item.parent?.subscription_details.subscription_item ?? null),
    ),
    ...input.lines(invoice.id).reverse(),
  ];
  discountInvoice(space, invoice, subscription?.discounts ?? []);
  sumUp(invoice, balanceFor(customer, input.currency));
  return invoice;
}

/**
 * What of a customer's balance (minor units, credit is negative) counts for an invoice: one in another currency than the
 * customer's own leaves it alone. https://docs.stripe.com/invoicing/multi-currency-customers
 */
export function balanceFor(customer: { balance: number; currency: string | null }, currency: string): number {
  return customer.currency === null || customer.currency === currency ? customer.balance : 0;
}

/** How many pending items one invoice takes along; the oldest ones: https://docs.stripe.com/invoicing/multi-currency-customers */
const MOST_PENDING = 250;

/**
 * Invoice items that wait for the next invoice of a customer, the newest first. One that names a subscription waits for that; one
 * that names none comes along with whatever is invoiced next. What one change has prorated stays in its own order: the credit before
 * the charge. https://docs.stripe.com/api/invoiceitems/create#create_invoiceitem-subscription
 */
export function pendingItems(space: Space, customer: string, subscription: string | null, currency: string) {
  const waiting = space
    .listBy('invoiceitem', 'customer', customer)
    .filter(
      (item) =>
        item.invoice === null &&
        item.currency === currency &&
        [null, subscription].includes(item.parent?.subscription_details.subscription ?? null),
    )
    .slice(-MOST_PENDING);
  const together = (a: InvoiceItem, b: InvoiceItem): boolean =>
    a.proration && b.proration && a.period.start === b.period.start;
  const out: InvoiceItem[][] = [];
  for (const item of waiting) {
    const group = out.at(-1);
    if (group?.[0] && together(group[0], item)) group.unshift(item);
    else out.push([item]);
  }
  return out.flat();
}

/**
 * Recomputes the totals. A negative customer balance is credit: https://docs.stripe.com/billing/customer/balance. What is less than
 * can be charged is not due; it goes to the balance. https://docs.stripe.com/api/invoices/object#invoice_object-amount_due
 */
export function sumUp(invoice: Invoice, customerBalance: number): void {
  const subtotal = invoice.lines.data.reduce((sum, line) => sum + line.amount, 0);
  const discount = invoice.total_discount_amounts.reduce((sum, part) => sum + part.amount, 0);
  const total = subtotal - discount;
  invoice.subtotal = subtotal;
  invoice.subtotal_excluding_tax = subtotal;
  invoice.total = total;
  invoice.total_excluding_tax = total;
  invoice.starting_balance = customerBalance;
  const due = Math.max(0, total + customerBalance);
  invoice.amount_due = due < leastCharge(invoice.currency) ? 0 : due;
  invoice.amount_remaining = invoice.amount_due;
}
