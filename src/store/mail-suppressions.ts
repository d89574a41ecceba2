import { createHmac } from 'node:crypto';
import type { Db, Tx } from '../db/client';
import type { Mode } from '../domain/mode';

/** Why an address is not written to. */
export type SuppressionReason = 'bounced' | 'unsubscribed';

interface Address {
  coachId: string;
  mode: Mode;
  address: string;
}

/** What is kept of an address: enough to know it again, and nothing to read. */
export function hashOfAddress(encryptionKey: Buffer, { coachId, mode, address }: Address): string {
  const seed = JSON.stringify(['mail-address', coachId, mode, address.toLowerCase()]);
  return createHmac('sha256', encryptionKey).update(seed).digest('base64url');
}

/** What is known against an address. */
export async function suppressionsOf(
  db: Db,
  encryptionKey: Buffer,
  at: Address,
): Promise<Record<SuppressionReason, boolean>> {
  const { coachId, mode } = at;
  const rows = await db.mailSuppression.findMany({
    where: { coachId, mode, addressHash: hashOfAddress(encryptionKey, at) },
    select: { reason: true },
  });
  const has = (reason: SuppressionReason) => rows.some((row) => row.reason === reason);
  return { bounced: has('bounced'), unsubscribed: has('unsubscribed') };
}

/** Has an address not written to any more. */
export async function suppressAddress(
  db: Db | Tx,
  encryptionKey: Buffer,
  { memberId, reason, ...at }: Address & { memberId: string | null; reason: SuppressionReason },
): Promise<void> {
  const { coachId, mode } = at;
  await db.mailSuppression.createMany({
    data: [{ coachId, mode, addressHash: hashOfAddress(encryptionKey, at), reason, memberId }],
    skipDuplicates: true,
  });
}

/** Takes a bounce back: something has arrived there. */
export async function forgetBounce(db: Db, encryptionKey: Buffer, at: Address): Promise<void> {
  const { coachId, mode } = at;
  const reason: SuppressionReason = 'bounced';
  await db.mailSuppression.deleteMany({
    where: { coachId, mode, addressHash: hashOfAddress(encryptionKey, at), reason },
  });
}
