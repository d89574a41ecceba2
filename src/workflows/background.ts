import { type ActivityOptions, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities, BackgroundActivity } from '../activities';
import { backgroundTaskQueue } from '../messages/ids';
import { HEARTBEAT_TIMEOUT } from './heartbeats';

/**
 * Activities that nobody waits for. They have slots of their own at each worker, few of them, so that a sweep or a move keeps
 * no buyer and no event waiting. To be called by a workflow function: what queue it is in is known there only.
 */
export const backgroundActivities = (options: ActivityOptions) =>
  proxyActivities<Pick<Activities, BackgroundActivity>>({
    taskQueue: backgroundTaskQueue(workflowInfo().taskQueue),
    ...options,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
  });
