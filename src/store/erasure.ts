import { Prisma } from '../db/generated/client';
import type { Db, Tx } from '../db/client';
import { type Seconds, toDate } from '../domain/time';
import type { TimelineKind } from '../domain/timeline';
import type { MemberKey } from './member-events';
import { forgetRemindersOf } from './checkout-reminder';
import { forgetMailsOf } from './mails';
import { forgetAnswersAbout } from './webhook-deliveries';

/** What of a member stands in the way of an erasure, or has to end first. */
export interface LiveThings {
  /** Subscriptions that Stripe goes on charging through an account that can be reached. */
  charged: string[];
  /** Purchases that give access without an end: nothing at Stripe has to be ended. */
  owned: string[];
  /** Checkouts that somebody may still pay. */
  open: string[];
  /** Money on its way, or on its way back. */
  pending: string[];
}

/** Reads what is live of a member. */
export async function liveThingsOf(db: Db | Tx, { coachId, mode, memberId }: MemberKey): Promise<LiveThings> {
  const owned = { coachId, mode, memberId };
  const [memberships, checkouts, connections] = await Promise.all([
    db.membership.findMany({ where: { ...owned, status: { not: 'ended' } }, orderBy: { id: 'asc' } }),
    db.checkout.findMany({
      where: { ...owned, status: { in: ['opening', 'open', 'pending', 'refunding'] } },
      orderBy: { id: 'asc' },
    }),
    db.connection.findMany({
      where: { coachId, mode, status: { in: ['connected', 'disconnecting'] } },
      select: { accountId: true },
    }),
  ]);
  const reachable = new Set(connections.map(({ accountId }) => accountId));
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
  return {
    charged: ids(
      memberships.filter(
        ({ kind, stripeStatus, accountId }) =>
          kind === 'subscription' && stripeStatus !== 'canceled' && reachable.has(accountId),
      ),
    ),
    owned: ids(memberships.filter(({ kind }) => kind === 'one_off')),
    open: ids(checkouts.filter(({ status }) => status === 'opening' || status === 'open')),
    pending: ids(checkouts.filter(({ status }) => status === 'pending' || status === 'refunding')),
  };
}

/** Whether a member was erased: what is still written about them names nobody. */
export async function isErased(tx: Tx, memberId: string): Promise<boolean> {
  return (await tx.member.count({ where: { id: memberId, erasedAt: { not: null } } })) > 0;
}

/** What goes of a membership: the invoice's page names the member, and the coach's plan may. */
const UNNAMED_MEMBERSHIP = { openInvoice: Prisma.DbNull, planBefore: null } as const;

/** Takes away again what a later look at an erased member's membership wrote. */
export async function keepUnnamed(tx: Tx, membershipId: string): Promise<void> {
  await tx.membership.updateMany({ where: { id: membershipId }, data: UNNAMED_MEMBERSHIP });
  await tx.grant.updateMany({
    where: { OR: [{ membershipId }, { itemOfMembershipId: membershipId }] },
    data: { revoked: true },
  });
}

/**
 * Takes away all that names a member; what bookkeeping needs stays: amounts, dates, currencies, Stripe's ids, what was
 * sold. In one transaction, with the member's row locked. Doing it again changes nothing. False, and nothing was done:
 * something of theirs is still live.
 */
export async function unname(
  tx: Tx,
  key: MemberKey,
  {
    now,
    publicUrl,
    encryptionKey,
    keyId,
    run,
  }: {
    now: Seconds;
    publicUrl: string;
    encryptionKey: Buffer;
    keyId: string | null;
    run: { workflowId: string; runId: string } | null;
  },
): Promise<boolean> {
  const { coachId, mode, memberId } = key;
  const owned = { coachId, mode, memberId };
  await tx.$queryRaw`SELECT 1 FROM member WHERE id = ${memberId} FOR UPDATE`;
  const member = await tx.member.findFirstOrThrow({ where: { id: memberId, coachId, mode } });
  if (member.erasedAt !== null) return true;
  const { charged, open, pending } = await liveThingsOf(tx, key);
  if (charged.length + open.length + pending.length > 0) return false;

  await tx.member.update({
    where: { id: memberId },
    data: { erasedAt: toDate(now), externalId: null, email: null },
  });
  // Where the browser came from and went to, and what was sent for its session; the commit of a look begins again.
  await tx.$executeRaw`
    UPDATE checkout SET buyer_key = 'erased:' || id, url = NULL, success_url = ${`${publicUrl}/thanks`},
      cancel_url = ${`${publicUrl}/thanks`}, session_request = NULL, failure_message = NULL, buyer_details = NULL, revision = revision + 1
    WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND member_id = ${memberId}`;
  await tx.seat.updateMany({
    where: { coachId, mode, checkout: { memberId } },
    data: { addressHash: null },
  });
  await tx.membership.updateMany({
    where: owned,
    data: { ...UNNAMED_MEMBERSHIP, revision: { increment: 1 } },
  });
  // Nobody can be recognised as the member any more, so nobody is let in as them.
  await tx.grant.updateMany({ where: owned, data: { note: null, revoked: true } });
  await tx.timelineEntry.updateMany({ where: owned, data: { details: Prisma.DbNull } });
  await tx.withdrawal.updateMany({
    where: {
      coachId,
      mode,
      OR: [{ memberId }, ...(member.email === null ? [] : [{ statedEmail: member.email }])],
    },
    data: { statedName: null, statedContract: null, statedEmail: null, refusedBecause: null },
  });
  await tx.memberNote.deleteMany({ where: owned });
  await tx.memberAlias.updateMany({ where: owned, data: { externalId: null } });
  await forgetAnswersAbout(tx, key);
  await forgetMailsOf(tx, key);
  await forgetRemindersOf(tx, key, member.email, encryptionKey);
  await tx.timelineEntry.create({
    data: {
      ...owned,
      at: toDate(now),
      kind: 'member_erased' satisfies TimelineKind,
      cause: 'person',
      causeId: keyId,
      effect: 'What named the member is gone, and so is their access. Nothing brings it back.',
      workflowId: run?.workflowId ?? null,
      runId: run?.runId ?? null,
    },
  });
  return true;
}
