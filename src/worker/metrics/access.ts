import { Counter, type Registry } from 'prom-client';
import type { Db } from '../../db/client';
import { rowsOrNull } from './rows';

interface Row {
  id: bigint;
  mode: string;
  effect: string;
}

/** Entries of one reading; what is left is counted by the next. */
const PAGE = 10_000;

/** What an entry of the timeline says of access, in one word (`effectOf` of src/domain/access.ts). */
export function effectWord(effect: string): string {
  if (effect.startsWith('Access given')) return 'given';
  if (effect.startsWith('Access ended')) return 'ended';
  return effect.startsWith('Access goes on') ? 'goes_on' : 'unchanged';
}

/**
 * Counts what the timeline says of access since this process began: the commits themselves, whoever made them. Each worker
 * counts all of them, so a query takes the greatest, not the sum. An entry that is some seconds old is there to be seen
 * by everybody.
 */
export function measureAccess(db: Db, registry: Registry): void {
  let after: bigint | null = null;
  const counter = new Counter({
    name: 'session_access_changes_total',
    help: 'Entries of the timeline by what they did to access',
    labelNames: ['mode', 'effect'],
    registers: [registry],
    collect: () => (reading = reading.then(read)),
  });
  async function read(): Promise<void> {
    if (after === null) {
      const newest = await rowsOrNull(
        db.$queryRaw<{ id: bigint | null }[]>`SELECT max(id) AS id FROM timeline_entry`,
      );
      if (newest !== null) after = newest[0]?.id ?? 0n;
      return;
    }
    const rows = await rowsOrNull(
      db.$queryRaw<Row[]>`
        SELECT id, mode::text AS mode, effect FROM timeline_entry
        WHERE id > ${after} AND created_at < now() - interval '2 seconds' ORDER BY id LIMIT ${PAGE}`,
    );
    for (const { id, mode, effect } of rows ?? []) {
      counter.inc({ mode, effect: effectWord(effect) });
      after = id;
    }
  }
  // One reading after the other, however many ask; the first one only finds out where to begin.
  let reading = read();
}
