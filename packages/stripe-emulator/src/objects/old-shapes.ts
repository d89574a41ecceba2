import { isObject, previousAttributes, publicForm, type Json, type JsonObject } from '../json';
import type { Space } from '../space';
import { API_VERSION } from './event';

type Shape = (space: Space, object: JsonObject) => JsonObject;

/**
 * How objects looked before a version changed them, newest change first; only what integrations read, not every field.
 * https://docs.stripe.com/changelog, https://docs.stripe.com/upgrades
 */
const CHANGES: { version: string; shapes: Record<string, Shape> }[] = [
  {
    // https://docs.stripe.com/changelog/dahlia
    version: '2026-03-25',
    shapes: {
      'checkout.session': (_space, session) => ({
        ...session,
        ui_mode: session.ui_mode === 'hosted_page' ? 'hosted' : session.ui_mode,
      }),
    },
  },
  {
    // https://docs.stripe.com/changelog/clover
    version: '2025-09-30',
    shapes: {
      promotion_code: (space, { promotion, ...code }) => ({
        ...code,
        coupon: couponOf(space, idIn(promotion, 'coupon')),
      }),
      discount: (space, { source, ...discount }) => ({
        ...discount,
        coupon: couponOf(space, idIn(source, 'coupon')),
      }),
    },
  },
  {
    // https://docs.stripe.com/changelog/basil
    version: '2025-03-31',
    shapes: {
      invoice: oldInvoice,
      line_item: oldLine,
      subscription: oldSubscription,
      subscription_item: (_space, { current_period_start: _start, current_period_end: _end, ...item }) =>
        item,
      payment_intent: (space, intent) => ({ ...intent, invoice: invoiceOf(space, String(intent.id)) }),
      charge: (space, charge) => ({
        ...charge,
        invoice: typeof charge.payment_intent === 'string' ? invoiceOf(space, charge.payment_intent) : null,
      }),
    },
  },
];

/** Whether a version is older than the one that the emulator speaks; its name begins with its date. */
export function isOld(version: string | null): version is string {
  return version !== null && dateOf(version) < dateOf(API_VERSION);
}

/** What an event carries, as an older version shows it. */
export function dataIn(
  space: Space,
  version: string,
  data: { object: Json; previous_attributes?: JsonObject },
): { object: Json; previous_attributes?: JsonObject } {
  const object = shapeIn(space, version, data.object);
  if (data.previous_attributes === undefined) return { object };
  const before = shapeIn(space, version, merged(data.object, data.previous_attributes));
  return { object, previous_attributes: previousAttributes(before, object) };
}

/** An object in the shape that it had in an older version, with everything inside it. */
export function shapeIn(space: Space, version: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => shapeIn(space, version, item));
  if (!isObject(value)) return value;
  let object = value as JsonObject;
  const type = object.object;
  for (const change of CHANGES) {
    const shape = typeof type === 'string' ? change.shapes[type] : undefined;
    if (shape && dateOf(version) < change.version) object = shape(space, object);
  }
  return Object.fromEntries(
    Object.entries(object).map(([key, inner]) => [
      key,
      inner === undefined ? inner : shapeIn(space, version, inner),
    ]),
  );
}

/** https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects */
function oldInvoice(space: Space, invoice: JsonObject): JsonObject {
  const { parent, total_taxes: _taxes, amount_overpaid: _overpaid, ...kept } = invoice;
  const details =
    isObject(parent) && isObject(parent.subscription_details) ? parent.subscription_details : {};
  const intent = intentOf(space, String(invoice.id));
  return {
    ...kept,
    charge: intent === null ? null : (space.find('payment_intent', intent)?.latest_charge ?? null),
    discount: null,
    paid: invoice.status === 'paid',
    payment_intent: intent,
    quote: null,
    subscription: (details.subscription as string | undefined) ?? null,
    subscription_details: { metadata: (details.metadata as JsonObject | undefined) ?? null },
    tax: null,
    total_tax_amounts: [],
  };
}

function oldLine(space: Space, line: JsonObject): JsonObject {
  const { parent, pricing, taxes: _taxes, ...kept } = line;
  const of = (name: string): Record<string, unknown> =>
    isObject(parent) && isObject(parent[name]) ? parent[name] : {};
  const [item, extra] = [of('subscription_item_details'), of('invoice_item_details')];
  const details = isObject(pricing) && isObject(pricing.price_details) ? pricing.price_details : {};
  const price = typeof details.price === 'string' ? space.find('price', details.price) : undefined;
  return {
    ...kept,
    invoice_item: ((extra.invoice_item ?? item.invoice_item) as string | null | undefined) ?? null,
    price: price === undefined ? null : publicForm(price),
    proration: item.proration === true || extra.proration === true,
    subscription: ((item.subscription ?? extra.subscription) as string | null | undefined) ?? null,
    subscription_item: (item.subscription_item as string | undefined) ?? null,
    tax_amounts: [],
    tax_rates: [],
    type: Object.keys(item).length > 0 ? 'subscription' : 'invoiceitem',
  };
}

/** The periods stood at the subscription: https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end */
function oldSubscription(_space: Space, subscription: JsonObject): JsonObject {
  const { items } = subscription;
  const first: unknown = isObject(items) && Array.isArray(items.data) ? items.data[0] : undefined;
  const period = isObject(first) ? (first as JsonObject) : {};
  return {
    ...subscription,
    current_period_end: period.current_period_end ?? null,
    current_period_start: period.current_period_start ?? null,
    discount: null,
  };
}

function couponOf(space: Space, id: string | undefined): Json {
  const coupon = id === undefined ? undefined : space.find('coupon', id);
  return coupon === undefined ? (id ?? null) : publicForm(coupon);
}

function idIn(value: Json | undefined, key: string): string | undefined {
  const id = isObject(value) ? value[key] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function intentOf(space: Space, invoice: string): string | null {
  return space.listBy('invoice_payment', 'invoice', invoice)[0]?.payment.payment_intent ?? null;
}

function invoiceOf(space: Space, intent: string): string | null {
  return space.listBy('invoice_payment', 'payment_intent', intent)[0]?.invoice ?? null;
}

/** The object before a change: what `previous_attributes` says, and the rest as it is. */
function merged(now: Json, previous: Json): Json {
  if (!isObject(now) || !isObject(previous)) return previous;
  const out: JsonObject = { ...(now as JsonObject) };
  for (const [key, was] of Object.entries(previous as JsonObject)) {
    const is = out[key];
    out[key] = was === undefined ? is : is === undefined ? was : merged(is, was);
  }
  return out;
}

function dateOf(version: string): string {
  return version.slice(0, 10);
}
