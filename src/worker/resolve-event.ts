import type Stripe from 'stripe';
import type { Db } from '../db/client';
import type { Mode } from '../domain/mode';
import { expectObject } from '../stripe/errors';
import { onePage } from '../stripe/every-page';
import type { Owner } from '../temporal/runs';
import type { Target } from '../workflows/messages';

/** Where an event belongs. */
export type Resolution =
  | { kind: 'target'; target: Target; owner: Owner }
  /** Provably not ours, or of a kind that changes nothing here: recorded and ignored. */
  | { kind: 'foreign'; why: string }
  /** Nothing of ours leads to it yet: kept and tried again. */
  | { kind: 'unresolved'; why: string };

/** An event as far as its resolution is concerned. */
export interface EventToResolve {
  mode: Mode;
  accountId: string | null;
  type: string;
  object: Record<string, unknown>;
}

export interface ResolverDeps {
  db: Db;
  /** The platform's Stripe client of a mode, for the few objects that do not name their owner. */
  stripe: (mode: Mode) => Stripe;
}

type Resolver = (event: OurEvent, deps: ResolverDeps) => Promise<Resolution>;
type OurEvent = EventToResolve & { accountId: string };

/**
 * The one table of event types: type → how its object leads to a row of ours. The platform's webhook endpoints listen
 * to exactly these types. Objects are looked for by stored id first, then by our metadata *and* the matching account:
 * a coach controls the metadata on their own account, so it is never proof on its own.
 */
export const RESOLVERS: Record<string, Resolver> = {
  'account.updated': byAccount,
  'account.application.deauthorized': byAccount,

  'checkout.session.completed': bySession,
  'checkout.session.async_payment_succeeded': bySession,
  'checkout.session.async_payment_failed': bySession,
  'checkout.session.expired': bySession,

  'customer.subscription.created': bySubscription,
  'customer.subscription.updated': bySubscription,
  'customer.subscription.deleted': bySubscription,
  'customer.subscription.paused': bySubscription,
  'customer.subscription.resumed': bySubscription,

  'invoice.finalized': byInvoice,
  'invoice.paid': byInvoice,
  'invoice.payment_failed': byInvoice,
  'invoice.payment_action_required': byInvoice,
  'invoice.voided': byInvoice,
  'invoice.marked_uncollectible': byInvoice,

  'charge.refunded': byPayment,
  'charge.dispute.created': byPayment,
  'charge.dispute.updated': byPayment,
  'charge.dispute.closed': byPayment,
  'refund.created': byPayment,
  'refund.updated': byPayment,
  'refund.failed': byPayment,
};

/** Every type that a webhook endpoint of the platform has to send. */
export const EVENT_TYPES = Object.keys(RESOLVERS).sort();

/** Resolves one event, afresh at each dispatch. Reads only. */
export async function resolveEvent(event: EventToResolve, deps: ResolverDeps): Promise<Resolution> {
  const resolver = RESOLVERS[event.type];
  if (resolver === undefined) return { kind: 'foreign', why: `nothing here listens to ${event.type}` };
  const { accountId } = event;
  if (accountId === null) return { kind: 'foreign', why: 'an event of the platform itself' };
  const connection = await deps.db.connection.findFirst({ where: { mode: event.mode, accountId } });
  if (connection === null) return { kind: 'foreign', why: 'no coach here has this account in this mode' };
  return resolver({ ...event, accountId }, deps);
}

