import { eachBounded } from '../domain/bounded';
import { wordsOf } from '../stripe/errors';
import type { WorkflowClient } from '../temporal/workflow-client';

/** Rows of one claim, and starts at once. */
export const BATCH = 100;
const AT_ONCE = 10;
/** Milliseconds for Temporal to take a start; what it has not taken is taken again when its lease has lapsed. */
const TEMPORAL_TIMEOUT_MS = 10_000;

/** What is done with each row of a claim. */
export interface Claimed<Row> {
  start: (row: Row) => Promise<unknown>;
  /** Notes that it has a run. */
  note: (row: Row) => Promise<void>;
  failed: (row: Row, why: string) => void;
}

/** Gives each row of a claim its run; one that cannot be started keeps no other from it. Answers how many there were. */
export async function startClaimed<Row>(
  workflows: Pick<WorkflowClient, 'withDeadline'>,
  rows: readonly Row[],
  { start, note, failed }: Claimed<Row>,
): Promise<number> {
  await eachBounded(rows, AT_ONCE, async (row) => {
    try {
      await workflows.withDeadline(TEMPORAL_TIMEOUT_MS, () => start(row));
      // Only now: a row that has a run, whoever dies in between, is one that Temporal knows of.
      await note(row);
    } catch (error) {
      failed(row, wordsOf(error));
    }
  });
  return rows.length;
}
