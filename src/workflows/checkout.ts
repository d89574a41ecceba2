import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import type { OpenedSession } from '../activities/checkout-opening';
import type { CheckoutState } from '../activities/checkout-state';
import { secondsToNextLook } from '../domain/checkout-poll';
import type { CheckoutInput } from '../messages/messages';
import { membershipStart } from '../messages/start-options';
import { CheckoutRun } from './checkout-run';
import { failureOf } from './failures';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import { membership } from './membership';
import { SOMEBODY_WAITS } from './retries';

const {
  prepareSession,
  failOpening,
  settleCheckout: syncCheckout,
} = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: SOMEBODY_WAITS,
});

// Stripe forgets idempotency keys after 24 hours, so a create is not tried for longer than that.
const { openSession, expireSession, refundCheckout } = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '12 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: SOMEBODY_WAITS,
});

/**
 * One purchase: opens a session at Stripe, waits for its outcome and asks Stripe itself whenever something wakes it:
 * an event, the member's return, a person, or its own timer. What came of it is committed by the look itself; then the
 * membership's own run takes over.
 */
export async function checkout(input: CheckoutInput): Promise<{ status: string }> {
  const { checkoutId } = input;
  const run = new CheckoutRun(checkoutId, () => expireSession({ checkoutId }));

  try {
    if (patched('opens-at-once')) await open(run, checkoutId, () => openSession({ checkoutId }));
    else if ((await look(run, checkoutId)).status === 'opening')
      await open(run, checkoutId, async () =>
        openSession({ checkoutId, prepared: await prepareSession({ checkoutId }) }),
      );
    await waitForOutcome(run, input);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    // Cancelled by an operator: close the session at Stripe. The outcome stays Stripe's: money may be on its way.
    await CancellationScope.nonCancellable(async () => {
      await tryToExpire(checkoutId);
      run.wake('person');
      await look(run, checkoutId);
      await waitForOutcome(run, input);
    });
  }

  await CancellationScope.nonCancellable(async () => {
    await startMembership(input, run.state);
    // What came during the last look is told to the membership.
    while (run.isWoken) await look(run, checkoutId);
    await condition(allHandlersFinished);
  });
  return { status: run.state?.status ?? 'cancelled' };
}

/** Asks Stripe what became of the session, and commits it. */
function look(run: CheckoutRun, checkoutId: string): Promise<CheckoutState> {
  return run.look(async (cause) => {
    const state = await syncCheckout({ checkoutId, cause });
    if (state.status !== 'refunding') return state;
    // The money came for a seat that was given away meanwhile.
    run.state = state;
    await refundCheckout({ checkoutId, cause });
    return syncCheckout({ checkoutId, cause });
  });
}

/** Opens the session; whoever waits for it hears why it could not be opened. */
async function open(
  run: CheckoutRun,
  checkoutId: string,
  openIt: () => Promise<OpenedSession>,
): Promise<void> {
  try {
    const { isNew, ...opened } = await openIt();
    if (isNew) run.hasNothingToLookAt();
    run.become(opened);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    if (!patched('row-fails-before-the-answer')) run.fail(failure);
    const code = failure.type ?? 'stripe_refused';
    const state = await failOpening({ checkoutId, code, message: failure.message });
    // Told only now: whoever tries again after the answer finds no opening under way that would answer the same.
    run.fail(failure);
    run.hasNothingToLookAt();
    run.become(state);
  }
}

/** Looks again and again until the purchase is closed, less and less often while a debit takes days. */
async function waitForOutcome(run: CheckoutRun, input: CheckoutInput): Promise<void> {
  let quietLooks = 0;
  while (run.state?.terminal === false) {
    const backsOff = run.state.status === 'pending' && patched('pending-backs-off');
    const seconds = secondsToNextLook(run.state, input.pollSeconds, backsOff ? quietLooks : null);
    const woken = await condition(() => run.isWoken, seconds * 1000);
    quietLooks = woken ? 0 : quietLooks + 1;
    const { terminal } = await look(run, input.checkoutId);
    // Not while a caller waits for a look: the next round answers it first.
    if (!terminal && workflowInfo().continueAsNewSuggested && allHandlersFinished())
      await continueAsNew<typeof checkout>(input);
  }
}

/** What Stripe will not close stays open until it ends by itself, and is waited for: the run must not fail of it. */
async function tryToExpire(checkoutId: string): Promise<void> {
  try {
    await expireSession({ checkoutId });
  } catch (error) {
    log.warn('The session could not be closed', { checkoutId, code: failureOf(error).type });
  }
}

/** The membership's run outlives this one; its first act is to fetch again. */
async function startMembership(input: CheckoutInput, state: CheckoutState | undefined): Promise<void> {
  if (state?.membershipId == null || !state.membershipNeedsRun) return;
  try {
    await startChild(membership, {
      ...membershipStart(state.membershipId, input),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // Whoever finds this run finds the membership's the same way.
      typedSearchAttributes: workflowInfo().typedSearchAttributes,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
