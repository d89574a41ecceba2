import {
  CancellationScope,
  ChildWorkflowCancellationType,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  sleep,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../activities';
import type { LiveCopyInput } from '../messages/messages';
import { couponStart, type Owner, priceProvisioningStart } from '../messages/start-options';
import { coupon } from './coupon';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { priceProvisioning } from './price-provisioning';
import { hearOfRow } from './row-changes';
import { createVisibility } from './visibility';

const { nextOfLiveCopy, cancelLiveCopy } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '1 minute' },
});

/**
 * Copies what a coach has in test mode to live mode: a page of things a run, then the next run, until nothing is left or somebody
 * cancels. Prices and coupons are made at Stripe by their own runs, as always. What became of each thing is a row, so that a run can be
 * ended and taken up again anywhere.
 */
export async function liveCopy(input: LiveCopyInput): Promise<{ status: string }> {
  const { copyId, mode, coachId } = input;
  const show = createVisibility();
  const changes = hearOfRow();
  try {
    for (;;) {
      changes.seen();
      const next = await nextOfLiveCopy({ copyId });
      show(next);
      if (next.isOver) {
        // Told to go on just as it ended: it looks at the row again.
        if (changes.any()) continue;
        return { status: next.status };
      }
      const owner = { mode, coachId, accountId: next.accountId };
      const made = await Promise.all([
        ...next.provisioningIds.map((id) => makePrice(id, owner)),
        // A worker of before copied no coupons, and told of none.
        ...((next.couponIds as string[] | undefined) ?? []).map((id) => makeCoupon(id, owner)),
      ]);
      // Somebody else's runs make them, as those of a copying that was ended: there is no telling when they have.
      if (made.length > 0 && made.every((isOurs) => !isOurs)) await sleep('2 seconds');
      if (CancellationScope.current().consideredCancelled) break;
      await continueAsNew<typeof liveCopy>(input);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
  const ended = await CancellationScope.nonCancellable(() => cancelLiveCopy({ copyId }));
  show(ended);
  return { status: ended.status };
}

/** Runs that are not stopped with ours. */
const OUTLIVE = {
  parentClosePolicy: ParentClosePolicy.ABANDON,
  cancellationType: ChildWorkflowCancellationType.ABANDON,
};

const makePrice = (id: string, owner: Owner) =>
  isOurs(executeChild(priceProvisioning, { ...priceProvisioningStart(id, owner), ...OUTLIVE }));

/** A coupon, with those of its codes that are there by then. */
const makeCoupon = (id: string, owner: Owner) =>
  isOurs(executeChild(coupon, { ...couponStart(id, owner), ...OUTLIVE }));

/** Waits for what has something made at Stripe. False: another run of it exists, and is the right one. */
async function isOurs(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    if (isCancellation(error)) throw error;
    // It has noted itself why it ended as it did; a run that was terminated leaves its row open, and is given another.
    return false;
  }
}
