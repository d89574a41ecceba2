import type { Db, Tx } from '../db/client';
import { type Membership, Prisma, type Withdrawal } from '../db/generated/client';
import { idFromSeed, newId } from '../domain/ids';
import type { Mode } from '../domain/mode';
import { accessStart, termEnd } from '../domain/pricing';
import { type Seconds, toDate, toSeconds, toSecondsOrNull } from '../domain/time';
import type { TimelineKind } from '../domain/timeline';
import {
  beginningOf,
  type ConsentKind,
  isInTime,
  isRightLost,
  refundOf,
  splitRefund,
  type WithdrawalRefund,
} from '../domain/withdrawal';
import { hintId, insertHints } from './hints';

/** Who states what. */
export interface NewWithdrawal {
  coachId: string;
  mode: Mode;
  /** Null: it is not known which purchase is meant. */
  membership: Membership | null;
  /** The member is signed in. */
  isProven: boolean;
  statedAt: Seconds;
  name: string;
  contract: string;
  email: string | null;
  language: string;
  /** The coach's setting. */
  refund: WithdrawalRefund;
}

/** The id of the withdrawal from a purchase: there is one at most. */
export const withdrawalIdOf = (membershipId: string) => idFromSeed('withdrawal', membershipId);

/** What the buyer has agreed to; null: to nothing. */
export async function consentOf(db: Db | Tx, checkoutId: string): Promise<ConsentKind | null> {
  const consent = await db.purchaseConsent.findUnique({ where: { checkoutId } });
  return consent === null || consent.kind === 'none' ? null : consent.kind;
}

/**
 * Writes a statement down. Of a purchase that was withdrawn from already it changes nothing, but that one which nobody had
 * proved is theirs is the member's from now on, with the time at which it was stated first.
 * @returns `isNew`: it has to be acknowledged, article 11a(4)
 */
export async function receiveWithdrawal(
  tx: Tx,
  stated: NewWithdrawal,
): Promise<{ row: Withdrawal; isNew: boolean }> {
  const { coachId, mode, membership, isProven, statedAt, name, contract, email, language } = stated;
  const id = membership === null ? newId('withdrawal') : withdrawalIdOf(membership.id);
  const consent = membership === null ? null : await consentOf(tx, membership.checkoutId);
  const rightLost = membership !== null && isRightLost(consent, beginOf(membership) <= statedAt);
  const inTime = membership !== null && isInTime(toSeconds(membership.startedAt), statedAt);
  const { count } = await tx.withdrawal.createMany({
    skipDuplicates: true,
    data: [
      {
        ...{ id, coachId, mode, language, inTime },
        memberId: membership?.memberId ?? null,
        membershipId: membership?.id ?? null,
        status: isProven ? 'to_decide' : 'unproven',
        statedAt: toDate(statedAt),
        statedName: name,
        statedContract: contract,
        statedEmail: email,
        rightLost,
        provenAt: isProven ? toDate(statedAt) : null,
      },
    ],
  });
  const row = await tx.withdrawal.findUniqueOrThrow({ where: { id } });
  let isNew = count === 1;
  if (isNew) await noteWithdrawal(tx, row, 'withdrawal_received', statedAt, 'person');
  else if (isProven && isNobodys(row)) {
    // Of one that was refused, as it was nobody's, the member's own is another.
    const anew = {
      ...{
        statedAt: toDate(statedAt),
        inTime,
        rightLost,
        refusedBecause: null,
        decidedBy: null,
        decidedAt: null,
      },
      ...{ remindedAt: null, overdueAt: null, endedAt: null },
    };
    const { count: proven } = await tx.withdrawal.updateMany({
      where: { id, status: row.status, provenAt: null },
      // From now on what the member says counts, and not what somebody has typed.
      data: {
        ...(row.status === 'refused' ? anew : {}),
        status: 'to_decide',
        provenAt: toDate(statedAt),
        ...{ statedName: name, statedContract: contract, statedEmail: email, language },
      },
    });
    if (proven === 0) return { row, isNew };
    await noteWithdrawal(tx, row, 'withdrawal_proven', statedAt, 'person');
    isNew = true;
  } else return { row, isNew };
  const begins = beginningOf({
    refund: stated.refund,
    isProven,
    isInTime: row.status === 'refused' ? inTime : row.inTime,
    isRightLost: row.status === 'refused' ? rightLost : row.rightLost,
  });
  if (begins.refund !== null) await acceptWithdrawal(tx, row.id, begins.refund, 'setting', statedAt);
  return { row: await tx.withdrawal.findUniqueOrThrow({ where: { id } }), isNew };
}

/** Whether nobody has proved whose a statement is, and it has ended nothing: the member may still make it theirs. */
export const isNobodys = ({ status, provenAt }: Pick<Withdrawal, 'status' | 'provenAt'>): boolean =>
  provenAt === null && (status === 'unproven' || status === 'refused');

/** What may still be accepted. */
const ACCEPTABLE = ['unproven', 'to_decide', 'failed'] as const;

/**
 * It counts: says what goes back of which payment, and ends the membership, whose run hears of it by a hint. False: it was
 * decided already, or it is not known which purchase is meant.
 */
