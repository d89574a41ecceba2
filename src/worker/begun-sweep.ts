import { eachBounded } from '../domain/bounded';
import { tellOfBegunAccess, untoldBeginnings } from '../store/begun-access';
import { wordsOf } from '../stripe/errors';
import type { SweepDeps } from './catalog-sweep';

/** Transactions at once: all who have bought a programme begin in the same second. */
const AT_ONCE = 5;

/** Tells of access that has begun on its date. Answers how many there were. */
export async function sweepBegunAccess(
  { db, log }: Pick<SweepDeps, 'db' | 'log'>,
  limit: number,
): Promise<number> {
  const begun = await untoldBeginnings(db, limit);
  await eachBounded(begun, AT_ONCE, async (key) => {
    try {
      await db.$transaction((tx) => tellOfBegunAccess(tx, key));
    } catch (error) {
      // The next sweep finds it again, and the others have not waited for it.
      const { memberId, productId } = key;
      log.warn({ memberId, productId, why: wordsOf(error) }, 'Access has begun, and could not be told');
    }
  });
  return begun.length;
}
