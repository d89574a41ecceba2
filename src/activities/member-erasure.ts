import { activityInfo } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Erasure } from '../db/generated/client';
import { erasureProblem, secondsLeft } from '../domain/erasure';
import { ProblemError } from '../domain/problem';
import { toDate, toSeconds } from '../domain/time';
import type { MemberErasureInput } from '../messages/messages';
import { refuse } from '../store/activity-failure';
import { liveThingsOf, unname } from '../store/erasure';
import { scrubEvents, tracesOf } from '../store/member-events';
import { deleteCustomer } from '../stripe/customer';
import { toActivityFailure } from '../stripe/errors';
import type { ActivityDeps } from './deps';
import { endMembership } from './end-membership';
import { ownClient } from './own-client';

/** How an erasure stands, for its run and for operators. */
export interface ErasureState {
  status: Erasure['status'];
  waitsFor: string;
  accountId: null;
  memberId: string;
  /** Nothing more is done about it. */
  isOver: boolean;
  /** Seconds until it begins; 0: now. */
  waitSeconds: number;
}

/** What has to end before anything is erased, and whom Stripe is to forget. */
export interface ErasurePlan extends ErasureState {
  membershipIds: string[];
  checkoutIds: string[];
  customers: { accountId: string; customerId: string }[];
}

/** Milliseconds that one call waits for another run; a longer wait is a new try of the activity. */
const UPDATE_TIMEOUT_MS = 40_000;

const WAITS_FOR: Record<Erasure['status'], string> = {
  waiting: 'Begins when it can no longer be taken back.',
  erasing: 'Ends what is live, then takes away what names the member.',
  erased: 'Nothing: the member is erased.',
  cancelled: 'Nothing: it was taken back.',
  failed: 'Somebody who mends what stands in the way, and asks again.',
};

