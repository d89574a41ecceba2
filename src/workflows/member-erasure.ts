import { CancellationScope, condition, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { MemberErasureInput } from '../messages/messages';
import { failureOf } from './failures';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { hearOfRow } from './row-changes';
import { createVisibility } from './visibility';

const { lookAtErasure, beginErasure, cancelErasure, failErasure, finishErasure } =
  proxyActivities<Activities>({
    startToCloseTimeout: '30 seconds',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumInterval: '1 minute' },
  });

// Stripe may be down for long, and the membership's own run busy: what was begun is tried for as long as it takes.
const { endMembershipOfErased, closeCheckoutOfErased, unnameMember, deleteCustomerOfErased } =
  proxyActivities<Activities>({
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumInterval: '10 minutes' },
  });

/** How long it waits for what is just ending. */
const LOOK_AGAIN = '10 seconds';

/**
 * Erases a member: waits until it cannot be taken back any more, ends what would go on, takes away what names them, and
 * deletes Stripe's customers if that was asked for. Once begun nothing stops it, not even a cancellation of the run.
 */
export async function memberErasure(input: MemberErasureInput): Promise<{ status: string }> {
  const show = createVisibility();
  const changes = hearOfRow();
  try {
    for (;;) {
      changes.seen();
      const state = await lookAtErasure(input);
      show(state);
      if (state.isOver) return { status: state.status };
      if (state.waitSeconds === 0) break;
      await condition(changes.any, state.waitSeconds * 1000);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const ended = await CancellationScope.nonCancellable(() => cancelErasure(input));
    show(ended);
    if (ended.isOver) return { status: ended.status };
  }
  return CancellationScope.nonCancellable(() => erase(input, show));
}

async function erase(
  input: MemberErasureInput,
  show: ReturnType<typeof createVisibility>,
): Promise<{ status: string }> {
  try {
    let plan = await beginErasure(input);
    show(plan);
    if (plan.isOver) return { status: plan.status };
    for (;;) {
      for (const membershipId of plan.membershipIds) await endMembershipOfErased({ ...input, membershipId });
      for (const checkoutId of plan.checkoutIds) await closeCheckoutOfErased({ ...input, checkoutId });
      if (await unnameMember(input)) break;
      // Something was bought meanwhile, or is just ending.
      await sleep(LOOK_AGAIN);
      plan = await beginErasure(input);
    }
    let left = 0;
    for (const customer of plan.customers)
      if ((await deleteCustomerOfErased({ ...input, ...customer })) === 'unreachable') left += 1;
    const ended = await finishErasure({ ...input, deleted: plan.customers.length - left, left });
    show(ended);
    return { status: ended.status };
  } catch (error) {
    const ended = await failErasure({ ...input, code: failureOf(error).type ?? 'temporarily_unavailable' });
    show(ended);
    return { status: ended.status };
  }
}
