import { snapshotTypeOf } from './event-shapes';

/**
 * Every type of event that means anything here, and the only ones that the platform's webhook endpoints send, that the
 * reconciliation takes from Stripe's list, and that `src/worker/resolve-event.ts` has a row for.
 * https://docs.stripe.com/api/events/types
 */
const NAMES = [
  'account.updated',
  'account.application.deauthorized',

  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',

  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',

  'invoice.finalized',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.voided',
  'invoice.marked_uncollectible',

  'product.updated',
  'product.deleted',
  'price.updated',
  'price.deleted',
  'coupon.updated',
  'coupon.deleted',
  'promotion_code.updated',

  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'refund.created',
  'refund.updated',
  'refund.failed',
] as const;

export type EventType = (typeof NAMES)[number];

/** The same, in the order of the alphabet. */
export const EVENT_TYPES: EventType[] = [...NAMES].sort();

const KNOWN = new Set<string>(NAMES);

export function isEventType(type: string): type is EventType {
  return KNOWN.has(type);
}

/** Why an event can mean nothing here, whatever our tables say; null: they have to be asked. */
export function whyForeign({ type, accountId }: { type: string; accountId: string | null }): string | null {
  if (!isEventType(snapshotTypeOf(type))) return `nothing here listens to ${type}`;
  return accountId === null ? 'an event of the platform itself' : null;
}
