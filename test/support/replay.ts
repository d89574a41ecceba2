import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { record } from './record';

export interface RunRef {
  workflowId: string;
  runId: string;
}

/**
 * Replays runs against the workflows as they are: the same code has to take the same way through its own histories.
 * @throws Error naming the first run that does not replay.
 */
export async function expectReplayable(client: Client, runs: readonly RunRef[]): Promise<void> {
  if (runs.length === 0) return;
  async function* histories() {
    for (const { workflowId, runId } of runs) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      record(history);
      yield { workflowId, history };
    }
  }
  // As a replay is by default, in the debug mode, the SDK hooks into every promise of this process and never lets go: all
  // test files after the first would be slower, each more than the one before. Workflows run in a thread instead.
  const options = { workflowBundle: getWorkflowBundle(), replayName: 'rig', debugMode: false };
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories()))
    if (error !== undefined) throw new Error(`${workflowId} (${runId}) does not replay`, { cause: error });
}
