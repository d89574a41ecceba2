import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { CouponInput } from '../messages/messages';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { problemOf } from './problem-of';
import { SOMEBODY_WAITS } from './retries';
import { hearOfRow } from './row-changes';
import { createVisibility } from './visibility';

const { lookAtCoupon, giveUpCoupon } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: SOMEBODY_WAITS,
});

// Stripe forgets idempotency keys after 24 hours, so nothing is created or taken back for longer than that.
const { pushCoupon, pushPromotionCodes } = proxyActivities<Activities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '10 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: SOMEBODY_WAITS,
});

/**
 * Makes a coupon and its codes at Stripe as their rows are: created, or taken back. What is asked for meanwhile is done in
 * one more round. A failure leaves nothing half made that could be used, and says why.
 */
export async function coupon(input: CouponInput): Promise<{ status: string }> {
  const show = createVisibility();
  const changes = hearOfRow();
  let state: { status: string };
  do {
    changes.seen();
    try {
      show(await pushCoupon(input));
      await pushPromotionCodes(input);
      show((state = await lookAtCoupon(input)));
    } catch (error) {
      const problem = problemOf(error);
      show((state = await CancellationScope.nonCancellable(() => giveUpCoupon({ ...input, problem }))));
      if (problem.code === 'cancelled') break;
    }
  } while (changes.any());
  return { status: state.status };
}
