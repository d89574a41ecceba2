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
  const options = { workflowBundle: getWorkflowBundle(), replayName: 'rig' };
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories()))
    if (error !== undefined) throw new Error(`${workflowId} (${runId}) does not replay`, { cause: error });
}