export async function acceptWithdrawal(
  tx: Tx,
  withdrawalId: string,
  refund: 'full' | 'proportional' | 'none',
  decidedBy: 'setting' | 'coach' | 'deadline',
  now: Seconds,
): Promise<boolean> {
  const row = await tx.withdrawal.findUniqueOrThrow({
    where: { id: withdrawalId },
    include: { membership: { include: { payments: { where: { status: 'succeeded' } }, checkout: true } } },
  });
  const { membership } = row;
  if (membership === null) return false;
  const consent = await consentOf(tx, membership.checkoutId);
  const newestFirst = [...membership.payments].sort((a, b) => b.paidAt.getTime() - a.paidAt.getTime());
  const amount = refundOf(
    {
      payments: newestFirst,
      beginsAt: beginOf(membership),
      paidThrough: paidThroughOf(membership),
      statedAt: toSeconds(row.statedAt),
      consent,
    },
    refund,
  );
  const { count } = await tx.withdrawal.updateMany({
    where: { id: row.id, status: { in: [...ACCEPTABLE] } },
    data: {
      status: 'accepted',
      refund,
      decidedBy,
      decidedAt: toDate(now),
      refundAmount: amount,
      currency: membership.checkout.currency,
      refundParts: splitRefund(newestFirst, amount).map((part) => ({ ...part })),
      failureCode: null,
    },
  });
  if (count === 0) return false;
  await tx.membership.update({
    where: { id: membership.id },
    data: { withdrawnAt: toDate(now), revision: { increment: 1 } },
  });
  const { id, mode, accountId } = membership;
  const eventId = hintId('internal.withdrawn', id, now);
  await insertHints(tx, [
    { mode, accountId, type: 'internal.withdrawn', eventId, target: { kind: 'membership', id } },
  ]);
  const cause = decidedBy === 'coach' ? 'person' : decidedBy === 'deadline' ? 'timer' : 'system';
  await noteWithdrawal(tx, row, 'withdrawal_accepted', now, cause, {
    refund,
    refundAmount: amount,
    decidedBy,
  });
  return true;
}

/** When what was paid for begins to be provided. */
export const beginOf = ({
  startedAt,
  accessStartsAt,
}: Pick<Membership, 'startedAt' | 'accessStartsAt'>): Seconds =>
  accessStart(toSeconds(startedAt), toSecondsOrNull(accessStartsAt));

/** Up to when what was paid reaches; null: there is no end to count to. */
function paidThroughOf(membership: Membership): Seconds | null {
  const { kind, accessDays, installmentsDue, paidThrough } = membership;
  if (kind === 'one_off') return termEnd(beginOf(membership), accessDays);
  // Of installments the time that is paid for is not the time that is provided.
  return installmentsDue !== null || paidThrough === null ? null : toSeconds(paidThrough);
}

const EFFECTS = {
  withdrawal_received: 'Somebody has withdrawn from the contract.',
  withdrawal_proven: 'The member has signed in and confirmed the withdrawal.',
  withdrawal_accepted: 'The withdrawal counts: access ends, and what goes back is decided.',
  withdrawal_done: 'The subscription is over, and the money is on its way back.',
  withdrawal_refused: 'The withdrawal was not accepted; nothing changes.',
  withdrawal_failed: 'The withdrawal could not be carried out; it has to be looked at.',
  withdrawal_overdue: 'Nobody has decided about the withdrawal in time.',
} as const satisfies Partial<Record<TimelineKind, string>>;

/** An entry in the member's timeline; of a withdrawal whose member is not known there is none to write into. */
export async function noteWithdrawal(
  tx: Tx,
  row: Pick<Withdrawal, 'id' | 'coachId' | 'mode' | 'memberId' | 'membershipId'>,
  kind: keyof typeof EFFECTS,
  at: Seconds,
  cause: 'person' | 'timer' | 'system',
  details: Record<string, string | number> = {},
  run: { workflowId: string; runId: string } | null = null,
): Promise<void> {
  const { id, coachId, mode, memberId, membershipId } = row;
  if (memberId === null) return;
  const of =
    membershipId === null
      ? null
      : await tx.membership.findUnique({
          where: { id: membershipId },
          select: { productId: true, checkoutId: true },
        });
  await tx.timelineEntry.create({
    data: {
      ...{ coachId, mode, memberId, membershipId },
      productId: of?.productId ?? null,
      checkoutId: of?.checkoutId ?? null,
      at: toDate(at),
      kind,
      cause,
      effect: EFFECTS[kind],
      details: { withdrawalId: id, ...details },
      workflowId: run?.workflowId ?? null,
      runId: run?.runId ?? null,
    },
  });
}

/** The coach does not accept it. False: it was decided already. */
export async function refuseWithdrawal(
  tx: Tx,
  row: Withdrawal,
  because: string,
  now: Seconds,
): Promise<boolean> {
  const { count } = await tx.withdrawal.updateMany({
    // One that failed was accepted before: what it has ended is over.
    where: { id: row.id, status: { in: ['unproven', 'to_decide'] } },
    data: {
      status: 'refused',
      refusedBecause: because,
      decidedBy: 'coach',
      decidedAt: toDate(now),
      endedAt: toDate(now),
      refundParts: Prisma.DbNull,
    },
  });
  if (count === 1) await noteWithdrawal(tx, row, 'withdrawal_refused', now, 'person', { because });
  return count === 1;
}
