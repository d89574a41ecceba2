import type { Tx } from '../db/client';

/** One change of a coach's keys, links and secrets after the other; rows that only name the coach are not held up. */
export async function lockCoach(tx: Tx, coachId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM coach WHERE id = ${coachId} FOR NO KEY UPDATE`;
}
