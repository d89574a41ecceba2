import {
  allHandlersFinished,
  type ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  proxyActivities,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import type { CheckoutState } from '../activities/checkout';
import { secondsToNextLook } from '../domain/checkout-poll';
import { failureOf } from './failures';
import { membershipWorkflowId } from '../messages/ids';
import { membership } from './membership';
import {
  cancelCheckout,
  type Cause,
  type CheckoutInput,
  type CheckoutView,
  clockMoved,
  memberReturned,
  openCheckout,
  rowChanged,
  stripeEventReceived,
} from '../messages/messages';
import { createVisibility } from './visibility';
import { noteUnknownSignals } from './unknown-signals';

const {
  prepareSession,
  failOpening,
  settleCheckout: syncCheckout,
} = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '1 minute' },
});

// Stripe forgets idempotency keys after 24 hours, so a create is not tried for longer than that.
const { openSession, expireSession, refundCheckout } = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '12 hours',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumInterval: '1 minute' },
});

/**
 * One purchase: opens a session at Stripe, waits for its outcome and asks Stripe itself whenever something wakes it:
 * an event, the member's return, a person, or its own timer. What came of it is committed by the look itself; then the
 * membership's own run takes over.
 */
export async function checkout(input: CheckoutInput): Promise<{ status: string }> {
  const { checkoutId } = input;
  const show = createVisibility();
  let wokenBy: Cause | null = 'system';
  let begun = 0;
  let finished = 0;
  let state: CheckoutState | undefined;
  let failure: ApplicationFailure | undefined;

  // An operator who cancels the run asks for the session to be closed; whoever asks the run meanwhile is answered, too.
  const outlivesCancel = patched('answers-while-cancelled');
  const answering = (answer: () => Promise<CheckoutView>) => () =>
    outlivesCancel ? CancellationScope.nonCancellable(answer) : answer();
  const wake = (cause: Cause) => () => {
    wokenBy = cause;
  };
  const view = (): CheckoutView => {
    if (failure !== undefined) throw failure;
    return { checkoutId, status: state?.status ?? 'opening', url: state?.url ?? null };
  };
  /** Waits for a look at Stripe that began after this call. */
  const freshLook = async (cause: Cause): Promise<CheckoutView> => {
    const wanted = begun + 1;
    wokenBy = cause;
    await condition(() => finished >= wanted || state?.terminal === true);
    return view();
  };

  setHandler(stripeEventReceived, wake('stripe_event'));
  setHandler(clockMoved, wake('timer'));
  setHandler(rowChanged, wake('system'));
  setHandler(
    openCheckout,
    answering(async () => {
      await condition(() => failure !== undefined || (state !== undefined && state.status !== 'opening'));
      return view();
    }),
  );
  setHandler(
    memberReturned,
    answering(() => freshLook('member_returned')),
  );
  setHandler(
    cancelCheckout,
    answering(async () => {
      await condition(() => state !== undefined && state.status !== 'opening');
      try {
        if (state?.terminal !== true) await expireSession({ checkoutId });
      } catch (error) {
        throw failureOf(error);
      }
      return freshLook('person');
    }),
  );
  noteUnknownSignals();

  const look = async (): Promise<CheckoutState> => {
    const cause = wokenBy ?? 'timer';
    wokenBy = null;
    const number = ++begun;
    state = await syncCheckout({ checkoutId, cause });
    // The money came for a seat that was given away meanwhile.
    if (state.status === 'refunding') {
      await refundCheckout({ checkoutId, cause });
      state = await syncCheckout({ checkoutId, cause });
    }
    finished = number;
    show(state);
    return state;
  };

  const open = async (): Promise<void> => {
    try {
      const prepared = await prepareSession({ checkoutId });
      state = await openSession({ checkoutId, prepared });
    } catch (error) {
      if (isCancellation(error)) throw error;
      failure = failureOf(error);
      const code = failure.type ?? 'stripe_refused';
      state = await failOpening({ checkoutId, code, message: failure.message });
    }
    show(state);
  };
  const waitForOutcome = async (): Promise<void> => {
    let quietLooks = 0;
    while (state?.terminal === false) {
      const backsOff = state.status === 'pending' && patched('pending-backs-off');
      const seconds = secondsToNextLook(state, input.pollSeconds, backsOff ? quietLooks : null);
      const woken = await condition(() => wokenBy !== null, seconds * 1000);
      quietLooks = woken ? 0 : quietLooks + 1;
      await look();
      // Not while a caller waits for a look: the next round answers it first.
      if (!state.terminal && workflowInfo().continueAsNewSuggested && allHandlersFinished())
        await continueAsNew<typeof checkout>(input);
    }
  };

  try {
    if ((await look()).status === 'opening') await open();
    await waitForOutcome();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    // Cancelled by an operator: close the session at Stripe. The outcome stays Stripe's: money may be on its way.
    await CancellationScope.nonCancellable(async () => {
      await tryToExpire(checkoutId);
      wokenBy = 'person';
      await look();
      await waitForOutcome();
    });
  }

  await CancellationScope.nonCancellable(async () => {
    await startMembership(input, state);
    // What came during the last look is told to the membership.
    while (wokenBy !== null) await look();
    await condition(allHandlersFinished);
  });
  return { status: state?.status ?? 'cancelled' };
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
      workflowId: membershipWorkflowId(state.membershipId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ membershipId: state.membershipId, mode: input.mode, coachId: input.coachId }],
      staticSummary: `Membership ${state.membershipId} (${input.mode})`,
      typedSearchAttributes: workflowInfo().typedSearchAttributes,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
