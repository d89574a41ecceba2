import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Activities } from '../../src/activities';
import type { Db } from '../../src/db/client';
import type { WorkflowClient } from '../../src/temporal/workflow-client';
import { needsRun } from '../../src/worker/dispatch';
import { workflowIdOf } from '../../src/messages/ids';
import type { Cause, Target } from '../../src/messages/messages';

/** How often a run's activity is tried again before it counts as failed. */
const TRIES = 4;

/**
 * The product's runs without Temporal: what a signal, an update or a start would set in motion is done on the spot, by
 * the same activities in the same order as the workflows have them.
 */
export function createDirectRuns(
  activities: Activities,
  db: Db,
  drain: (accountId: string) => Promise<unknown>,
) {
  const as = (workflowId: string) =>
    new MockActivityEnvironment({ workflowExecution: { workflowId, runId: 'direct' } });

  /** One activity, tried again as Temporal would. */
  async function execute<T>(workflowId: string, work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await as(workflowId).run(work);
      } catch (error) {
        const isFinal = error instanceof ApplicationFailure && error.nonRetryable === true;
        if (isFinal || tries === TRIES) throw error;
      }
    }
  }

  /** What an update's caller hears of a failure. */
  async function update<T>(workflowId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await execute(workflowId, work);
    } catch (error) {
      if (error instanceof ApplicationFailure)
        throw new WorkflowUpdateFailedError('The update failed', error);
      throw error;
    }
  }

  async function settle(target: Target, cause: Cause): Promise<void> {
    const workflowId = `${target.kind}/${target.id}`;
    await execute(workflowId, async () => {
      if (target.kind === 'connection') await activities.syncConnection({ connectionId: target.id });
      else if (target.kind === 'checkout') await lookAtCheckout(target.id, cause);
      else if (target.kind === 'product') await activities.syncProduct({ productId: target.id });
      else await activities.syncMembership({ membershipId: target.id, cause });
    });
  }

  const request = async (membershipId: string, work: () => Promise<void>) =>
    update(`membership/${membershipId}`, async () => {
      await work();
      const { status, reason } = await activities.syncMembership({ membershipId, cause: 'person' });
      return { membershipId, status, reason };
    });

  /** What was bought has a run of its own, whose first act is to fetch again. */
  async function lookAtCheckout(checkoutId: string, cause: Cause) {
    const { status, url, membershipId, membershipNeedsRun } = await activities.syncCheckout({
      checkoutId,
      cause,
    });
    if (membershipId !== null && membershipNeedsRun)
      await activities.syncMembership({ membershipId, cause: 'system' });
    return { checkoutId, status, url };
  }

  const workflows: Partial<WorkflowClient> = {
    withDeadline: (_milliseconds, work) => work(),

    openConnection: () => Promise.resolve(),
    connectionChanged: () => Promise.resolve(),
    confirmConnection: (connectionId, owner) =>
      update(workflowIdOf({ kind: 'connection', id: connectionId }, owner), async () => {
        const { accountId } = await activities.exchangeCode({ connectionId });
        const state = await activities.syncConnection({ connectionId, accountId });
        const plan = await activities.planCatalog({ connectionId });
        for (const target of plan?.stale ?? []) await activities.pushCatalog({ target });
        return state;
      }),
    disconnect: (connectionId, owner) =>
      update(workflowIdOf({ kind: 'connection', id: connectionId }, owner), async () => {
        const { accountId } = await activities.beginDisconnecting({ connectionId });
        await activities.expireOpenSessions({ connectionId });
        if (accountId !== null) {
          await drain(accountId);
          await activities.deauthorizeAccount({ connectionId, accountId });
        }
        return activities.syncConnection({ connectionId });
      }),

    openCheckout: (checkoutId) =>
      update(`checkout/${checkoutId}`, async () => {
        const { status, url } = await activities.openSession({ checkoutId });
        return { checkoutId, status, url };
      }),
    memberReturned: (checkoutId) =>
      update(`checkout/${checkoutId}`, () => lookAtCheckout(checkoutId, 'member_returned')),

    cancelMembership: (membershipId, _owner, asked) =>
      request(membershipId, () => activities.cancelSubscription({ membershipId, ...asked })),
    resumeMembership: (membershipId, _owner, asked) =>
      request(membershipId, () => activities.resumeSubscription({ membershipId, ...asked })),
    pauseMembership: (membershipId, _owner, asked) =>
      request(membershipId, () => activities.pauseSubscription({ membershipId, ...asked })),
    changeMembershipPrice: (membershipId, _owner, asked) =>
      request(membershipId, () => activities.changeSubscriptionPrice({ membershipId, ...asked })),

    async startRefund(refundId, { coachId, mode }) {
      await execute(`refund/${refundId}`, () => activities.makeRefund({ refundId, coachId, mode }));
      return 'started';
    },

    async signalEvent(target) {
      if (!(await needsRun(db, target))) return false;
      await settle(target, 'stripe_event');
      return true;
    },
    async startMissing(target) {
      await settle(target, 'system');
      return 'started';
    },
    async startStripeEvent(_eventId, target) {
      await settle(target, 'stripe_event');
      return 'started';
    },
    startPriceProvisioning: () => Promise.resolve('already_started'),
    syncCatalog: (target) => execute(`catalog/${target.id}`, () => activities.pushCatalog({ target })),
    signalClockMoved: () => Promise.resolve(),
  };

  return {
    /** A message that the model never causes is missing here, and fails where it is sent. */
    workflows: workflows as WorkflowClient,
    settle,
    execute,
  };
}
