import { activityInfo } from '@temporalio/activity';
import type { Tx } from '../db/client';
import type { Grant, Membership } from '../db/generated/client';
import type { MembershipItem } from '../domain/items';
import { changeOf } from '../domain/membership-change';
import type { MembershipDecision, MembershipEvidence } from '../domain/membership-facts';
import type { MembershipLook, Sold } from '../domain/membership-look';
import { accessStart } from '../domain/pricing';
import { type Seconds, toSeconds, toSecondsOrNull } from '../domain/time';
import type { Cause } from '../messages/messages';
import { lockedAccess, lockMemberProduct, type TimelineFacts } from './access-change';
import { isErased, keepUnnamed } from './erasure';
import { hintId, insertHints } from './hints';
import { syncItemGrants } from './item-grants';
import { grantColumns, membershipColumns, subscriptionColumns } from './membership-columns';
import { recordPayments } from './payments';
import { recordMovement } from './revenue-movements';
import { syncSeatOfSale } from './seat';
import { causeOf, markDone, type WaitingEvent } from './waiting-events';
import { expectRevision } from './sync';

/** A look at a membership that is to be committed. */
export interface SyncedMembership {
  row: Membership;
  evidence: MembershipEvidence;
  items: MembershipItem[];
  look: MembershipLook;
  now: Seconds;
  events: WaitingEvent[];
  cause: Cause;
}

const GOES_ON = 'internal.goes_on';

/** Writes down what a look has decided: the row, its grants, the timeline, and the events that it settles. */
export async function commitMembership(tx: Tx, synced: SyncedMembership): Promise<void> {
  const { row, evidence, look, now } = synced;
  const { next, decision, others } = look;
  const { coachId, mode, memberId } = row;
  const keyOf = (productId: string) => ({ coachId, mode, memberId, productId });
  const isMoved = next.productId !== row.productId;

  const touched = [row.productId, next.productId, ...others.map(({ productId }) => productId)];
  for (const productId of [...new Set(touched)].sort()) await lockMemberProduct(tx, keyOf(productId), now);
  const left = isMoved ? await lockedAccess(tx, keyOf(row.productId), now) : null;
  const access = await lockedAccess(tx, keyOf(next.productId), now);

  const grant = await tx.grant.findUniqueOrThrow({ where: { membershipId: row.id } });
  await writeRow(tx, synced);
  await tx.grant.update({
    where: { id: grant.id },
    data: { ...grantColumns(decision), productId: next.productId },
  });
  await syncSeatOfSale(tx, row.checkoutId, decision.revoked);
  if (evidence.kind !== 'unreadable')
    await recordPayments(tx, { ...row, productId: next.productId }, evidence, now);
  await recordMovement(tx, row, {
    evidence,
    sold: { productId: next.productId, priceId: next.priceId },
    ended: decision.ended,
    since: toSeconds(row.verifiedAt),
    now,
  });
  await markDone(tx, synced.events);
  const isNobodys = await isErased(tx, row.memberId);
  if (isNobodys) await keepUnnamed(tx, row.id);
  if (!isWatched(row) && decision.deadline !== null) await tellOfNewLife(tx, row);

  const entry = entryOf(synced);
  const told = whatChanged(row, grant, look);
  if (told !== null) await access.record({ ...entry, ...told });
  await left?.record({ ...entry, kind: 'product_changed', details: soldDetails(row, next) });
  // What nobody can be asked about any more gives what its bundle gives, and its items as they were; to who is erased, nothing.
  if (!isNobodys && (evidence.kind === 'subscription' || others.length > 0)) {
    const startsAt = accessStart(now, toSecondsOrNull(row.accessStartsAt));
    const given = others.map((other) => ({ ...other, startsAt }));
    await syncItemGrants(tx, row, given, now, { ...entry, endsMissing: evidence.kind !== 'unreadable' });
  }
}

async function writeRow(tx: Tx, { row, evidence, items, look, now }: SyncedMembership): Promise<void> {
  const isSubscription = evidence.kind === 'subscription';
  expectRevision(
    await tx.membership.updateMany({
      where: { id: row.id, revision: row.revision },
      data: {
        ...membershipColumns(look.decision, now, row.endedAt),
        ...look.next,
        ...(isSubscription
          ? subscriptionColumns(evidence.subscription, items, look.decision, row.installmentsDue)
          : {}),
        revision: { increment: 1 },
      },
    }),
  );
}

/** What every entry of this look in the timeline says. */
function entryOf({ row, now, events, cause }: SyncedMembership): Omit<TimelineFacts, 'kind' | 'details'> {
  return {
    at: now,
    cause: causeOf(cause, events),
    membershipId: row.id,
    checkoutId: row.checkoutId,
    run: activityInfo().workflowExecution ?? null,
  };
}

/** What the timeline tells of the look; null: nothing has changed for the member. */
function whatChanged(
  row: Membership,
  grant: Pick<Grant, 'until'>,
  { next, decision }: MembershipLook,
): Pick<TimelineFacts, 'kind' | 'details'> | null {
  const isMoved = next.productId !== row.productId;
  if (isMoved) return { kind: 'product_changed', details: soldDetails(row, next) };
  const kind = changeOf(
    {
      status: row.status,
      reason: row.reason,
      paidThrough: row.paidThrough === null ? null : toSeconds(row.paidThrough),
      cancelAt: row.cancelAt === null ? null : toSeconds(row.cancelAt),
      until: grant.until === null ? null : toSeconds(grant.until),
      installmentsPaid: row.installmentsPaid,
      disputed: row.disputedAt !== null,
    },
    decision,
  );
  const isChanged = next.priceId !== row.priceId || next.quantity !== row.quantity;
  const isOther = kind === null || kind === 'access_changed' || kind === 'renewed';
  if (isChanged && isOther) return { kind: 'price_changed', details: soldDetails(row, next) };
  return kind === null ? null : { kind, details: decisionDetails(row, decision) };
}

const soldDetails = (from: Sold, to: Sold) => ({
  fromProductId: from.productId,
  toProductId: to.productId,
  fromPriceId: from.priceId,
  toPriceId: to.priceId,
  fromQuantity: from.quantity,
  toQuantity: to.quantity,
});

const decisionDetails = ({ installmentsDue }: Membership, decision: MembershipDecision) => ({
  status: decision.status,
  reason: decision.reason,
  stripeStatus: decision.stripeStatus,
  ...(installmentsDue === null ? {} : { installmentsDue, installmentsPaid: decision.installmentsPaid }),
});

/** Whether time mattered to the row as it was read, so that a run has to be there for it. */
function isWatched({ endedAt, nextDeadlineAt }: Membership): boolean {
  return endedAt === null && nextDeadlineAt !== null;
}

/**
 * What had ended goes on: its run has ended too, and time matters again. The relay gives it another one.
 * Once for each end: the revision is that of the row as it had ended.
 */
async function tellOfNewLife(tx: Tx, { id, mode, accountId, revision }: Membership): Promise<void> {
  const eventId = hintId(GOES_ON, id, revision);
  await insertHints(tx, [{ mode, accountId, type: GOES_ON, eventId, target: { kind: 'membership', id } }]);
}
