import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { newInvoiceItem, type Invoice, type InvoiceItem } from '../objects/invoice';
import { createPrice } from '../resources/prices';
import type { Space } from '../space';
import { setFirstCurrency } from './customer-currency';
import { balanceFor, createDraft, DRAFT_SECONDS, sumUp } from './drafts';
import { finalizeInvoice } from './invoices';
import { itemLine, pricingOf, productName, unitAmountOf } from './lines';

const DAY = 86_400;

type InvoiceParams = Checked<Stripe.InvoiceCreateParams>;
type ItemParams = Checked<Stripe.InvoiceItemCreateParams>;
type ItemChanges = Checked<Stripe.InvoiceItemUpdateParams>;

/** An invoice that no subscription made: https://docs.stripe.com/api/invoices/create */
export function createInvoice(space: Space, params: InvoiceParams): Invoice {
  if (params.from_invoice !== undefined) {
    throw invalidRequest('The emulator does not revise invoices.', 'from_invoice');
  }
  if (params.customer === undefined) {
    throw invalidRequest('Missing required param: customer.', 'customer', 'parameter_missing');
  }
  const customer = space.get('customer', params.customer, 'customer');
  const subscription =
    params.subscription === undefined ? null : space.get('subscription', params.subscription, 'subscription');
  const now = space.now();
  const sent = params.collection_method === 'send_invoice';
  refuseDueDate(params, sent);
  const currency =
    params.currency ?? subscription?.currency ?? customer.currency ?? space.account.default_currency;
  setFirstCurrency(space, customer.id, currency.toLowerCase());
  const invoice = createDraft(space, {
    customer: customer.id,
    currency: currency.toLowerCase(),
    reason: 'manual',
    subscription,
    period: { start: now, end: now },
    lines: () => [],
    withPendingItems: params.pending_invoice_items_behavior === 'include' || subscription !== null,
    fill: (draft) => {
      draft.auto_advance = params.auto_advance ?? false;
      draft.collection_method = params.collection_method ?? draft.collection_method;
      draft.description = params.description ?? null;
      draft.footer = params.footer ?? null;
      draft.metadata = mergedMetadata({}, params.metadata);
      draft.default_payment_method = params.default_payment_method ?? null;
      draft.due_date = params.due_date ?? (params.days_until_due ? now + params.days_until_due * DAY : null);
      if (draft.auto_advance) draft.automatically_finalizes_at = now + DRAFT_SECONDS;
    },
  });
  if (invoice.auto_advance) space.schedule('invoice.finalize', invoice.id, now + DRAFT_SECONDS);
  return invoice;
}

function refuseDueDate(params: InvoiceParams, sent: boolean): void {
  const given = params.due_date !== undefined || params.days_until_due !== undefined;
  if (sent && !given) {
    throw invalidRequest(
      "If invoice `collection_method` is 'send_invoice', you must specify `due_date` or `days_until_due`.",
      'days_until_due',
    );
  }
  if (!sent && given) {
    throw invalidRequest(
      "You can only set `due_date` or `days_until_due` if invoice `collection_method` is 'send_invoice'.",
      params.due_date === undefined ? 'days_until_due' : 'due_date',
    );
  }
}

/** Deletes a draft; its items wait for the next invoice: https://docs.stripe.com/api/invoices/delete */
export function deleteInvoice(space: Space, id: string) {
  const invoice = space.get('invoice', id, 'invoice');
  if (invoice.status !== 'draft' || invoice.billing_reason !== 'manual') {
    throw invalidRequest('You can only delete one-off invoices that are drafts. Void this one instead.');
  }
  space.unschedule('invoice.finalize', id);
  for (const item of space.listBy('invoiceitem', 'customer', invoice.customer)) {
    if (item.invoice === id) space.update('invoiceitem', item.id, (draft) => (draft.invoice = null));
  }
  space.remove('invoice', id);
  space.emit('invoice.deleted', invoice);
  return { id, object: 'invoice', deleted: true };
}

/** Sends an invoice by e-mail, as far as an event can tell: https://docs.stripe.com/api/invoices/send */
export function sendInvoice(space: Space, id: string): Invoice {
  const before = space.get('invoice', id, 'invoice');
  if (before.collection_method !== 'send_invoice') {
    throw invalidRequest(
      "You can only manually send an invoice if its `collection_method` is 'send_invoice'.",
    );
  }
  const invoice = before.status === 'draft' ? finalizeInvoice(space, id) : before;
  if (invoice.status === 'void' || invoice.status === 'uncollectible') {
    throw invalidRequest(`You cannot send an invoice whose status is ${invoice.status}.`);
  }
  space.emit('invoice.sent', invoice);
  return invoice;
}

