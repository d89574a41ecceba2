import type Stripe from 'stripe';
import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import { type CheckoutStatus, isClosed } from '../domain/checkout';
import { isLookedAt } from '../domain/checkout-look';
import type { Mode } from '../domain/mode';
import { toSecondsOrNull } from '../domain/time';
import { expectObject, isMissing } from '../stripe/errors';
import {
  idOf,
  paymentOf,
  type Shape,
  snapshotTypeOf,
  subscriptionOfInvoice,
  text,
} from '../stripe/event-shapes';
import { type EventType, whyForeign } from '../stripe/event-types';
import { onePage } from '../stripe/every-page';
import { whyOldNews } from '../stripe/old-news';
import type { Owner } from '../messages/start-options';
import type { Target } from '../messages/messages';

/** Where an event belongs. */
export type Resolution =
  | { kind: 'target'; target: Target; owner: Owner }
  /** About something of ours that has evidently been looked at since: no run is woken for it. */
  | { kind: 'old_news'; why: string }
  /** Provably not ours, or of a kind that changes nothing here: recorded and ignored. */
  | { kind: 'foreign'; why: string }
  /** Nothing of ours leads to it yet: kept and tried again. */
  | {
      kind: 'unresolved';
      why: string;
      /** It is not the event's failure: Stripe could not be asked. */
      outage?: boolean;
    };

/** An event as far as its resolution is concerned. */
export interface EventToResolve {
  mode: Mode;
  accountId: string | null;
  type: string;
  /** In whatever API version the event was rendered: read through `src/stripe/event-shapes.ts` only. */
  object: Shape;
  /** What an update has changed, as it was before. */
  previous?: Shape | null;
  /** A thin event's: the object is fetched when the type is one of ours. */
  related?: { id: string } | null;
}

export interface ResolverDeps {
  db: Db;
  /** What earlier events of the same batch have asked for; without it each asks anew. */
  known?: Known;
  /** The platform's Stripe client of a mode, for the few objects that do not name their owner. */
  stripe: (mode: Mode) => Stripe;
}

/** What many events lead to. */
export interface Known {
  /** The connection of a coach here that has, or had, an account in a mode. */
  connectionOf: (mode: Mode, accountId: string) => Promise<{ id: string } | null>;
  membershipOf: (mode: Mode, accountId: string, subscriptionId: string) => Promise<Membership | null>;
}

type Resolver = (event: OurEvent, deps: Given) => Promise<Resolution>;
type Given = ResolverDeps & { known: Known };
type OurEvent = EventToResolve & { accountId: string };

/** Milliseconds for one question to Stripe: an account that answers slower is asked again later. */
const STRIPE_TIMEOUT_MS = 10_000;

const askOf = (accountId: string) => ({ stripeAccount: accountId, timeout: STRIPE_TIMEOUT_MS });

/**
 * The one table of event types: type → how its object leads to a row of ours. The platform's webhook endpoints listen
 * to exactly these types. Objects are looked for by stored id first, then by our metadata *and* the matching account:
 * a coach controls the metadata on their own account, so it is never proof on its own.
 */
export const RESOLVERS: Record<EventType, Resolver> = {
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

  'product.updated': byProduct,
  'product.deleted': byProduct,
  'price.updated': byPrice,
  'price.deleted': byPrice,
  'coupon.updated': byCoupon,
  'coupon.deleted': byCoupon,
  'promotion_code.updated': byPromotionCode,

  'charge.refunded': byPayment,
  'charge.dispute.created': byPayment,
  'charge.dispute.updated': byPayment,
  'charge.dispute.closed': byPayment,
  'refund.created': byPayment,
  'refund.updated': byPayment,
  'refund.failed': byPayment,
};

/** Resolves one event, afresh at each dispatch. Reads only. */
export async function resolveEvent(event: EventToResolve, deps: ResolverDeps): Promise<Resolution> {
  const foreign = whyForeign(event);
  if (foreign !== null) return { kind: 'foreign', why: foreign };
  const [type, accountId] = [snapshotTypeOf(event.type) as EventType, event.accountId as string];
  const known = deps.known ?? remembered(deps.db);
  if ((await known.connectionOf(event.mode, accountId)) === null)
    return { kind: 'foreign', why: 'no coach here has this account in this mode' };
  const ours = { ...event, accountId };
  const given = { ...deps, known };
  if (event.related == null) return RESOLVERS[type](ours, given);
  const object = await relatedObject(ours, event.related.id, deps);
  return object === null
    ? { kind: 'foreign', why: 'a thin event about an object that cannot be fetched here' }
    : RESOLVERS[type]({ ...ours, object }, given);
}

/**
 * Rows that are there are asked for once while a batch of events is worked on. What is read may be as old as the batch: it
 * leads to the same run, and shows no look that was not taken (src/stripe/old-news.ts).
 */
