import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { deliveryTaskQueue } from '../messages/ids';
import type { WebhookDeliveryInput } from '../messages/messages';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { tryUntilOver } from './tries';

/**
 * Tells one receiver of one fact: a try, and where it fails another one later, until somebody has it or nobody tries any
 * more. How long is waited, and when it is given up, the row says.
 */
export function webhookDelivery(input: WebhookDeliveryInput): Promise<{ status: string }> {
  const { tryToDeliver } = proxyActivities<Activities>({
    // Receivers that are slow keep no other work waiting.
    taskQueue: deliveryTaskQueue(workflowInfo().taskQueue),
    // A try is given 15 seconds.
    startToCloseTimeout: '45 seconds',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumInterval: '1 minute' },
  });
  return tryUntilOver(() => tryToDeliver(input));
}