/** https://docs.stripe.com/api/invoiceitems/create */
export function createItem(space: Space, params: ItemParams): InvoiceItem {
  const invoice = params.invoice === undefined ? undefined : draftOf(space, params.invoice, 'invoice');
  const customerId = params.customer ?? invoice?.customer;
  if (customerId === undefined) {
    throw invalidRequest('Missing required param: customer.', 'customer', 'parameter_missing');
  }
  const customer = space.get('customer', customerId, 'customer');
  const price = params.price_data
    ? createPrice(space, params.price_data)
    : params.pricing?.price === undefined
      ? undefined
      : space.get('price', params.pricing.price, 'pricing[price]');
  const quantity = params.quantity ?? 1;
  const unit = price ? unitAmountOf(price, price.currency) : undefined;
  if (unit === undefined && params.amount === undefined) {
    throw invalidRequest(
      'You must specify one of `amount`, `pricing` or `price_data`.',
      'amount',
      'parameter_missing',
    );
  }
  const currency = price?.currency ?? params.currency ?? invoice?.currency ?? customer.currency;
  if (!currency) throw invalidRequest('Missing required param: currency.', 'currency', 'parameter_missing');
  if (invoice && invoice.currency !== currency.toLowerCase()) {
    throw invalidRequest(`The invoice uses the currency ${invoice.currency}.`, 'currency');
  }
  if (params.subscription !== undefined) {
    const subscription = space.get('subscription', params.subscription, 'subscription');
    if (subscription.currency !== currency.toLowerCase()) {
      throw invalidRequest(
        `The subscription ${subscription.id} is in ${subscription.currency}: its invoice items have to be, too.`,
        'currency',
      );
    }
  }
  setFirstCurrency(space, customer.id, currency.toLowerCase());
  const now = space.now();
  const item = newInvoiceItem({
    customer: customer.id,
    amount: unit === undefined ? (params.amount ?? 0) : unit * quantity,
    currency: currency.toLowerCase(),
    description: params.description ?? (price ? productName(space, price) : null),
    period: params.period ?? { start: now, end: now },
    pricing: price ? pricingOf(price, price.currency) : null,
    proration: false,
    quantity,
    subscription: params.subscription ?? null,
    subscriptionItem: null,
    metadata: mergedMetadata({}, params.metadata),
    livemode: space.livemode,
    created: now,
  });
  item.discountable = params.discountable ?? true;
  item.invoice = invoice?.id ?? null;
  space.put('invoiceitem', item);
  space.emit('invoiceitem.created', item);
  if (invoice) {
    space.change('invoice', invoice.id, 'invoice.updated', (draft) => {
      draft.lines.data.push(itemLine(space, draft.id, item, null));
      sumUp(draft, balanceFor(customer, draft.currency));
    });
  }
  return item;
}

/** https://docs.stripe.com/api/invoiceitems/update */
export function updateItem(space: Space, id: string, params: ItemChanges): InvoiceItem {
  const before = changeable(space, id);
  const price =
    params.pricing?.price === undefined
      ? undefined
      : space.get('price', params.pricing.price, 'pricing[price]');
  const item = space.update('invoiceitem', id, (draft) => {
    draft.quantity = params.quantity ?? draft.quantity;
    draft.quantity_decimal = String(draft.quantity);
    if (price) draft.pricing = pricingOf(price, price.currency);
    const unit = draft.pricing ? Number(draft.pricing.unit_amount_decimal) : undefined;
    draft.amount = params.amount ?? (unit === undefined ? draft.amount : Math.round(unit * draft.quantity));
    draft.net_amount = draft.amount;
    draft.description = params.description ?? draft.description;
    draft.discountable = params.discountable ?? draft.discountable;
    draft.period = params.period ?? draft.period;
    draft.metadata = mergedMetadata(draft.metadata, params.metadata);
  });
  const subscriptionItem = item.parent?.subscription_details.subscription_item ?? null;
  replaceLine(space, before, itemLine(space, before.invoice ?? '', item, subscriptionItem));
  return item;
}

/** https://docs.stripe.com/api/invoiceitems/delete */
export function deleteItem(space: Space, id: string) {
  const item = changeable(space, id);
  replaceLine(space, item, undefined);
  space.remove('invoiceitem', id);
  space.emit('invoiceitem.deleted', item);
  return { id, object: 'invoiceitem', deleted: true };
}

/** The line of an item on a draft: changed, or gone. */
function replaceLine(
  space: Space,
  { id, invoice, customer }: InvoiceItem,
  line: ReturnType<typeof itemLine> | undefined,
): void {
  if (invoice === null) return;
  const owner = space.get('customer', customer);
  space.change('invoice', invoice, 'invoice.updated', (draft) => {
    draft.lines.data = draft.lines.data.flatMap((old) => {
      const item =
        old.parent?.invoice_item_details?.invoice_item ?? old.parent?.subscription_item_details?.invoice_item;
      if (item !== id) return [old];
      return line ? [{ ...line, id: old.id }] : [];
    });
    sumUp(draft, balanceFor(owner, draft.currency));
  });
}

function changeable(space: Space, id: string): InvoiceItem {
  const item = space.get('invoiceitem', id, 'invoiceitem');
  if (item.invoice !== null) draftOf(space, item.invoice, 'invoiceitem');
  return item;
}

function draftOf(space: Space, id: string, param: string): Invoice {
  const invoice = space.get('invoice', id, param);
  if (invoice.status !== 'draft') {
    throw invalidRequest(`Invoice ${id} is no longer a draft: its items cannot be changed.`, param);
  }
  return invoice;
}
