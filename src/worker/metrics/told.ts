import type { Registry } from 'prom-client';
import type { Db } from '../../db/client';
import { measureByStatus, type StatusRow } from './by-status';

const OLDEST = 'Since when the oldest of them was to be told, or has ended; 0 where there is none';

/**
 * What members, coaches and receivers are told, as far as it is not there yet or has come to nothing within a day. Counted when somebody
 * asks, by partial indexes: what is done, which is nearly all, costs nothing.
 */
export function measureTold(db: Db, registry: Registry): void {
  measureByStatus(registry, {
    name: 'session_mails',
    help: 'Mails that are due (queued), being tried (sending), and of the last day those that failed, bad addresses aside, or are unclear',
    age: { name: 'session_mails_oldest_seconds', help: OLDEST },
    statuses: ['queued', 'sending', 'failed', 'unclear'],
    ask: () => db.$queryRaw<StatusRow[]>`
      SELECT mode::text AS mode, status::text AS status, count(*)::int AS count,
        EXTRACT(EPOCH FROM now() - min(COALESCE(due_at, created_at)))::float8 AS age
      FROM mail WHERE status = 'queued' AND COALESCE(due_at, created_at) <= now() GROUP BY 1, 2
      UNION ALL
      SELECT mode::text, status::text, count(*)::int, EXTRACT(EPOCH FROM now() - min(COALESCE(due_at, created_at)))::float8
      FROM mail WHERE status = 'sending' GROUP BY 1, 2
      UNION ALL
      SELECT mode::text, status::text, count(*)::int, EXTRACT(EPOCH FROM now() - min(ended_at))::float8
      FROM mail
      WHERE status IN ('failed', 'unclear') AND ended_at > now() - interval '1 day' AND reason IS DISTINCT FROM 'bounced'
      GROUP BY 1, 2`,
  });
  measureByStatus(registry, {
    name: 'session_webhook_deliveries',
    help: 'Deliveries to the receivers of coaches that wait for their run (waiting), are being tried (sending), and were given up within a day (failed)',
    age: { name: 'session_webhook_deliveries_oldest_seconds', help: OLDEST },
    statuses: ['waiting', 'sending', 'failed'],
    ask: () => db.$queryRaw<StatusRow[]>`
      SELECT mode::text AS mode, status::text AS status, count(*)::int AS count,
        EXTRACT(EPOCH FROM now() - min(created_at))::float8 AS age
      FROM webhook_delivery WHERE status = 'waiting' GROUP BY 1, 2
      UNION ALL
      SELECT mode::text, status::text, count(*)::int, EXTRACT(EPOCH FROM now() - min(created_at))::float8
      FROM webhook_delivery WHERE status = 'sending' GROUP BY 1, 2
      UNION ALL
      SELECT mode::text, status::text, count(*)::int, EXTRACT(EPOCH FROM now() - min(ended_at))::float8
      FROM webhook_delivery WHERE status = 'failed' AND ended_at > now() - interval '1 day' GROUP BY 1, 2`,
  });
}
