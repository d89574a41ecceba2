import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import type { Emulator } from '../emulator';
import { invalidRequest, StripeError } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { randomToken } from '../ids';
import type { Invoice } from '../objects/invoice';
import { newInvoiceItem } from '../objects/invoice';
import type { Subscription } from '../objects/subscription';
import { createPrice } from '../resources/prices';
import type { Space } from '../space';
import { refuseOtherCurrency } from './customer-currency';
import { previewRenewal } from './cycle';
import { buildInvoice } from './drafts';
import { pricingOf, productName, unitAmountOf } from './lines';
import { prorateCancellation } from './proration';
import { recurringPrice } from './recurring-price';
import { startSubscription } from './subscriptions';
import { updateSubscription } from './update-subscription';

type Params = Checked<Stripe.InvoiceCreatePreviewParams>;
type Details = NonNullable<Params['subscription_details']>;
type ItemParams = NonNullable<Params['invoice_items']>[number];

/**
 * The invoice that a customer would get next, after changes that are only tried:
 * https://docs.stripe.com/api/invoices/create_preview
 */
export function previewInvoice(space: Space, params: Params): Invoice {
  if (params.schedule_details !== undefined) {
    throw invalidRequest('The emulator does not preview `schedule_details`.', 'schedule_details');
  }
  const preview = space.rehearse(() => {
    const id = subscriptionOf(space, params);
    if (id !== undefined) return previewChange(space, space.get('subscription', id, 'subscription'), params);
    if (params.customer === undefined) {
      throw invalidRequest(
        'You must specify at least one of `customer`, `subscription` or `schedule`.',
        'customer',
        'parameter_missing',
      );
    }
    space.get('customer', params.customer, 'customer');
    return params.subscription_details?.items
      ? previewStart(space, params.customer, params.subscription_details, params)
      : previewItems(space, params.customer, params);
  });
  keepPreview(space, preview);
  return preview;
}

const previews = new WeakMap<Emulator, Map<string, Invoice>>();
const PREVIEWS_KEPT = 200;

/**
 * A preview's further lines can be listed by its id for a while. That Stripe lets one do so is what the id of a preview is for; no
 * page says for how long.
 */
