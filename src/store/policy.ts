import type { Db } from '../db/client';
import type { Mode } from '../domain/mode';
import { DEFAULT_POLICY, type Policy } from '../domain/policy';

/** The coach's policy in a mode; the defaults where none was chosen. */
export async function readPolicy(db: Db, coachId: string, mode: Mode): Promise<Policy> {
  const settings = await db.settings.findUnique({ where: { coachId_mode: { coachId, mode } } });
  if (settings === null) return DEFAULT_POLICY;
  const { graceDays, renewalLeewayHours, honourPaidPeriod, keepAfterRefund, keepDuringDispute } = settings;
  return { graceDays, renewalLeewayHours, honourPaidPeriod, keepAfterRefund, keepDuringDispute };
}
