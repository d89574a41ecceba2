import { isLanguage } from '../domain/language';
import type { Tx } from '../db/client';
import type { Withdrawal } from '../db/generated/client';
import type { MailData } from '../domain/mail-data';
import { toSeconds } from '../domain/time';
import { queueMail } from './mails';

/**
 * Acknowledges a statement on a durable medium, with its content and its date and time: Directive 2011/83/EU, article 11a(4).
 * In the transaction that writes it down.
 */
export async function acknowledgeWithdrawal(tx: Tx, encryptionKey: Buffer, row: Withdrawal): Promise<void> {
  await queueMail(tx, encryptionKey, {
    ...(await readerOf(tx, row)),
    kind: 'withdrawal_received',
    data: {
      receivedAt: toSeconds(row.statedAt),
      name: row.statedName,
      contract: row.statedContract ?? (await contractOf(tx, row)),
      reference: row.id,
    },
  });
}

/** Says what has come of it. */
export async function tellOutcome(tx: Tx, encryptionKey: Buffer, withdrawalId: string): Promise<void> {
  const row = await tx.withdrawal.findUniqueOrThrow({ where: { id: withdrawalId } });
  await queueMail(tx, encryptionKey, {
    ...(await readerOf(tx, row)),
    kind: 'withdrawal_done',
    data: {
      reference: row.id,
      outcome: outcomeOf(row),
      amount: row.refundAmount,
      currency: row.currency,
      because: row.refusedBecause,
    },
  });
}

/**
 * Whoever states it says where the receipt goes; where that is the member's own address, it goes to the one they have when it
 * is sent. What anybody may have stated is no mail of the member's, and keeps none of theirs from being sent: each of the
 * two has each mail once.
 */
async function readerOf(
  tx: Tx,
  { id, coachId, mode, memberId, provenAt, statedEmail: to, language }: Withdrawal,
) {
  const provenId = provenAt === null ? null : memberId;
  const isOwn =
    provenId !== null &&
    to !== null &&
    (await tx.member.count({ where: { id: provenId, coachId, mode, email: to } })) > 0;
  return {
    coachId,
    mode,
    memberId: provenId,
    key: `${id}/${provenAt === null ? 'stated' : 'proven'}`,
    ...(to === null || isOwn ? {} : { to }),
    ...(isLanguage(language) ? { language } : {}),
  };
}

async function contractOf(tx: Tx, { membershipId }: Withdrawal): Promise<string> {
  if (membershipId === null) return '';
  const membership = await tx.membership.findUnique({
    where: { id: membershipId },
    select: { product: true },
  });
  return membership?.product.name ?? '';
}

function outcomeOf({ status, refund, refundAmount }: Withdrawal): MailData['withdrawal_done']['outcome'] {
  if (status === 'refused') return 'declined';
  if (refundAmount === null || refundAmount === 0) return 'nothing_to_refund';
  return refund === 'full' ? 'refunded' : 'refunded_in_part';
}
