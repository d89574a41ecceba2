import { activityInfo } from '@temporalio/activity';
import type { Tx } from '../db/client';
import type { CheckoutItem, Price, Prisma } from '../db/generated/client';
import { type CheckoutDecision, isClosed } from '../domain/checkout';
import { newId } from '../domain/ids';
import type { MembershipItem } from '../domain/items';
import { decideMembership } from '../domain/membership';
import type { Policy } from '../domain/policy';
import { accessStart } from '../domain/pricing';
import type { SessionFacts } from '../domain/stripe-facts';
import { type Seconds, toDate, toSecondsOrNull } from '../domain/time';
import type { TimelineKind } from '../domain/timeline';
import type { Cause } from '../messages/messages';
import { lockedAccess, lockMemberProduct } from './access-change';
import { bundlesOf } from './bundles';
import { hintId, insertHints } from './hints';
import { syncItemGrants } from './item-grants';
import { grantColumns, membershipColumns, subscriptionColumns } from './membership-columns';
import type { PaidCheckout } from './paid-checkout';
import { recordPayments } from './payments';
import { recordMovement } from './revenue-movements';
import { causeOf, type WaitingEvent } from './waiting-events';
import { hadTrial } from './trials';

/** A look at a checkout that is to be committed. */
export interface SyncedCheckout {
  /** With the price that was sold. */
  row: PaidCheckout & { price: Price };
  decision: CheckoutDecision;
  now: Seconds;
  events: WaitingEvent[];
  cause: Cause;
}

const TAKEN: TimelineKind = 'taken_beside';
const BOUGHT_LATE = 'internal.bought_late';

/** What came of a completed checkout. */
export interface Purchased {
  membershipId: string;
  reason: string;
  /** Seconds, UTC: the end of the access; null: none. */
  until: Seconds | null;
}

/** Inserts the membership, its grants and the timeline's entries of a completed checkout. */
export async function commitPurchase(
  tx: Tx,
  settled: SyncedCheckout & {
    row: { beside: CheckoutItem[] };
    /** Whose it is: `memberOfCheckout` knows. */
    memberId: string;
    session: SessionFacts;
    items: MembershipItem[];
    policy: Policy;
  },
): Promise<Purchased> {
  const { row, memberId, session, items, decision, now, policy } = settled;
  const key = { coachId: row.coachId, mode: row.mode, memberId, productId: row.productId };
  const kind = session.subscription === null ? 'one_off' : 'subscription';
  const membership = decideMembership(
    {
      kind,
      startedAt: decision.paidAt ?? now,
      paidThrough: null,
      installmentsDue: row.price.installments,
      installmentsPaid: null,
      accessDays: row.price.accessDays,
      accessStartsAt: toSecondsOrNull(row.price.accessStartsAt),
      withheld: null,
    },
    session.subscription === null
      ? { kind: 'payment', payment: session.payment }
      : { kind: 'subscription', subscription: session.subscription },
    now,
    policy,
  );
  // Stripe's clock may be a little ahead of ours: what is paid gives access now, or on its date.
  const startedAt = Math.min(decision.paidAt ?? now, now);
  const startsAt = accessStart(startedAt, toSecondsOrNull(row.price.accessStartsAt));
  const taken = await take(tx, row, session, toDate(startedAt));
  const soldIds = [
    ...(row.price.soldAt === null ? [row.priceId] : []),
    ...taken.map(({ priceId }) => priceId),
  ];
  if (soldIds.length > 0)
    await tx.price.updateMany({
      where: { id: { in: soldIds }, soldAt: null },
      data: { soldAt: toDate(now) },
    });
  const also = (await bundlesOf(tx, [row.priceId])).get(row.priceId) ?? [];
  // In the order in which every commit takes them.
  for (const productId of [row.productId, ...also, ...taken.map((item) => item.productId)].sort())
    await lockMemberProduct(tx, { ...key, productId }, now);
  const access = await lockedAccess(tx, key, now);
  // By a purchase of its own, or as part of another one: of a bundle, or taken beside.
  const isTwice = access.isPaidFor || (await tx.membership.count({ where: { ...key, endedAt: null } })) > 0;
  // Stripe knows nobody before the payment: who turns out to have had the trial keeps it, and the coach is told.
  const repeatedTrial =
    row.price.trialDays !== null &&
    !row.withoutTrial &&
    (await hadTrial(tx, { memberId }, row, row.id)) &&
    ((await tx.settings.findUnique({ where: { coachId_mode: { coachId: row.coachId, mode: row.mode } } }))
      ?.oneTrialPerMember ??
      true);
  const membershipId = newId('membership');
  await tx.membership.create({
    data: {
      id: membershipId,
      ...key,
      accountId: row.accountId,
      priceId: row.priceId,
      checkoutId: row.id,
      kind,
      quantity: row.quantity,
      stripeCustomerId: session.customerId,
      stripeSubscriptionId: session.subscription?.id ?? null,
      stripePaymentIntentId: session.payment?.id ?? null,
      startedAt: toDate(startedAt),
      installmentsDue: row.price.installments,
      accessDays: row.price.accessDays,
      accessStartsAt: row.price.accessStartsAt,
      duplicate: isTwice,
      repeatedTrial,
      ...membershipColumns(membership, now),
      ...(session.subscription === null
        ? {}
        : subscriptionColumns(session.subscription, items, membership, row.price.installments)),
    },
  });
  await tx.grant.create({
    data: {
      id: newId('grant'),
      ...key,
      cause: 'membership',
      membershipId,
      startsAt: toDate(startsAt),
      ...grantColumns(membership),
    },
  });
  await recordPayments(tx, { ...row, ...key, id: membershipId, checkoutId: row.id }, session, now);
  if (session.subscription !== null)
    await recordMovement(
      tx,
      { ...row, memberId, id: membershipId, checkoutId: row.id, installmentsDue: row.price.installments },
      {
        evidence: { kind: 'subscription', subscription: session.subscription },
        sold: { productId: row.productId, priceId: row.priceId },
        ended: membership.ended,
        since: null,
        now,
      },
    );
  // Nobody waits for a checkout that was closed before the money came: the relay gives the membership its run.
  if (isClosed(row.status))
    await insertHints(tx, [
      {
        mode: row.mode,
        accountId: row.accountId,
        type: BOUGHT_LATE,
        eventId: hintId(BOUGHT_LATE, row.id),
        target: { kind: 'membership', id: membershipId },
      },
    ]);
  await access.record({
    kind: isTwice ? 'purchased_twice' : 'purchase_completed',
    at: now,
    cause: causeOf(settled.cause, settled.events),
    checkoutId: row.id,
    membershipId,
    run: activityInfo().workflowExecution ?? null,
    details: {
      amountTotal: session.amountTotal,
      currency: row.currency,
      reason: membership.reason,
      ...(repeatedTrial ? { repeatedTrial } : {}),
    },
  });
  const beside = await Promise.all(
    taken.map(async ({ productId }) => ({
      productId,
      // Only the price itself has a date, and a term.
      decision: { ...membership, until: null },
      startsAt: startedAt,
      kind: (await lockedAccess(tx, { ...key, productId }, now)).isPaidFor
        ? ('purchased_twice' as const)
        : TAKEN,
    })),
  );
  const bundled = also.map((productId) => ({ productId, startsAt, decision: membership }));
  const others = [...bundled, ...beside];
  if (others.length > 0)
    await syncItemGrants(tx, { ...key, id: membershipId, checkoutId: row.id }, others, now, {
      at: now,
      cause: causeOf(settled.cause, settled.events),
      run: activityInfo().workflowExecution ?? null,
      kind: 'purchase_completed',
    });
  return { membershipId, reason: membership.reason, until: membership.until };
}

