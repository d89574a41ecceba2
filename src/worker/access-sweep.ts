import { eachBounded } from '../domain/bounded';
import type { MemberProductKey } from '../store/access-change';
import { tellOfBegunAccess, untoldBeginnings } from '../store/begun-access';
import { tellAccess, untoldEnds } from '../store/facts';
import { wordsOf } from '../stripe/errors';
import type { SweepDeps } from './catalog-sweep';

type Deps = Pick<SweepDeps, 'db' | 'log'>;

/** Transactions at once: all who have bought a programme begin, and end, in the same second. */
const AT_ONCE = 5;

/** Tells of access that has begun on its date. Answers how many there were. */
export async function sweepBegunAccess({ db, log }: Deps, limit: number): Promise<number> {
  const tell = (key: MemberProductKey) => db.$transaction((tx) => tellOfBegunAccess(tx, key));
  return tellEach(log, await untoldBeginnings(db, limit), tell, 'Access has begun, and could not be told');
}

/** Tells of access that the clock has ended. Answers how many there were. */
export async function sweepEndedAccess({ db, log }: Deps, limit: number): Promise<number> {
  const tell = (key: MemberProductKey) => tellAccess(db, key);
  return tellEach(log, await untoldEnds(db, limit), tell, 'Access has ended, and could not be told');
}

async function tellEach(
  log: Deps['log'],
  keys: MemberProductKey[],
  tell: (key: MemberProductKey) => Promise<void>,
  failed: string,
): Promise<number> {
  await eachBounded(keys, AT_ONCE, async (key) => {
    try {
      await tell(key);
    } catch (error) {
      // The next sweep finds it again, and the others have not waited for it.
      const { memberId, productId } = key;
      log.warn({ memberId, productId, why: wordsOf(error) }, failed);
    }
  });
  return keys.length;
}
