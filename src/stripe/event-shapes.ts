/**
 * What the object of an event says, in whichever API version it was rendered. An endpoint may be pinned to an older
 * version than ours, and a list of events has each one "rendered according to Stripe API version at its creation time":
 * https://docs.stripe.com/api/events/list. What is found here is a hint; the look that follows fetches the present
 * state in our own version.
 */

export type Shape = Record<string, unknown>;

/** The subscription that an object belongs to, by id or by the metadata that the subscription has. */
export interface SubscriptionRef {
  id: string | null;
  metadata: unknown;
}

/**
 * The subscription of an invoice; null when it has none.
 *
 * - since 2025-03-31.basil: `parent.subscription_details`
 *   (https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects)
 * - before: `subscription` at the top level, an id or the expanded object; the metadata in `subscription_details`, or,
 *   before that was added in 2023, only on the lines of type `subscription`
 * - where the invoice itself names none: the lines name it, in `parent.subscription_item_details`,
 *   `parent.invoice_item_details`, or, before basil, in `subscription`
 */
export function subscriptionOfInvoice(invoice: Shape): SubscriptionRef | null {
  const details = shape(shape(invoice['parent'])?.['subscription_details']);
  if (details !== null) return { id: idOf(details['subscription']), metadata: details['metadata'] };

  const lines = linesOf(invoice);
  const ofLines = lines.map(subscriptionOfLine).find((ref) => ref !== null) ?? null;
  const top = invoice['subscription'];
  const earlier = shape(invoice['subscription_details']);
  const id = idOf(top);
  if (id === null && earlier === null) return ofLines;
  return {
    id: id ?? ofLines?.id ?? null,
    metadata: earlier?.['metadata'] ?? shape(top)?.['metadata'] ?? ofLines?.metadata,
  };
}

function subscriptionOfLine(line: Shape): SubscriptionRef | null {
  const parent = shape(line['parent']);
  const details =
    shape(parent?.['subscription_item_details']) ?? shape(parent?.['invoice_item_details']) ?? line;
  // Before 2019 the line of a subscription had the subscription's own id.
  const own = text(line['id'])?.startsWith('sub_') === true ? text(line['id']) : null;
  const id = idOf(details['subscription']) ?? own;
  // An item of the invoice has metadata of its own; only a subscription's line repeats the subscription's.
  const repeats = line['type'] === 'subscription' || parent?.['type'] === 'subscription_item_details';
  return id === null ? null : { id, metadata: repeats ? line['metadata'] : undefined };
}

function linesOf(invoice: Shape): Shape[] {
  const data = shape(invoice['lines'])?.['data'];
  return Array.isArray(data) ? data.map(shape).filter((line) => line !== null) : [];
}

/** How a charge, a refund or a dispute leads to what was paid for. */
export interface PaymentRef {
  paymentIntentId: string | null;
  /** Before basil a charge named its invoice. https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices */
  invoice: { id: string; expanded: Shape | null } | null;
  /** The charge that a refund or a dispute is about; before 2019 they named nothing else. */
  chargeId: string | null;
  metadata: unknown[];
}

/** @see PaymentRef. References may be ids or expanded objects. */
export function paymentOf(object: Shape): PaymentRef {
  const isCharge = object['object'] === 'charge';
  const charge = isCharge ? object : shape(object['charge']);
  const intent = shape(object['payment_intent']) ?? shape(charge?.['payment_intent']);
  const invoice = object['invoice'] ?? charge?.['invoice'] ?? intent?.['invoice'];
  const invoiceId = idOf(invoice);
  return {
    paymentIntentId: idOf(object['payment_intent']) ?? idOf(charge?.['payment_intent']),
    invoice: invoiceId === null ? null : { id: invoiceId, expanded: shape(invoice) },
    chargeId: isCharge ? null : idOf(object['charge']),
    metadata: [object['metadata'], charge?.['metadata'], intent?.['metadata']],
  };
}

/** Since when the present period of a subscription ends: on its items since basil, on itself before; 0 when nothing says. */
export function periodEndOf(subscription: Shape): number {
  const items = shape(subscription['items'])?.['data'];
  const ends = [subscription, ...(Array.isArray(items) ? items.map(shape) : [])]
    .map((holder) => holder?.['current_period_end'])
    .filter((end) => typeof end === 'number');
  return Math.max(0, ...ends);
}

/** A thin event: it names its object instead of containing it. https://docs.stripe.com/event-destinations#thin-events */
export const THIN_EVENT = 'v2.core.event';

/** The object that a thin event is about; null for any other event, and for a thin one about nothing. */
export function relatedObjectOf(event: Shape): { id: string; type: string | null } | null {
  const related = event['object'] === THIN_EVENT ? shape(event['related_object']) : null;
  const id = text(related?.['id']);
  return id === null ? null : { id, type: text(related?.['type']) };
}

/** A thin event about one of our types is that type: `v1.invoice.paid` is `invoice.paid`. */
export function snapshotTypeOf(type: string): string {
  return type.startsWith('v1.') ? type.slice(3) : type;
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The id of a reference: the id itself, or that of the expanded object. */
export function idOf(ref: unknown): string | null {
  return text(ref) ?? text(shape(ref)?.['id']);
}

function shape(value: unknown): Shape | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Shape) : null;
}
