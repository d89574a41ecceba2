import {
  allHandlersFinished,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, ActivitiesAtTemporal } from '../activities';
import { HEARTBEAT_TIMEOUT } from './heartbeats';
import type { MembershipState } from '../activities/membership-state';
import { failureOf } from './failures';
import { SOMEBODY_WAITS } from './retries';
import {
  addMembershipCoupon,
  cancelMembership,
  changeMembershipPrice,
  type Cause,
  clockMoved,
  describe,
  type MembershipInput,
  type MembershipView,
  pauseMembership,
  resumeMembership,
  rowChanged,
  stripeEventReceived,
} from '../messages/messages';
import { createVisibility } from './visibility';
import { noteUnknownSignals } from './unknown-signals';

const { settleMembership: syncMembership } = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: { maximumInterval: '5 minutes' },
});
const { settleMembership: syncForPerson } = proxyActivities<ActivitiesAtTemporal>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  retry: SOMEBODY_WAITS,
});

const {
  addCoupon,
  cancelSubscription,
  resumeSubscription,
  pauseSubscription,
  changeSubscriptionPrice,
  ensureSchedule,
} = proxyActivities<Activities>({
  startToCloseTimeout: '40 seconds',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '1 hour',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: SOMEBODY_WAITS,
});

/** A timer of Temporal's is at most this long; the deadline is looked at again after it. Longer than any month. */
const LONGEST_SLEEP = 32 * 86_400;
/** Events of a run, after which a renewal is the occasion to continue as new: a year and a half of monthly renewals. */
const ENOUGH_EVENTS = 250;
/** A look lets a person's request go first for so long, not for as long as Stripe may keep that one waiting. */
const PATIENT_FOR = '5 seconds';
/** Where Stripe did not take the installments' end, it is told again after this. */
const SCHEDULE_AGAIN = 3600;

/**
 * The life of a subscription as far as access goes: sleeps until the next deadline, an event or a request, then looks
 * at Stripe and commits. Ends when access has ended for good.
 */
export async function membership(input: MembershipInput): Promise<{ status: string; reason: string }> {
  const { membershipId } = input;
  const show = createVisibility();
  let wokenBy: Cause | null = 'system';
  /** Nobody has said anything yet: the run begins. */
  let isBeginning = true;
  let state: MembershipState | undefined;

  const wake = (cause: Cause) => () => {
    wokenBy = cause;
    isBeginning = false;
  };
  const look = async (cause: Cause, sync = syncMembership): Promise<MembershipState> => {
    const takesOver = isBeginning;
    isBeginning = false;
    state = await sync({ membershipId, cause, ...(takesOver ? { takesOver } : {}) });
    show(state);
    return state;
  };
  /** Whether Stripe took it: a subscription that is just being cancelled is refused, and its run goes on. */
  const trySchedule = () =>
    ensureSchedule({ membershipId }).then(
      () => true,
      () => false,
    );
  /** A run that renews goes on in place until it is long enough. */
  const isLong = () => !patched('renews-in-place') || workflowInfo().historyLength > ENOUGH_EVENTS;
  let requests = 0;
  const request = async (work: Promise<void>): Promise<MembershipView> => {
    requests += 1;
    isBeginning = false;
    try {
      await work;
      const { status, reason } = await look('person', syncForPerson);
      return { membershipId, status, reason };
    } catch (error) {
      throw failureOf(error);
    } finally {
      requests -= 1;
      // The main loop has a new deadline to wait for.
      wokenBy ??= 'person';
    }
  };

  setHandler(stripeEventReceived, wake('stripe_event'));
  setHandler(clockMoved, wake('timer'));
  setHandler(rowChanged, wake('system'));
  setHandler(cancelMembership, ({ requestId, at }) =>
    request(cancelSubscription({ membershipId, requestId, at })),
  );
  setHandler(resumeMembership, ({ requestId }) => request(resumeSubscription({ membershipId, requestId })));
  setHandler(pauseMembership, (asked) => request(pauseSubscription({ membershipId, ...asked })));
  setHandler(addMembershipCoupon, (asked) => request(addCoupon({ membershipId, ...asked })));
  setHandler(changeMembershipPrice, (asked) => request(changeSubscriptionPrice({ membershipId, ...asked })));
  setHandler(describe, () => ({
    status: state?.status ?? 'starting',
    waitsFor: state?.waitsFor ?? 'Looks at Stripe for the first time.',
    deadline: state?.deadline ?? null,
  }));
  noteUnknownSignals();

  let paidThrough: number | null | undefined;
  for (;;) {
    // What a person asked for is told as theirs, not as the doing of the event that Stripe sends of it meanwhile.
    if (requests > 0 && patched('requests-first')) await condition(() => requests === 0, PATIENT_FOR);
    const cause: Cause = wokenBy ?? 'timer';
    wokenBy = null;
    const present = await look(cause);
    // Installments: Stripe is told once when to stop charging.
    const isScheduled = !present.needsSchedule || (await trySchedule());
    if (present.terminal && wokenBy === null) {
      if (allHandlersFinished() || !patched('looks-after-requests')) break;
      // A request's own look may find that it goes on, and settle the hint that asks for a run: this one.
      await condition(allHandlersFinished);
      continue;
    }
    const renewed = paidThrough !== undefined && paidThrough !== present.paidThrough;
    paidThrough = present.paidThrough;
    if (workflowInfo().continueAsNewSuggested || (renewed && isLong())) {
      await condition(allHandlersFinished);
      // The new run's first act is a look, so hints that came meanwhile are not lost.
      await continueAsNew<typeof membership>(input);
    }
    const longest = isScheduled ? LONGEST_SLEEP : SCHEDULE_AGAIN;
    const seconds = Math.min(longest, Math.max(1, (present.deadline ?? present.now) - present.now));
    await condition(() => wokenBy !== null, seconds * 1000);
  }
  await condition(allHandlersFinished);
  return { status: state?.status ?? 'ended', reason: state?.reason ?? 'ended' };
}
