import { Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/client';
import { rowsOrNull } from './rows';

interface Row {
  mode: string;
  status: string;
  count: number;
  /** Seconds since the oldest of them was to be told. */
  age: number;
}

const MODES = ['test', 'live'];

/**
 * What members, coaches and receivers are told, as far as it is not there yet or has come to nothing within a day. Counted when somebody
 * asks, by partial indexes: what is done, which is nearly all, costs nothing.
 */
export function measureTold(db: Db, registry: Registry): void {
  measure(registry, {
    name: 'session_mails',
    help: 'Mails that are due (queued), being tried (sending), and of the last day those that failed, bad addresses aside, or are unclear',
    statuses: ['queued', 'sending', 'failed', 'unclear'],
    ask: () => db.$queryRaw<Row[]>`
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
  measure(registry, {
    name: 'session_webhook_deliveries',
    help: 'Deliveries to the receivers of coaches that wait for their run (waiting), are being tried (sending), and were given up within a day (failed)',
    statuses: ['waiting', 'sending', 'failed'],
    ask: () => db.$queryRaw<Row[]>`
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

/** A gauge of how many there are by status, and one of how old the oldest is. */
function measure(
  registry: Registry,
  of: { name: string; help: string; statuses: string[]; ask: () => Promise<Row[]> },
): void {
  const labelNames = ['mode', 'status'] as const;
  const age = new Gauge({
    name: `${of.name}_oldest_seconds`,
    help: 'Since when the oldest of them was to be told, or has ended; 0 where there is none',
    labelNames,
    registers: [registry],
  });
  new Gauge({
    name: of.name,
    help: of.help,
    labelNames,
    registers: [registry],
    async collect() {
      const rows = await rowsOrNull(of.ask());
      this.reset();
      age.reset();
      if (rows === null) return;
      for (const mode of MODES)
        for (const status of of.statuses) {
          const row = rows.find((one) => one.mode === mode && one.status === status);
          this.set({ mode, status }, row?.count ?? 0);
          age.set({ mode, status }, Math.max(0, row?.age ?? 0));
        }
    },
  });
}
