import { Gauge, type Registry } from 'prom-client';
import { rowsOrNull } from './rows';

/** What there is of one mode and status. */
export interface StatusRow {
  mode: string;
  status: string;
  count: number;
  /** Seconds since the oldest of them. */
  age: number;
}

/** What is counted, under which names, and how it is asked for. */
export interface ByStatus {
  name: string;
  help: string;
  age: { name: string; help: string };
  statuses: readonly string[];
  ask: () => Promise<StatusRow[]>;
}

const MODES = ['test', 'live'];

/**
 * A gauge of how many there are by mode and status, and one of how old the oldest is; asked for when somebody collects. Without
 * an answer there are no values: the last ones would not be true.
 */
export function measureByStatus(registry: Registry, of: ByStatus): void {
  const labelNames = ['mode', 'status'] as const;
  const age = new Gauge({ ...of.age, labelNames, registers: [registry] });
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
