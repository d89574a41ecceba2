import { Worker } from '@temporalio/worker';
import { backgroundTaskQueue } from '../../src/messages/ids';
import { getDevServer } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { rigFor } from '../support/setup';

/** Temporal's `TIMEOUT_TYPE_HEARTBEAT`. */
const HEARTBEAT = 4;

const rig = rigFor('file', { worker: false });

test('a task that was handed to a worker which is gone is noticed by its silence, and done by another', async () => {
  const { taskQueue, namespace } = rig.config.temporal;
  const server = await getDevServer();
  // A worker that only decides, so that the task of the activity goes to whoever asks for it.
  const decides = await Worker.create({
    connection: server.nativeConnection,
    namespace,
    taskQueue,
    workflowBundle: getWorkflowBundle(),
  });
  const deciding = decides.run();
  const run = await rig.client.workflow.start('reconciliation', {
    workflowId: `reconciliation-${taskQueue}`,
    taskQueue,
  });
  const { activityType } = await rig.client.withDeadline(Date.now() + 60_000, () =>
    rig.client.workflowService.pollActivityTaskQueue({
      namespace,
      // Nobody waits for it: it is not where a buyer's work is.
      taskQueue: { name: backgroundTaskQueue(taskQueue) },
      identity: 'a worker that takes a task and is killed',
    }),
  );
  expect(activityType?.name).toBe('listConnectedAccounts');
  decides.shutdown();
  await deciding;

  await rig.startWorker();
  await run.result();
  const { events } = await run.fetchHistory();
  const started = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: task }) =>
    task == null ? [] : [task],
  );
  expect(started[0]).toMatchObject({
    attempt: 2,
    lastFailure: { timeoutFailureInfo: { timeoutType: HEARTBEAT } },
  });
  await server.close();
});
