import type { Registry } from 'prom-client';
import type { Db } from '../../db/client';
import { measureByStatus, type StatusRow } from './by-status';

/** How many of Stripe's events wait or are parked, and since when. */
export function measureInbox(db: Db, registry: Registry): void {
  measureByStatus(registry, {
    name: 'session_inbox_rows',
    help: 'Events that are not settled: waiting for their run, or parked for an operator',
    age: {
      name: 'session_inbox_oldest_seconds',
      help: 'Since when the oldest event waits, or the oldest parked one was received; 0 where there is none',
    },
    statuses: ['waiting', 'parked'],
    ask: () => db.$queryRaw<StatusRow[]>`
      SELECT mode::text AS mode, status::text AS status, count(*)::int AS count,
        EXTRACT(EPOCH FROM now() - min(received_at))::float8 AS age
      FROM inbox WHERE status IN ('waiting', 'parked') GROUP BY 1, 2`,
  });
}
