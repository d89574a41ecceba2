import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { getDevServer } from '../../harness/temporal';

type Bare = 'doNothing' | 'callNothing';

/** Runs that do nothing, on the server on which ours run: what any of them is held beside. */
export async function startBareRuns() {
  const { client, nativeConnection: connection, close } = await getDevServer();
  const taskQueue = `bare-${randomUUID()}`;
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowsPath: join(__dirname, 'workflows.ts'),
    activities: { nothing: () => Promise.resolve() },
  });
  const running = worker.run();
  return {
    /** Starts one and waits for its end. */
    run: (workflow: Bare): Promise<void> =>
      client.workflow.execute(workflow, { taskQueue, workflowId: `bare-${randomUUID()}` }),
    async stop() {
      worker.shutdown();
      await running;
      await close();
    },
  };
}
