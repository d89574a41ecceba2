import { condition, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { deliveryTaskQueue } from '../messages/ids';
import { rowChanged, type WebhookDeliveryInput } from '../messages/messages';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { noteUnknownSignals } from './unknown-signals';
import { createVisibility } from './visibility';

/**
 * Tells one receiver of one fact: a try, and where it fails another one later, until somebody has it or nobody tries any
 * more. How long is waited, and when it is given up, the row says.
 */
export async function webhookDelivery(input: WebhookDeliveryInput): Promise<{ status: string }> {
  const { tryToDeliver } = proxyActivities<Activities>({
    // Receivers that are slow keep no other work waiting.
    taskQueue: deliveryTaskQueue(workflowInfo().taskQueue),
    // A try is given 15 seconds.
    startToCloseTimeout: '45 seconds',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumInterval: '1 minute' },
  });
  const show = createVisibility();
  let changed = false;
  setHandler(rowChanged, () => {
    changed = true;
  });
  noteUnknownSignals();
  for (;;) {
    changed = false;
    const state = await tryToDeliver(input);
    show(state);
    if (state.waitSeconds !== null) await condition(() => changed, state.waitSeconds * 1000);
    // Asked for again just as it ended: it looks at the row again.
    else if (!changed) return { status: state.status };
  }
}
