import { randomInt } from 'node:crypto';
import type { Db } from './client';
import { keepConnection } from './kept-connection';

/** First half of the keys of our advisory locks: 'presence of a process', and nothing else. */
const LOCKS = 0x5e55;
const MOST = 2 ** 31 - 1;

/** How others find out whether this process is still there. */
export interface Presence {
  /** Its number, once others can ask about it; null while they cannot. */
  number(): number | null;
  stop(): Promise<void>;
}

/**
 * Holds a lock of Postgres' for as long as this process lives: the lock of a session ends with it, whatever the process
 * died of, and nobody has to guess by the clock. https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 * A machine that vanished is noticed by TCP within half a minute.
 */
export function announcePresence(databaseUrl: string, onTrouble: (why: string) => void): Presence {
  const number = randomInt(1, MOST);
  let announced = false;
  const connection = keepConnection({
    databaseUrl,
    name: 'presence',
    onTrouble,
    async begin(client) {
      await client.query(
        'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET idle_session_timeout = 0',
      );
      await client.query('SELECT pg_advisory_lock($1, $2)', [LOCKS, number]);
      announced = true;
    },
    lost: () => {
      announced = false;
    },
  });
  return { number: () => (announced ? number : null), stop: () => connection.stop() };
}

/** Whether the process of that number is still there. Those who ask do not disturb each other: they ask for a share. */
export async function isPresent(db: Db, number: number): Promise<boolean> {
  const [answer] = await db.$queryRaw<{ free: boolean }[]>`
    SELECT pg_try_advisory_xact_lock_shared(${LOCKS}::int, ${number}::int) AS free`;
  return answer?.free !== true;
}
