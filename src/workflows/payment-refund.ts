import { isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { PaymentRefundInput } from '../messages/messages';
import { failureOf } from './failures';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { noteUnknownSignals } from './unknown-signals';
import { createVisibility } from './visibility';

const { lookAtRefund, giveUpRefund } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '1 minute' },
});

// Stripe may be down for long, and keys are remembered for a day.
const { makeRefund } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '23 hours',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '10 minutes' },
});

/** A refund that a coach has asked for: made at Stripe once, or refused, and written down. */
export async function paymentRefund(input: PaymentRefundInput): Promise<{ status: string }> {
  const show = createVisibility();
  noteUnknownSignals();
  const asked = await lookAtRefund(input);
  show(asked);
  if (asked.status !== 'requested') return { status: asked.status };
  try {
    const made = await makeRefund(input);
    show(made);
    return { status: made.status };
  } catch (error) {
    if (isCancellation(error)) throw error;
    const given = await giveUpRefund({ ...input, code: failureOf(error).type ?? 'temporarily_unavailable' });
    show(given);
    return { status: given.status };
  }
}