export function remembered(db: Db): Known {
  return {
    connectionOf: once((mode, accountId) =>
      db.connection.findFirst({ where: { mode, accountId }, select: { id: true } }),
    ),
    membershipOf: once((mode, accountId, stripeSubscriptionId) =>
      db.membership.findFirst({ where: { mode, accountId, stripeSubscriptionId } }),
    ),
  };
}

/** Asks once for what is there; for what is not there again and again, as it may just come. */
function once<Key extends string[], Row>(
  ask: (...key: Key) => Promise<Row | null>,
): (...key: Key) => Promise<Row | null> {
  const asked = new Map<string, Promise<Row | null>>();
  return (...key) => {
    const name = key.join('/');
    const before = asked.get(name);
    if (before !== undefined) return before;
    const asking = ask(...key);
    asked.set(name, asking);
    const forget = () => asked.delete(name);
    asking.then((row) => row === null && forget(), forget);
    return asking;
  };
}

/** What a thin event is about: fetched where the kind of object says more than its id. */
async function relatedObject(event: OurEvent, id: string, deps: ResolverDeps): Promise<Shape | null> {
  const stripe = deps.stripe(event.mode);
  const options = askOf(event.accountId);
  const fetch = async (): Promise<Shape> => {
    if (id.startsWith('sub_')) return { ...(await stripe.subscriptions.retrieve(id, undefined, options)) };
    if (id.startsWith('in_')) return { ...(await stripe.invoices.retrieve(id, undefined, options)) };
    if (id.startsWith('cs_')) return { ...(await stripe.checkout.sessions.retrieve(id, undefined, options)) };
    if (id.startsWith('ch_') || id.startsWith('py_'))
      return { ...(await stripe.charges.retrieve(id, undefined, options)) };
    if (id.startsWith('re_') || id.startsWith('pyr_'))
      return { ...(await stripe.refunds.retrieve(id, undefined, options)) };
    if (id.startsWith('dp_') || id.startsWith('du_'))
      return { ...(await stripe.disputes.retrieve(id, undefined, options)) };
    return { id };
  };
  return orNull(fetch);
}

/** Null when Stripe does not have the object any more: whatever it led to cannot be found by it. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
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
  if (row === null) return byMetadata(event, event.object['metadata'], db);
  return isOver(row.status)
    ? { kind: 'old_news', why: 'its checkout is closed for good' }
    : found({ kind: 'checkout', id: row.id }, { ...row, mode, accountId });
}

/** Nothing that Stripe says of its session has it looked at again. */
const isOver = (status: CheckoutStatus) => isClosed(status) && !isLookedAt(status, true);

async function bySubscription(event: OurEvent, deps: Given): Promise<Resolution> {
  return subscriptionById(event, text(event.object['id']), event.object['metadata'], deps);
}

async function byInvoice(event: OurEvent, deps: Given): Promise<Resolution> {
  const subscription = subscriptionOfInvoice(event.object);
  if (subscription === null) return { kind: 'foreign', why: 'an invoice without a subscription' };
  return subscriptionById(event, subscription.id, subscription.metadata, deps);
}

/**
 * Charges, refunds and disputes: by the stored payment, by our metadata, by the invoice that they name (before basil) or
 * that their payment belongs to: payment intent → invoice payment → invoice → subscription.
 * https://docs.stripe.com/api/invoice-payment/list
 */
async function byPayment(event: OurEvent, deps: Given): Promise<Resolution> {
  const { mode, accountId } = event;
  const options = askOf(accountId);
  const payment = paymentOf(event.object);
  const stored = await byStoredIntent(event, payment.paymentIntentId, deps.db);
  if (stored !== null) return stored;
  for (const metadata of payment.metadata) {
    const named = await byMetadata(event, metadata, deps.db);
    if (named.kind === 'target') return named;
  }
  if (payment.invoice !== null) return byInvoiceId(event, payment.invoice, deps);

  let intent = payment.paymentIntentId;
  if (intent === null && payment.chargeId !== null) {
    const id = payment.chargeId;
    const charge = await orNull(async () =>
      expectObject(await deps.stripe(mode).charges.retrieve(id, undefined, options), 'charge'),
    );
    intent = idOf(charge?.payment_intent);
    const row = await byStoredIntent(event, intent, deps.db);
    if (row !== null) return row;
  }
  if (intent === null) return { kind: 'foreign', why: 'a payment without a payment intent' };

  const stripe = deps.stripe(mode);
  // A payment belongs to one invoice.
  const [paid] = await onePage(
    stripe.invoicePayments.list(
      { payment: { type: 'payment_intent', payment_intent: intent }, limit: 1 },
      options,
    ),
  );
  const invoiceId = idOf(paid?.invoice);
  if (invoiceId !== null) return byInvoiceId(event, { id: invoiceId, expanded: null }, deps);
  // Of a one-off checkout that is not bound yet, then; or of somebody else's sale on the same account.
  const id = intent;
  const present = await orNull(async () =>
    expectObject(await stripe.paymentIntents.retrieve(id, undefined, options), 'payment_intent'),
  );
  return byMetadata(event, present?.metadata, deps.db);
}

