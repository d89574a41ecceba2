import { CancellationScope, continueAsNew, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { backgroundActivities } from './background';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { failureOf } from './failures';
import type { PriceMoveInput } from '../messages/messages';
import { createVisibility } from './visibility';
import { hearOfRow } from './row-changes';

const { nextOfPriceMove, noteNotMoved, cancelPriceMove } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '1 minute' },
});

/** Members that are moved side by side: few, because Stripe limits the rate of requests. */
const CONCURRENCY = 5;

/**
 * Moves the members of one price to another: a page of them a run, then the next run, until nobody is left or somebody
 * cancels. What became of each is a row, so that a run can be ended and taken up again anywhere.
 */
export async function priceMove(input: PriceMoveInput): Promise<{ status: string }> {
  const { moveId } = input;
  const show = createVisibility();
  const changes = hearOfRow();
  try {
    for (;;) {
      changes.seen();
      const next = await nextOfPriceMove({ moveId });
      show(next);
      for (let i = 0; i < next.membershipIds.length; i += CONCURRENCY)
        await Promise.all(next.membershipIds.slice(i, i + CONCURRENCY).map((id) => move(moveId, id)));
      // What was under way is waited for; another run would not know of the cancellation.
      if (CancellationScope.current().consideredCancelled) break;
      if (next.membershipIds.length > 0) await continueAsNew<typeof priceMove>(input);
      // Told to go on just as it ended: it looks at the row again.
      if (!changes.any()) return { status: next.status };
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
  const ended = await CancellationScope.nonCancellable(() => cancelPriceMove({ moveId }));
  show(ended);
  return { status: ended.status };
}

/** One member who cannot be moved keeps nobody else waiting. */
async function move(moveId: string, membershipId: string): Promise<void> {
  const { moveMember } = backgroundActivities({
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '2 hours',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumInterval: '1 minute' },
  });
  try {
    await moveMember({ moveId, membershipId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    await noteNotMoved({ moveId, membershipId, code: failureOf(error).type ?? 'temporarily_unavailable' });
  }
}
