import { Gauge, type Registry } from 'prom-client';
import type { Db } from '../../db/client';
import { rowsOrNull } from './rows';

interface Row {
  mode: string;
  status: string;
  count: number;
  /** Seconds since the oldest of them came. */
  age: number;
}

const MODES = ['test', 'live'];
const STATUSES = ['waiting', 'parked'];

/** How many of Stripe's events wait or are parked, and since when; counted when somebody asks. */
export function measureInbox(db: Db, registry: Registry): void {
  const labelNames = ['mode', 'status'] as const;
  const age = new Gauge({
    name: 'session_inbox_oldest_seconds',
    help: 'Since when the oldest event waits, or the oldest parked one was received; 0 where there is none',
    labelNames,
    registers: [registry],
  });
  new Gauge({
    name: 'session_inbox_rows',
    help: 'Events that are not settled: waiting for their run, or parked for an operator',
    labelNames,
    registers: [registry],
    async collect() {
      const rows = await rowsOrNull(
        db.$queryRaw<Row[]>`
          SELECT mode::text AS mode, status::text AS status, count(*)::int AS count,
            EXTRACT(EPOCH FROM now() - min(received_at))::float8 AS age
          FROM inbox WHERE status IN ('waiting', 'parked') GROUP BY 1, 2`,
      );
      if (rows === null) {
        this.reset();
        age.reset();
        return;
      }
      for (const mode of MODES)
        for (const status of STATUSES) {
          const row = rows.find((one) => one.mode === mode && one.status === status);
          this.set({ mode, status }, row?.count ?? 0);
          age.set({ mode, status }, Math.max(0, row?.age ?? 0));
        }
    },
  });
}