async function byStoredIntent(event: OurEvent, intent: string | null, db: Db): Promise<Resolution | null> {
  if (intent === null) return null;
  const { mode, accountId } = event;
  const row = await db.membership.findFirst({ where: { mode, accountId, stripePaymentIntentId: intent } });
  return row === null ? null : found({ kind: 'membership', id: row.id }, { ...row, mode });
}

/** An expanded invoice of an event may be an older version's, without metadata: Stripe has it in ours. */
async function byInvoiceId(
  event: OurEvent,
  { id, expanded }: { id: string; expanded: Shape | null },
  deps: Given,
): Promise<Resolution> {
  const told = expanded === null ? null : await byInvoice({ ...event, object: expanded }, deps);
  if (told?.kind === 'target') return told;
  const invoice = await orNull(async () =>
    expectObject(
      await deps.stripe(event.mode).invoices.retrieve(id, undefined, askOf(event.accountId)),
      'invoice',
    ),
  );
  if (invoice === null) return { kind: 'foreign', why: 'a payment of an invoice that is not there any more' };
  // The invoice of what was bought once, by a checkout that is not bound yet.
  if (subscriptionOfInvoice({ ...invoice }) === null) return byMetadata(event, invoice.metadata, deps.db);
  return byInvoice({ ...event, object: { ...invoice } }, deps);
}

/** By the id that we stored for this account; the other products of the coach are none of ours. */
async function byProduct(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const stripeProductId = text(event.object['id']) ?? '';
  const row = await db.stripeProduct.findFirst({ where: { mode, accountId, stripeProductId } });
  if (row === null) return { kind: 'foreign', why: 'no product of ours' };
  return found({ kind: 'product', id: row.productId }, row);
}

/** A price and its setup fee's lead to the product that they are prices of. */
async function byPrice(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const id = text(event.object['id']) ?? '';
  const row = await db.priceProvisioning.findFirst({
    where: { mode, accountId, OR: [{ stripePriceId: id }, { stripeSetupPriceId: id }] },
    include: { price: true },
  });
  if (row === null) return { kind: 'foreign', why: 'no price of ours' };
  return found({ kind: 'product', id: row.price.productId }, row);
}

/** By the id that we chose for this account; the coach's other coupons are none of ours. */
async function byCoupon(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const stripeCouponId = text(event.object['id']) ?? '';
  const row = await db.coupon.findFirst({ where: { mode, accountId, stripeCouponId } });
  if (row === null) return { kind: 'foreign', why: 'no coupon of ours' };
  return found({ kind: 'coupon', id: row.id }, row);
}

async function byPromotionCode(event: OurEvent, { db }: ResolverDeps): Promise<Resolution> {
  const { mode, accountId } = event;
  const stripePromotionCodeId = text(event.object['id']) ?? '';
  const row = await db.promotionCode.findFirst({ where: { mode, accountId, stripePromotionCodeId } });
  if (row === null) return { kind: 'foreign', why: 'no promotion code of ours' };
  return found({ kind: 'coupon', id: row.couponId }, row);
}

async function subscriptionById(
  event: OurEvent,
  subscriptionId: string | null,
  metadata: unknown,
  { db, known }: Given,
): Promise<Resolution> {
  const { mode, accountId } = event;
  const bound = ({ membershipOf }: Known) =>
    subscriptionId === null ? null : membershipOf(mode, accountId, subscriptionId);
  const row = await bound(known);
  if (row !== null) return byMembership(event, row, db);
  const named = await byMetadata(event, metadata, db);
  if (named.kind !== 'target' || named.target.kind !== 'membership') return named;
  // Its checkout may have been bound between the two questions: by the look that this event would ask for.
  const since = await bound(remembered(db));
  return since === null ? named : byMembership(event, since, db);
}

/** The membership, unless it evidently was looked at after what the event tells of. */
async function byMembership(event: OurEvent, row: Membership, db: Db): Promise<Resolution> {
  const { mode, accountId } = event;
  const type = snapshotTypeOf(event.type);
  const stripeId = text(event.object['id']);
  const payment =
    type.startsWith('invoice.') && stripeId !== null
      ? await db.payment.findUnique({ where: { mode_accountId_stripeId: { mode, accountId, stripeId } } })
      : null;
  const why = whyOldNews(
    { type, object: event.object, previous: event.previous ?? null },
    {
      reason: row.reason,
      deadline: toSecondsOrNull(row.nextDeadlineAt),
      isPaymentKnown: payment?.status === 'succeeded',
    },
  );
  return why === null
    ? found({ kind: 'membership', id: row.id }, { ...row, mode })
    : { kind: 'old_news', why };
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

function found(
  target: Target,
  row: { mode: Mode; coachId: string; accountId: string; memberId?: string | null },
): Resolution {
  const { mode, coachId, accountId, memberId } = row;
  return { kind: 'target', target, owner: { mode, coachId, accountId, memberId: memberId ?? null } };
}
