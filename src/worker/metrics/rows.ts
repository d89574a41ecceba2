import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds; Prometheus gives up a scrape after ten seconds, and everything else is worth knowing meanwhile. */
const PATIENCE_MS = 3000;

/** What a query answers; null where the database does not, so that a worker can tell of everything else. */
export async function rowsOrNull<Row>(ask: Promise<Row[]>): Promise<Row[] | null> {
  const stop = new AbortController();
  const late = delay(PATIENCE_MS, null, { signal: stop.signal }).catch(() => null);
  try {
    return await Promise.race([ask, late]);
  } catch {
    return null;
  } finally {
    stop.abort();
  }
}
