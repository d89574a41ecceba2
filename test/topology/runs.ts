import { Client, Connection } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time';

/** A run, and which build of the worker did each of its tasks. */
export interface RunTold {
  workflowId: string;
  type: string;
  status: string;
  tasks: { build: string; at: number }[];
}

const NOT_VERSIONED = 'none';

/** Every run of a task queue, as its history tells. */
export async function tellRuns(address: string, taskQueue: string): Promise<RunTold[]> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const runs: RunTold[] = [];
    for await (const run of client.workflow.list({ query: `TaskQueue = '${taskQueue}'` })) {
      const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      const tasks = (events ?? []).flatMap(({ eventTime, workflowTaskCompletedEventAttributes: task }) =>
        task == null
          ? []
          : [
              {
                build: task.deploymentVersion?.buildId || NOT_VERSIONED,
                at: optionalTsToMs(eventTime) ?? 0,
              },
            ],
      );
      runs.push({ workflowId: run.workflowId, type: run.type, status: run.status.name, tasks });
    }
    return runs;
  } finally {
    await connection.close();
  }
}

/** How many of each there are. */
export function countBy<T>(of: readonly T[], key: (one: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of of) counts[key(one)] = (counts[key(one)] ?? 0) + 1;
  return counts;
}
