import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Tx } from '../db/client';
import type { Prisma, Withdrawal } from '../db/generated/client';
import { ProblemError } from '../domain/problem';
import { type Seconds, toDate, toSeconds } from '../domain/time';
import { decideBy, type RefundPart, stepOf, type WithdrawalStep } from '../domain/withdrawal';
import type { WithdrawalInput } from '../messages/messages';
import { refuse } from '../store/activity-failure';
import { tellOutcome } from '../store/withdrawal-mails';
import { acceptWithdrawal, noteWithdrawal } from '../store/withdrawals';
import { toActivityFailure } from '../stripe/errors';
import { refundPart } from '../stripe/refunds';
import type { ActivityDeps } from './deps';
import { endMembership } from './end-membership';

/** How a withdrawal stands, for its run and for operators. */
export interface WithdrawalState {
  status: Withdrawal['status'];
  waitsFor: string;
  accountId: string | null;
  memberId: string | null;
  next: WithdrawalStep['do'];
  /** Seconds until the next look; null: until somebody says something. */
  waitSeconds: number | null;
  /** What is to go back, one after the other. */
  parts: RefundPart[];
}

const WAITS_FOR: Record<Withdrawal['status'], string> = {
  unproven: 'The member, who signs in and says that it is theirs, or the coach.',
  to_decide: 'The coach, who decides.',
  accepted: 'The end of the subscription, and the refund.',
  done: 'Nothing: it is carried out.',
  refused: 'Nothing: the coach has not accepted it.',
  failed: 'Somebody who looks at why it could not be carried out, and accepts it again.',
};

/** Activities of a withdrawal from a contract. */
export function createWithdrawalActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  const load = ({ withdrawalId }: WithdrawalInput) =>
    db.withdrawal.findUniqueOrThrow({ where: { id: withdrawalId }, include: { membership: true } });
  type Row = Awaited<ReturnType<typeof load>>;
  const nowOf = ({ mode, membership }: Row): Promise<Seconds> =>
    clock.now(mode, membership?.accountId ?? null);
  const run = () => activityInfo().workflowExecution ?? null;

  function stateOf(row: Row, now: Seconds): WithdrawalState {
    const step = stepOf(
      {
        status: row.status,
        statedAt: toSeconds(row.statedAt),
        isCertain: row.provenAt !== null && row.inTime && !row.rightLost,
        isReminded: row.remindedAt !== null,
        isOverdue: row.overdueAt !== null,
      },
      now,
    );
    return {
      status: row.status,
      waitsFor: WAITS_FOR[row.status],
      accountId: row.membership?.accountId ?? null,
      memberId: row.memberId,
      next: step.do,
      waitSeconds: step.do !== 'wait' || step.until === null ? null : Math.max(1, step.until - now),
      parts: (row.refundParts ?? []) as unknown as RefundPart[],
    };
  }

  const present = async (input: WithdrawalInput): Promise<WithdrawalState> => {
    const row = await load(input);
    return stateOf(row, await nowOf(row));
  };

  /** What was accepted comes to an end, once, and that is told in the same transaction. */
  const endAccepted = async (
    input: WithdrawalInput,
    endOf: (
      row: Awaited<ReturnType<typeof load>>,
      now: Seconds,
    ) => { data: Prisma.WithdrawalUpdateManyMutationInput; tell: (tx: Tx) => Promise<void> },
  ): Promise<WithdrawalState> => {
    const row = await load(input);
    const { data, tell } = endOf(row, await nowOf(row));
    await db.$transaction(async (tx) => {
      const { count } = await tx.withdrawal.updateMany({ where: { id: row.id, status: 'accepted' }, data });
      if (count === 1) await tell(tx);
    });
    return present(input);
  };

  return {
    /** How it stands, and what is to be done now. */
    lookAtWithdrawal: present,

    /** The coach is reminded, once. */
    async remindOfWithdrawal(input: WithdrawalInput): Promise<WithdrawalState> {
      const row = await load(input);
      const now = toDate(await nowOf(row));
      await db.withdrawal.updateMany({ where: { id: row.id, remindedAt: null }, data: { remindedAt: now } });
      return present(input);
    },

    /** Nobody has decided, and nobody may: somebody has to see whose it is, and whether it counts. */
    async tellOverdueWithdrawal(input: WithdrawalInput): Promise<WithdrawalState> {
      const row = await load(input);
      const now = await nowOf(row);
      await db.$transaction(async (tx) => {
        const { count } = await tx.withdrawal.updateMany({
          where: { id: row.id, overdueAt: null },
          data: { overdueAt: toDate(now) },
        });
        if (count === 1) await noteWithdrawal(tx, row, 'withdrawal_overdue', now, 'timer', {}, run());
      });
      return present(input);
    },

    /** Nobody has decided, and it is a withdrawal: everything goes back. */
    async settleWithdrawal(input: WithdrawalInput): Promise<WithdrawalState> {
      const row = await load(input);
      const now = await nowOf(row);
      // The deadline is asked of the row once more: the coach may have decided in the same moment.
      if (row.status === 'to_decide' && now >= decideBy(toSeconds(row.statedAt)))
        await db.$transaction((tx) => acceptWithdrawal(tx, row.id, 'full', 'deadline', now));
      return present(input);
    },

    /** Ends the subscription at once, through its own run. @throws what that run refuses */
    async endWithdrawnMembership(input: WithdrawalInput): Promise<void> {
      const { membership } = await load(input);
      if (membership === null || membership.kind === 'one_off' || membership.status === 'ended') return;
      const { id, coachId, mode, accountId, memberId } = membership;
      await endMembership(id, { coachId, mode, accountId, memberId }, `withdraw:${input.withdrawalId}`);
    },

    /** Whether the membership has ended, with its subscription at Stripe. */
    async isWithdrawnMembershipOver(input: WithdrawalInput): Promise<boolean> {
      const { membership } = await load(input);
      return membership === null || membership.status === 'ended';
    },

    /** Gives one payment back, as much of it as was decided. @throws what Stripe refused */
    async refundWithdrawal(input: WithdrawalInput & { part: RefundPart }): Promise<void> {
      const { membership } = await load(input);
      if (membership === null) throw refuse(new ProblemError('not_found', 'There is no purchase.'));
      const client = { stripe: deps.stripe.of(membership.mode), accountId: membership.accountId };
      try {
        await refundPart(client, input.withdrawalId, input.part);
      } catch (error) {
        const failure = toActivityFailure(error);
        if (failure instanceof ApplicationFailure && failure.nonRetryable === true)
          deps.log.error(
            { withdrawalId: input.withdrawalId, accountId: membership.accountId },
            'A withdrawn payment could not be given back',
          );
        throw failure;
      }
    },

    /** It is carried out. */
    finishWithdrawal: (input: WithdrawalInput): Promise<WithdrawalState> =>
      endAccepted(input, (row, now) => ({
        data: { status: 'done', endedAt: toDate(now) },
        tell: async (tx) => {
          await noteWithdrawal(tx, row, 'withdrawal_done', now, 'system', {}, run());
          await tellOutcome(tx, deps.encryptionKey, row.id);
        },
      })),

    /** It could not be carried out; the coach reads why, and can accept it again. */
    failWithdrawal: (input: WithdrawalInput & { code: string }): Promise<WithdrawalState> =>
      endAccepted(input, (row, now) => ({
        data: { status: 'failed', failureCode: input.code },
        tell: (tx) =>
          noteWithdrawal(tx, row, 'withdrawal_failed', now, 'system', { code: input.code }, run()),
      })),
  };
}