/** Activities of the erasure of a member. */
export function createMemberErasureActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  const load = ({ memberId }: MemberErasureInput) => db.erasure.findUniqueOrThrow({ where: { memberId } });

  async function stateOf(input: MemberErasureInput): Promise<ErasureState> {
    const row = await load(input);
    const now = await clock.now(row.mode, null);
    return {
      status: row.status,
      waitsFor: WAITS_FOR[row.status],
      accountId: null,
      memberId: row.memberId,
      isOver: row.endedAt !== null,
      waitSeconds: row.status === 'waiting' ? secondsLeft(toSeconds(row.startsAt), now) : 0,
    };
  }

  /** Ends it in one way, unless it has ended. */
  async function end(
    input: MemberErasureInput,
    from: Erasure['status'],
    data: Partial<Pick<Erasure, 'status' | 'failureCode' | 'customersDeleted' | 'customersLeft'>>,
  ): Promise<ErasureState> {
    const { mode, memberId } = input;
    const endedAt = toDate(await clock.now(mode, null));
    await db.erasure.updateMany({ where: { memberId, status: from }, data: { ...data, endedAt } });
    return stateOf(input);
  }

  return {
    /** How it stands. */
    lookAtErasure: (input: MemberErasureInput): Promise<ErasureState> => stateOf(input),

    /** From here on it cannot be taken back. Says what has to be done. */
    async beginErasure(input: MemberErasureInput): Promise<ErasurePlan> {
      const { mode, coachId, memberId } = input;
      await db.erasure.updateMany({
        where: { memberId, status: 'waiting' },
        data: { status: 'erasing', begunAt: toDate(await clock.now(mode, null)) },
      });
      const row = await load(input);
      const live = await liveThingsOf(db, { coachId, mode, memberId });
      const customers = row.deleteStripeCustomer
        ? await db.stripeCustomer.findMany({
            where: { coachId, mode, memberId },
            select: { accountId: true, stripeCustomerId: true },
          })
        : [];
      return {
        ...(await stateOf(input)),
        membershipIds: live.charged,
        checkoutIds: live.open,
        customers: customers.map(({ accountId, stripeCustomerId: customerId }) => ({
          accountId,
          customerId,
        })),
      };
    },

    /** Ends a subscription at once, through its own run. @throws what that run refuses */
    async endMembershipOfErased(input: MemberErasureInput & { membershipId: string }): Promise<void> {
      const { mode, coachId, memberId, membershipId } = input;
      const { attempt, endMemberships } = await load(input);
      if (!endMemberships) throw refuse(stillLive([membershipId]));
      const { accountId } = await db.membership.findUniqueOrThrow({ where: { id: membershipId } });
      await endMembership(
        membershipId,
        { coachId, mode, accountId, memberId },
        `erase:${memberId}:${attempt}`,
      );
    },

    /** Closes a checkout that could still be paid. Stripe says what became of it. */
    async closeCheckoutOfErased(input: MemberErasureInput & { checkoutId: string }): Promise<void> {
      const { mode, coachId, memberId, checkoutId } = input;
      const { attempt } = await load(input);
      try {
        await ownClient().withDeadline(UPDATE_TIMEOUT_MS, () =>
          ownClient().cancelCheckout(checkoutId, `erase:${memberId}:${attempt}`),
        );
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        const { endedAt, accountId } = await db.checkout.findUniqueOrThrow({ where: { id: checkoutId } });
        if (endedAt !== null) return;
        await ownClient().startMissing(
          { kind: 'checkout', id: checkoutId },
          { coachId, mode, accountId, memberId },
        );
        throw error;
      }
    },

    /** Takes away what names the member; false while something of theirs has not ended. @throws what stands in the way */
    async unnameMember(input: MemberErasureInput): Promise<boolean> {
      const { mode, coachId, memberId } = input;
      const key = { coachId, mode, memberId };
      const { requestedBy, endMemberships } = await load(input);
      const live = await liveThingsOf(db, key);
      const problem = erasureProblem({
        pendingCheckouts: live.pending.length,
        liveMemberships: live.charged.length,
        endMemberships,
      });
      if (problem === 'member_has_memberships') throw refuse(stillLive(live.charged));
      if (problem !== null)
        throw refuse(new ProblemError(problem, 'A payment of the member is still on its way.'));
      // Before, while the address is known; and after, for what came meanwhile.
      const traces = await tracesOf(db, key);
      await scrubEvents(db, key, traces);
      const now = await clock.now(mode, null);
      const run = activityInfo().workflowExecution ?? null;
      const isDone = await db.$transaction((tx) =>
        unname(tx, key, {
          now,
          publicUrl: deps.publicUrl,
          encryptionKey: deps.encryptionKey,
          keyId: requestedBy,
          run,
        }),
      );
      await scrubEvents(db, key, traces);
      return isDone;
    },

    /**
     * Has Stripe delete a customer, which at once cancels all their subscriptions, also those that were not sold here.
     * https://docs.stripe.com/api/customers/delete
     */
    async deleteCustomerOfErased({
      mode,
      accountId,
      customerId,
    }: MemberErasureInput & { accountId: string; customerId: string }): Promise<'deleted' | 'unreachable'> {
      try {
        return await deleteCustomer({ stripe: deps.stripe.of(mode), accountId }, customerId);
      } catch (error) {
        throw toActivityFailure(error);
      }
    },

    /** Nothing is left that leads from Stripe's customers to the member. */
    async finishErasure(
      input: MemberErasureInput & { deleted: number; left: number },
    ): Promise<ErasureState> {
      const { mode, coachId, memberId, deleted, left } = input;
      await db.stripeCustomer.deleteMany({ where: { coachId, mode, memberId } });
      return end(input, 'erasing', { status: 'erased', customersDeleted: deleted, customersLeft: left });
    },

    /** It cannot go on; the coach reads why, and can ask again. */
    failErasure: (input: MemberErasureInput & { code: string }): Promise<ErasureState> =>
      end(input, 'erasing', { status: 'failed', failureCode: input.code }),

    /** Somebody cancelled the run itself: it is taken back, unless it has begun. */
    cancelErasure: (input: MemberErasureInput): Promise<ErasureState> =>
      end(input, 'waiting', { status: 'cancelled' }),
  };
}

function stillLive(membershipIds: string[]): ProblemError {
  return new ProblemError('member_has_memberships', 'The member still has a membership.', { membershipIds });
}