function keepPreview({ emulator, key }: Space, invoice: Invoice): void {
  const kept = previews.get(emulator) ?? new Map<string, Invoice>();
  previews.set(emulator, kept);
  kept.set(`${key}/${invoice.id}`, invoice);
  const [oldest] = kept.keys();
  if (kept.size > PREVIEWS_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** A preview that was made lately. */
export function recentPreview({ emulator, key }: Space, id: string): Invoice | undefined {
  return previews.get(emulator)?.get(`${key}/${id}`);
}

function subscriptionOf(space: Space, params: Params): string | undefined {
  if (params.schedule === undefined) return params.subscription;
  return space.get('subscription_schedule', params.schedule, 'schedule').subscription ?? undefined;
}

function previewChange(space: Space, before: Subscription, params: Params): Invoice {
  if (before.status === 'canceled' || before.status === 'incomplete_expired') {
    throw nothingUpcoming(before.customer);
  }
  if (params.customer !== undefined && params.customer !== before.customer) {
    throw invalidRequest(
      `The subscription ${before.id} does not belong to the customer ${params.customer}.`,
      'subscription',
    );
  }
  addItems(space, before.customer, before.id, params.invoice_items);
  const details = params.subscription_details ?? {};
  if (details.cancel_now) {
    if (details.proration_behavior !== 'none') prorateCancellation(space, before);
    return buildNow(space, before);
  }
  const at = details.proration_behavior === 'always_invoice';
  const anchor = details.billing_cycle_anchor;
  const after = updateSubscription(space, before.id, {
    ...(typeof anchor === 'string' ? { billing_cycle_anchor: anchor } : {}),
    ...(details.items === undefined ? {} : { items: details.items.map((item) => withPrice(space, item)) }),
    ...pick(details, ['cancel_at', 'cancel_at_period_end', 'proration_date', 'trial_end']),
    ...(params.discounts === undefined ? {} : { discounts: params.discounts }),
    // Collected with the rest below instead of being paid for.
    proration_behavior: at ? 'create_prorations' : (details.proration_behavior ?? 'create_prorations'),
  });
  if (after.latest_invoice !== before.latest_invoice && after.latest_invoice !== null) {
    const made = space.get('invoice', after.latest_invoice);
    return buildNow(space, after, made);
  }
  if (at) return buildNow(space, after);
  if (after.cancel_at !== null) {
    const now = buildNow(space, after);
    const end = Math.min(...after.items.data.map((item) => item.current_period_end));
    if (after.cancel_at <= end) {
      if (now.lines.data.length === 0) throw nothingUpcoming(after.customer);
      return now;
    }
  }
  return previewRenewal(space, after);
}

/** The first invoice of a subscription that does not exist. */
function previewStart(space: Space, customer: string, details: Details, params: Params): Invoice {
  const items = (details.items ?? []).map((item, index) => {
    const path = `subscription_details[items][${index}]`;
    const { price } = withPrice(space, item);
    if (price === undefined) {
      throw invalidRequest(`Missing required param: ${path}[price].`, `${path}[price]`, 'parameter_missing');
    }
    const asked = params.currency?.toLowerCase();
    return { price: recurringPrice(space, price, `${path}[price]`, asked), quantity: item.quantity ?? 1 };
  });
  const currency = params.currency?.toLowerCase() ?? items[0]?.price.currency;
  if (currency !== undefined) refuseOtherCurrency(space, customer, currency);
  addItems(space, customer, null, params.invoice_items);
  const { subscription, invoice } = startSubscription(space, {
    customer,
    items,
    ...(currency === undefined ? {} : { currency }),
    discounts: params.discounts,
    billingMode: details.billing_mode?.type ?? 'flexible',
    trialEnd: typeof details.trial_end === 'number' ? details.trial_end : null,
    fill: () => undefined,
  });
  const preview = buildNow(space, subscription, invoice);
  // Nobody could look the subscription up.
  preview.parent = null;
  for (const line of preview.lines.data) {
    line.subscription = null;
    if (line.parent?.subscription_item_details) line.parent.subscription_item_details.subscription = null;
  }
  return preview;
}

/** Only what waits for the customer's next invoice. */
function previewItems(space: Space, customer: string, params: Params): Invoice {
  addItems(space, customer, null, params.invoice_items);
  const waiting = space
    .listBy('invoiceitem', 'customer', customer)
    .find((item) => item.invoice === null && item.parent === null);
  if (!waiting) throw nothingUpcoming(customer);
  return buildInvoice(
    space,
    {
      customer,
      currency: params.currency ?? waiting.currency,
      reason: 'upcoming',
      subscription: null,
      period: { start: space.now(), end: space.now() },
      lines: () => [],
      withPendingItems: true,
    },
    previewId(),
  );
}

/** What would be billed at once: the lines of an invoice that the rehearsal made, or what is pending. */
function buildNow(space: Space, subscription: Subscription, made?: Invoice): Invoice {
  const id = previewId();
  return buildInvoice(
    space,
    {
      customer: subscription.customer,
      currency: subscription.currency,
      reason: 'upcoming',
      subscription,
      period: { start: space.now(), end: space.now() },
      lines: () => (made?.lines.data ?? []).map((line) => ({ ...line, invoice: id })),
      withPendingItems: made === undefined,
    },
    id,
  );
}

function addItems(
  space: Space,
  customer: string,
  subscription: string | null,
  items: ItemParams[] | undefined,
): void {
  for (const [index, input] of (items ?? []).entries()) {
    const path = `invoice_items[${index}]`;
    if (input.invoiceitem !== undefined) {
      const known = space.get('invoiceitem', input.invoiceitem, `${path}[invoiceitem]`);
      space.update('invoiceitem', known.id, (draft) => {
        draft.amount = input.amount ?? draft.amount;
        draft.description = input.description ?? draft.description;
      });
      continue;
    }
    const price = input.price_data
      ? createPrice(space, input.price_data)
      : input.price === undefined
        ? undefined
        : space.get('price', input.price, `${path}[price]`);
    const quantity = input.quantity ?? 1;
    const amount =
      input.amount ?? (price ? unitAmountOf(price, price.currency) : (input.unit_amount ?? 0)) * quantity;
    const currency = price?.currency ?? input.currency;
    if (currency === undefined) {
      throw invalidRequest(
        `Missing required param: ${path}[currency].`,
        `${path}[currency]`,
        'parameter_missing',
      );
    }
    const now = space.now();
    space.put(
      'invoiceitem',
      newInvoiceItem({
        customer,
        amount,
        currency,
        description: input.description ?? (price ? productName(space, price) : null),
        period: input.period ?? { start: now, end: now },
        pricing: price ? pricingOf(price, price.currency) : null,
        proration: false,
        quantity,
        subscription,
        subscriptionItem: null,
        metadata: mergedMetadata({}, input.metadata),
        livemode: space.livemode,
        created: now,
      }),
    );
  }
}

/** An item with its inline price made into one that has an id. */
function withPrice(space: Space, item: NonNullable<Details['items']>[number]) {
  const { price_data: data, ...rest } = item;
  return data === undefined ? rest : { ...rest, price: createPrice(space, data).id };
}

function pick<T extends object, K extends keyof T>(from: T, keys: K[]): Pick<T, K> {
  return Object.fromEntries(
    keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]])),
  ) as Pick<T, K>;
}

function previewId(): string {
  return `upcoming_in_${randomToken(24)}`;
}

function nothingUpcoming(customer: string): StripeError {
  return new StripeError(404, 'invalid_request_error', `No upcoming invoices for customer: ${customer}`, {
    code: 'invoice_upcoming_none',
  });
}
