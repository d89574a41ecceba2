import { activityInfo, Context } from '@temporalio/activity';
import { taskQueueOfRuns } from '../messages/ids';
import { createWorkflowClient, type WorkflowClient } from '../temporal/workflow-client';

/** The client of this worker, as the one place that talks to runs wants it. No checkout is opened through it. */
export function ownClient(): WorkflowClient {
  const taskQueue = taskQueueOfRuns(activityInfo().taskQueue);
  return createWorkflowClient(Context.current().client, { taskQueue, checkoutPollSeconds: 120 });
}
