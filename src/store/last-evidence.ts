import type Stripe from 'stripe';
import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { MembershipEvidence } from '../domain/membership-facts';
import { type Seconds, toSeconds } from '../domain/time';
import type { InvoiceFacts } from '../domain/stripe-facts';
import { periodEndOf, type Shape } from '../stripe/event-shapes';
import { whatIsThere } from '../stripe/every-page';
import { subscriptionFacts } from '../stripe/subscription-facts';
import type { WaitingEvent } from './waiting-events';

/** What the row says was paid, for all items alike; nothing is known to have come back of it. */
function paidInvoice(paidThrough: Seconds | null, itemIds: readonly string[]): InvoiceFacts {
  const nothing = { amountDue: 0, amountPaid: 0, amountRemaining: 0, fromBalance: 0, creditNotes: 0 };
  return {
    ...nothing,
    id: '',
    createdAt: 0,
    reason: 'other',
    status: 'paid',
    collectionMethod: 'charge_automatically',
    total: 0,
    amountRefunded: 0,
    dispute: null,
    disputeDates: null,
    finalizedAt: null,
    paidAt: null,
    dueAt: null,
    attempted: true,
    nextAttemptAt: null,
    hostedUrl: null,
    periodEnd: paidThrough,
    lines:
      paidThrough === null
        ? []
        : itemIds.map((itemId) => ({
            id: '',
            itemId,
            stripePriceId: null,
            stripeProductId: null,
            quantity: null,
            amount: 0,
            discount: 0,
            proration: false,
            periodStart: 0,
            periodEnd: paidThrough,
            credits: null,
          })),
  };
}

/** What an event of an older version may leave out. */
const ABSENT = { pause_collection: null, cancel_at: null, ended_at: null, schedule: null };

/**
 * When an account can no longer be read, the signed events that still wait are the last evidence: the newest
 * subscription among them, with what is stored as paid. One that is older than our last look knows less than the row;
 * within the same second only its status tells, and nobody who has paid goes back to `incomplete`. Without an event
 * only the row is left.
 */
export async function lastEvidence(
  db: Db,
  row: Membership,
  events: readonly WaitingEvent[],
): Promise<MembershipEvidence> {
  const newest = await db.inbox.findFirst({
    where: {
      id: { in: events.map((event) => event.id) },
      type: { startsWith: 'customer.subscription.' },
      objectId: row.stripeSubscriptionId,
      accountId: row.accountId,
      stripeCreated: { gte: new Date(Math.floor(row.verifiedAt.getTime() / 1000) * 1000) },
      ...(row.paidThrough === null
        ? {}
        : { NOT: { payload: { path: ['data', 'object', 'status'], equals: 'incomplete' } } }),
    },
    orderBy: [{ stripeCreated: 'desc' }, { id: 'desc' }],
  });
  if (newest === null || row.kind !== 'subscription') return { kind: 'unreadable' };
  const event = newest.payload as unknown as { data: { object: Stripe.Subscription } };
  const object = { ...ABSENT, ...event.data.object };
  const items = whatIsThere(object.items);
  const paidThrough = row.paidThrough === null ? null : toSeconds(row.paidThrough);
  const paid = paidInvoice(
    paidThrough,
    items.map(({ id }) => id),
  );
  return {
    kind: 'subscription',
    subscription: {
      ...subscriptionFacts(object, items, []),
      // An older version's event has the period on the subscription.
      currentPeriodEnd: periodEndOf(event.data.object as unknown as Shape),
      invoices: [paid],
    },
  };
}