async function byAccount(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const row = await db.connection.findFirst({
    where: { mode, accountId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  if (row === null) return { kind: 'unresolved', why: 'no connection' };
  return found({ kind: 'connection', id: row.id }, { mode, accountId, coachId: row.coachId });
}

async function bySession(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const id = text(event.object['id']);
  const row =
    id === null ? null : await db.checkout.findFirst({ where: { mode, accountId, stripeSessionId: id } });
  if (row !== null) return found({ kind: 'checkout', id: row.id }, { ...row, mode, accountId });
  return byMetadata(event, event.object['metadata'], db);
}

async function bySubscription(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  return subscriptionById(event, text(event.object['id']), event.object['metadata'], db);
}

async function byInvoice(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const details = subscriptionDetails(event.object);
  if (details === null) return { kind: 'foreign', why: 'an invoice without a subscription' };
  return subscriptionById(event, idOf(details['subscription']), details['metadata'], db);
}

/**
 * Charges, refunds and disputes do not name an invoice any more: payment intent → invoice payment → invoice →
 * subscription. https://docs.stripe.com/api/invoice-payment/list
 */
async function byPayment(event: OurEvent, deps: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const intent = idOf(event.object['payment_intent']);
  if (intent === null) return { kind: 'foreign', why: 'a payment without a payment intent' };
  const row = await deps.db.membership.findFirst({
    where: { mode, accountId, stripePaymentIntentId: intent },
  });
  if (row !== null) return found({ kind: 'membership', id: row.id }, { ...row, mode });
  const byCharge = await byMetadata(event, event.object['metadata'], deps.db);
  if (byCharge.kind === 'target') return byCharge;

  const stripe = deps.stripe(mode);
  const options = { stripeAccount: accountId };
  // A payment belongs to one invoice.
  const [payment] = await onePage(
    stripe.invoicePayments.list(
      { payment: { type: 'payment_intent', payment_intent: intent }, limit: 1 },
      options,
    ),
  );
  const invoiceId = idOf(payment?.invoice);
  if (invoiceId === null) {
    // Of a one-off checkout that is not bound yet, then; or of somebody else's sale on the same account.
    const paymentIntent = await stripe.paymentIntents.retrieve(intent, undefined, options);
    return byMetadata(event, expectObject(paymentIntent, 'payment_intent').metadata, deps.db);
  }
  const invoice = expectObject(await stripe.invoices.retrieve(invoiceId, undefined, options), 'invoice');
  return byInvoice({ ...event, object: { ...invoice } }, deps);
}

async function subscriptionById(
  event: OurEvent,
  subscriptionId: string | null,
  metadata: unknown,
  db: Db,
): Promise<Resolution> {
  const { mode, accountId } = event;
  const row =
    subscriptionId === null
      ? null
      : await db.membership.findFirst({ where: { mode, accountId, stripeSubscriptionId: subscriptionId } });
  if (row !== null) return found({ kind: 'membership', id: row.id }, { ...row, mode });
  return byMetadata(event, metadata, db);
}

/** By the id of our checkout that we put into what comes of it, if that checkout is of the event's account and mode. */
async function byMetadata(event: OurEvent, metadata: unknown, db: Db): Promise<Resolution> {
  const checkoutId = text((metadata as Record<string, unknown> | null | undefined)?.['checkoutId']);
  if (checkoutId === null) return { kind: 'foreign', why: 'it does not come from a checkout of ours' };
  const row = await db.checkout.findUnique({ where: { id: checkoutId }, include: { membership: true } });
  if (row === null || row.mode !== event.mode || row.accountId !== event.accountId)
    return { kind: 'foreign', why: 'it names a checkout that is not of this account and mode' };
  // Once it is bound, what happens to the purchase is the membership's.
  if (row.membership !== null) return found({ kind: 'membership', id: row.membership.id }, row.membership);
  return found({ kind: 'checkout', id: row.id }, { ...row, accountId: event.accountId });
}

function subscriptionDetails(invoice: Record<string, unknown>): Record<string, unknown> | null {
  const parent = invoice['parent'] as
    { subscription_details?: Record<string, unknown> | null } | null | undefined;
  return parent?.subscription_details ?? null;
}

function found(
  target: Target,
  row: { mode: Mode; coachId: string; accountId: string; memberId?: string | null },
): Resolution {
  const { mode, coachId, accountId, memberId } = row;
  return { kind: 'target', target, owner: { mode, coachId, accountId, memberId: memberId ?? null } };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function idOf(ref: unknown): string | null {
  return text(ref) ?? text((ref as { id?: unknown } | null | undefined)?.id);
}
