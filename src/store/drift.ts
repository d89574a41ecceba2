import type { Db } from '../db/client';
import type { Membership } from '../db/generated/client';
import type { Compared, Difference } from '../domain/drift';
import type { MembershipItem } from '../domain/items';
import { type Seconds, toDate, toSecondsOrNull } from '../domain/time';

/** What is compared of a membership, as it was written down by its last look. */
export function comparedHere(row: Membership): Compared {
  return {
    status: row.stripeStatus,
    cancelAt: toSecondsOrNull(row.cancelAt),
    resumesAt: toSecondsOrNull(row.pauseUntil),
    trialEnd: toSecondsOrNull(row.trialEnd),
    collectionMethod: row.collectionMethod,
    items: Array.isArray(row.items) ? (row.items as unknown as MembershipItem[]) : [],
  };
}

/** A membership that was compared, and what was found. */
export interface ComparedRow {
  row: Membership;
  differences: Difference[];
}

/**
 * Writes down what a comparison found. What differed already keeps the day since when, and what is in order again keeps what was
 * found last. No revision is raised: nothing of what decides about access is touched.
 */
export async function recordComparison(
  db: Db,
  compared: readonly ComparedRow[],
  now: Seconds,
): Promise<void> {
  const comparedAt = toDate(now);
  const inOrder = compared.filter(({ differences }) => differences.length === 0).map(({ row }) => row.id);
  await db.membership.updateMany({
    where: { id: { in: inOrder } },
    data: { comparedAt, differsSince: null },
  });
  for (const { row, differences } of compared) {
    if (differences.length === 0) continue;
    await db.membership.update({
      where: { id: row.id },
      data: {
        comparedAt,
        differsSince: row.differsSince ?? comparedAt,
        difference: { foundAt: now, differences: differences.map((one) => ({ ...one })) },
      },
    });
  }
}
