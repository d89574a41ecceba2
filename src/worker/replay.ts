import type { Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';

export interface ReplayOptions {
  /** Whose runs: those of this task queue. */
  taskQueue: string;
  /** So many of each workflow at most: open ones first, then the newest of those that have ended. */
  limit: number;
  /** The workflows, built, and how payloads are read. */
  worker: Pick<ReplayWorkerOptions, 'workflowBundle' | 'dataConverter'>;
}

export interface ReplayReport {
  /** Runs that were replayed, by their workflow. */
  replayed: Record<string, number>;
  /** Which do not replay, and why. */
  failed: { workflowId: string; runId: string; why: string }[];
}

/**
 * Replays runs of a server against the workflows of this build, and changes nothing there: what does not replay would stand
 * still if this build were rolled out. https://docs.temporal.io/develop/typescript/testing-suite#replay
 * @param types the workflows by their names at Temporal
 */
export async function replayFromServer(
  client: Client,
  types: readonly string[],
  { taskQueue, limit, worker }: ReplayOptions,
): Promise<ReplayReport> {
  const report: ReplayReport = { replayed: Object.fromEntries(types.map((type) => [type, 0])), failed: [] };

  async function* runsOf(type: string) {
    let left = limit;
    for (const status of ["ExecutionStatus = 'Running'", "ExecutionStatus != 'Running'"]) {
      const query = `TaskQueue = '${taskQueue}' AND WorkflowType = '${type}' AND ${status}`;
      for await (const run of client.workflow.list({ query })) {
        if (left === 0) return;
        left -= 1;
        yield run;
      }
    }
  }
  async function* histories(): AsyncGenerator<{ workflowId: string; history: History }> {
    for (const type of types)
      for await (const { workflowId, runId } of runsOf(type)) {
        const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
        // One that a worker has not begun yet has nothing to replay.
        if (history.events?.some((event) => event.workflowTaskCompletedEventAttributes != null) !== true)
          continue;
        report.replayed[type] = (report.replayed[type] ?? 0) + 1;
        yield { workflowId, history };
      }
  }

  // Workflows run in a thread, as they do in a worker, not in the debug mode that is a replay's default.
  const options = { ...worker, replayName: 'from-server', debugMode: false };
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories()))
    if (error !== undefined)
      report.failed.push({ workflowId, runId, why: `${error.name}: ${error.message}` });
  return report;
}
