import { HOUR, type Seconds } from '../domain/time';
import { idOf, type Shape } from './event-shapes';

/** An event about a membership, in whatever API version it was rendered. */
export interface News {
  type: string;
  object: Shape;
  /** What an update has changed, as it was before; null: it does not say. */
  previous: Shape | null;
}

/** What is known of the membership. */
export interface Known {
  /** One of the reasons of src/domain/membership-reasons.ts. */
  reason: string;
  /** When it is looked at by itself; seconds, UTC, on the account's clock. */
  deadline: Seconds | null;
  /** A look has seen the event's invoice paid, and has written the payment down. */
  isPaymentKnown: boolean;
}

/** Stripe finalizes a renewal's invoice an hour after it drafted it, and charges it at once. */
const SOON = 2 * HOUR;

/**
 * Why an event about a membership need not wake its run; null: the run has to look. Nothing is ever decided by what an
 * event says: it is left out only where a look has evidently been taken since, or where what it begins is told of by
 * events of its own, which do wake the run (docs/decisions/0042-what-a-membership-costs.md).
 */
export function whyOldNews({ type, object, previous }: News, known: Known): string | null {
  switch (type) {
    case 'customer.subscription.created':
      return 'the membership came of it, by a look that read it';
    case 'customer.subscription.updated':
      return previous === null ? null : whyUpdated(object, previous, known);
    case 'invoice.finalized':
      return (
        whyPaid(object, known) ?? (isChargedAtOnce(object, known) ? 'its payment is told of next' : null)
      );
    case 'invoice.paid':
      return whyPaid(object, known);
    default:
      return null;
  }
}

function whyUpdated(subscription: Shape, previous: Shape, { reason }: Known): string | null {
  if (isOnlyNextPeriod(subscription, previous))
    return 'nothing but its period has moved on; its invoice tells whether that is paid for';
  return reason !== 'first_payment_pending' && isOnlyBeginning(subscription, previous)
    ? 'that it began; the membership came of a look that found it so'
    : null;
}

/** Paid is the end of an invoice: what comes back of it later has events of its own. */
function whyPaid(invoice: Shape, { isPaymentKnown }: Known): string | null {
  if (isPaymentKnown) return 'its payment was seen, and is written down';
  // Paid in the moment in which the subscription began, before which there is no membership.
  const isFree = invoice['billing_reason'] === 'subscription_create' && invoice['amount_due'] === 0;
  return isFree && invoice['status'] === 'paid' ? 'the purchase itself, which cost nothing yet' : null;
}

/**
 * A renewal that Stripe is about to charge by itself, of a membership in good standing that is looked at within two hours
 * in any case. https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
function isChargedAtOnce(invoice: Shape, { reason, deadline }: Known): boolean {
  const { status_transitions: transitions, created } = invoice as {
    status_transitions?: { finalized_at?: unknown };
    created?: unknown;
  };
  const finalizedAt = transitions?.finalized_at ?? created;
  return (
    reason === 'paid' &&
    invoice['billing_reason'] === 'subscription_cycle' &&
    invoice['collection_method'] === 'charge_automatically' &&
    invoice['auto_advance'] === true &&
    typeof finalizedAt === 'number' &&
    deadline !== null &&
    deadline <= finalizedAt + SOON
  );
}

/** Of an item, and before basil of the subscription itself. */
const PERIOD = ['current_period_start', 'current_period_end'];

/**
 * Whether the next period is all that an update was about.
 * https://docs.stripe.com/api/events/object#event_object-data-previous_attributes
 */
function isOnlyNextPeriod(subscription: Shape, previous: Shape): boolean {
  const changed = Object.keys(previous);
  const isPeriod = (key: string) => PERIOD.includes(key) || key === 'latest_invoice';
  return (
    changed.some((key) => PERIOD.includes(key) || key === 'items') &&
    changed.every((key) => isPeriod(key) || (key === 'items' && areSameItems(subscription, previous)))
  );
}

/** What an update names as the first payment is through. */
const BEGINNING = ['status', 'default_payment_method', 'latest_invoice', ...PERIOD];

/**
 * Whether an update is about the first payment and no more: nobody who has paid goes back to `incomplete`.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
function isOnlyBeginning(subscription: Shape, previous: Shape): boolean {
  return (
    previous['status'] === 'incomplete' &&
    (subscription['status'] === 'active' || subscription['status'] === 'trialing') &&
    Object.keys(previous).every((key) => BEGINNING.includes(key))
  );
}

function areSameItems({ items: present }: Shape, { items: before }: Shape): boolean {
  const now = itemsOf(present);
  const then = itemsOf(before);
  return (
    then.length > 0 &&
    then.length === now.length &&
    then.every((item) => {
      const same = now.find((each) => idOf(each['id']) === idOf(item['id']));
      return (
        same !== undefined && JSON.stringify(withoutPeriod(same)) === JSON.stringify(withoutPeriod(item))
      );
    })
  );
}

function itemsOf(list: unknown): Shape[] {
  const data = (list as { data?: unknown } | null | undefined)?.data;
  return Array.isArray(data) ? (data as Shape[]) : [];
}

/** An item with its fields in one order, and none of its period. */
const withoutPeriod = (item: Shape): [string, unknown][] =>
  Object.entries(item)
    .filter(([key]) => !PERIOD.includes(key))
    .sort(([one], [other]) => (one < other ? -1 : 1));
