import type { Db } from '../../src/db/client';
import { eventually } from './eventually';

/**
 * Does something while somebody else, a look that says nothing, is at the member's access: lets go when it waits for that.
 * Whoever does not wait is not done before the time of the test is up.
 */
export async function whileAccessIsHeld(db: Db, memberId: string, work: () => Promise<unknown>) {
  const { working } = await db.$transaction(
    async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM member_product WHERE member_id = ${memberId} FOR UPDATE`;
      const begun = work();
      // Its failure is the caller's, below.
      begun.catch(() => undefined);
      await eventually('somebody who waits', async () => {
        const [row] = await db.$queryRaw<{ waits: boolean }[]>`
          SELECT count(*) > 0 AS waits FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return row?.waits;
      });
      return { working: begun };
    },
    { timeout: 60_000 },
  );
  await working;
}
