import { Context } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Membership, PriceMove } from '../db/generated/client';
import { PROBLEMS } from '../domain/problem';
import { moveStep, SKIPPED } from '../domain/price-change';
import type { ActivityDeps } from './deps';
import { ownClient } from './own-client';

/** How a move stands, for its run and for operators. */
export interface PriceMoveState {
  status: PriceMove['status'];
  waitsFor: string;
  accountId: null;
  /** Whom to move now; empty when the move is over. */
  membershipIds: string[];
}

/** One member of a move. */
interface Member {
  moveId: string;
  membershipId: string;
}

/** Members of one run; the next ones are another run's, so that histories stay short. */
const PAGE = 25;
/** Milliseconds that one call waits for a membership's run; a longer wait is a new try of the activity. */
const UPDATE_TIMEOUT_MS = 40_000;

/** Activities of the move of all members of a price. Each member is moved by the membership's own run. */
export function createPriceMoveActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function note(
    { moveId, membershipId }: Member,
    status: 'moved' | 'skipped' | 'failed',
    reason: string | null,
    message: string | null,
  ): Promise<void> {
    await db.priceMoveItem.updateMany({
      where: { moveId, membershipId, status: 'waiting' },
      data: { status, reason, message, endedAt: new Date() },
    });
  }

  const stateOf = async (move: PriceMove, membershipIds: string[]): Promise<PriceMoveState> => {
    const counts = await db.priceMoveItem.groupBy({
      by: ['status'],
      where: { moveId: move.id },
      _count: true,
    });
    const count = (status: string) => counts.find((group) => group.status === status)?._count ?? 0;
    const total = counts.reduce((sum, group) => sum + group._count, 0);
    return {
      status: move.status,
      waitsFor:
        `${count('moved')} of ${total} members moved to ${move.toPriceId}, ${count('skipped')} left as they are, ` +
        `${count('failed')} failed, ${count('waiting')} to go.`,
      accountId: null,
      membershipIds,
    };
  };

  /** Ends a move that is not over; the row's lock orders this and a request to go on. */
  const end = (moveId: string, isCancelled: boolean) =>
    db.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM price_move WHERE id = ${moveId} FOR UPDATE`;
      const failed = await tx.priceMoveItem.count({ where: { moveId, status: 'failed' } });
      await tx.priceMove.updateMany({
        where: { id: moveId, endedAt: null },
        data: {
          status: isCancelled ? 'cancelled' : failed > 0 ? 'incomplete' : 'done',
          endedAt: new Date(),
        },
      });
      return tx.priceMove.findUniqueOrThrow({ where: { id: moveId } });
    });

  return {
    /** Whom to move next. Ends the move when nobody is left, or somebody cancelled it. */
    async nextOfPriceMove(input: { moveId: string }): Promise<PriceMoveState> {
      const move = await db.priceMove.findUniqueOrThrow({ where: { id: input.moveId } });
      if (move.endedAt !== null) return stateOf(move, []);
      const items = await db.priceMoveItem.findMany({
        where: { moveId: move.id, status: 'waiting' },
        orderBy: { membershipId: 'asc' },
        take: PAGE,
      });
      const isCancelled = move.cancelRequestedAt !== null;
      if (isCancelled || items.length === 0) return stateOf(await end(move.id, isCancelled), []);
      return stateOf(
        move,
        items.map(({ membershipId }) => membershipId),
      );
    },

    /** Moves one member, or notes why not. Safe to repeat: the request's name is the same each time. */
    async moveMember(member: Member): Promise<void> {
      const item = await db.priceMoveItem.findUniqueOrThrow({
        where: { moveId_membershipId: member },
        include: { membership: true, move: { include: { fromPrice: true, toPrice: true } } },
      });
      const { membership, move } = item;
      if (item.status !== 'waiting' || move.endedAt !== null || move.cancelRequestedAt !== null) return;
      const { fromPriceId, toPriceId, fromPrice, toPrice } = move;
      const step = moveStep(membership, {
        fromPriceId,
        toPriceId,
        fromMaxQuantity: fromPrice.maxQuantity,
        maxQuantity: toPrice.maxQuantity,
      });
      if (step.do === 'skip') return note(member, 'skipped', step.reason, SKIPPED[step.reason]);
      if (step.do === 'move') {
        const refusal = await throughItsRun(membership, move);
        if (refusal?.code !== undefined && refusal.code in SKIPPED)
          return note(member, 'skipped', refusal.code, refusal.message);
        if (refusal !== null) return note(member, 'failed', refusal.code, refusal.message);
      }
      return note(member, 'moved', null, null);
    },

    /** A member whose turn came to no end in time: the move goes on without them. */
    async noteNotMoved(input: Member & { code: string }): Promise<void> {
      const code = input.code in PROBLEMS ? input.code : 'temporarily_unavailable';
      await note(input, 'failed', code, 'The membership could not be moved in time.');
    },

    /** Somebody cancelled the run itself. */
    async cancelPriceMove(input: { moveId: string }): Promise<PriceMoveState> {
      return stateOf(await end(input.moveId, true), []);
    },
  };
}

/**
 * Asks the membership's own run, the only one that changes it. Null when it took the change, else its refusal.
 * @throws whatever is not an answer of that run: tried again.
 */
async function throughItsRun(
  membership: Membership,
  move: PriceMove,
): Promise<{ code: string; message: string } | null> {
  const { coachId, mode, accountId, memberId } = membership;
  try {
    // A cancelled run waits for what is under way: its cancellation, told with a heartbeat, does not cut the question off.
    await Context.current().client.withAbortSignal(new AbortController().signal, () =>
      ownClient().withDeadline(UPDATE_TIMEOUT_MS, () =>
        ownClient().changeMembershipPrice(
          membership.id,
          { coachId, mode, accountId, memberId },
          {
            requestId: `${move.id}:${move.attempt}`,
            priceId: move.toPriceId,
            prorate: move.prorate,
            priceMoveId: move.id,
          },
        ),
      ),
    );
    return null;
  } catch (error) {
    const failure = error instanceof WorkflowUpdateFailedError ? error.cause : null;
    if (!(failure instanceof ApplicationFailure)) throw error;
    return { code: failure.type ?? 'temporarily_unavailable', message: failure.message };
  }
}
