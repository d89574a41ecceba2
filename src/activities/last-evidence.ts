import type Stripe from 'stripe';
import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { MembershipEvidence } from '../domain/membership';
import { toSeconds } from '../domain/time';
import { subscriptionFacts } from '../stripe/facts';
import type { WaitingEvent } from './settle';

/** What the row says was paid, of which nothing is known to have come back. */
const NOTHING_BACK = { reason: 'other', amountPaid: 0, amountRefunded: 0, dispute: null } as const;

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
  const facts = subscriptionFacts(event.data.object, []);
  const paidThrough = row.paidThrough === null ? null : toSeconds(row.paidThrough);
  return {
    kind: 'subscription',
    subscription: {
      ...facts,
      invoices: [
        { ...NOTHING_BACK, id: '', status: 'paid', finalizedAt: null, paidAt: null, periodEnd: paidThrough },
      ],
    },
  };
}