/** Writes down what of what was offered beside was taken, and answers with it. */
async function take(
  tx: Tx,
  row: { id: string; beside: CheckoutItem[] },
  session: SessionFacts,
  takenAt: Date,
): Promise<CheckoutItem[]> {
  const prices = new Set(session.lines.map(({ priceId }) => priceId));
  const taken = row.beside.filter(({ stripePriceId }) => prices.has(stripePriceId));
  const priceIds = taken.map(({ priceId }) => priceId);
  if (taken.length > 0)
    await tx.checkoutItem.updateMany({
      where: { checkoutId: row.id, priceId: { in: priceIds } },
      data: { takenAt },
    });
  return taken;
}

/** What a checkout's row keeps of what the buyer gave, where they were asked for it and only there, and the invoice. */
export function whatWasGiven({ businessBuyers }: PaidCheckout, { buyer, invoiceId }: SessionFacts) {
  return {
    ...(businessBuyers && buyer != null ? { buyerDetails: buyer as unknown as Prisma.InputJsonObject } : {}),
    stripeInvoiceId: invoiceId ?? null,
  };
}

/** The timeline's entry for a checkout that changed without giving anything. */
export async function noteCheckout(
  tx: Tx,
  { row, decision, now, events, cause }: SyncedCheckout,
): Promise<void> {
  if (decision.status === 'open') return;
  const run = activityInfo().workflowExecution;
  const because = causeOf(cause, events);
  await tx.timelineEntry.create({
    data: {
      coachId: row.coachId,
      mode: row.mode,
      memberId: row.memberId,
      productId: row.productId,
      checkoutId: row.id,
      at: toDate(now),
      kind: `checkout_${decision.status}` satisfies TimelineKind,
      cause: because.cause,
      causeId: because.causeId,
      workflowId: run?.workflowId ?? null,
      runId: run?.runId ?? null,
      effect: decision.status === 'pending' ? 'Access waits for the payment.' : 'No access given.',
      ...(decision.failureCode === null
        ? {}
        : { details: { failureCode: decision.failureCode, failureMessage: decision.failureMessage } }),
    },
  });
}
