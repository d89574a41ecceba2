import type { Db, Tx } from '../../db/client';
import { isUniqueViolation } from '../../db/errors';
import type { PriceMove } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import type { CoachAuth } from '../http/route';

type NewMove = Pick<
  PriceMove,
  'id' | 'coachId' | 'mode' | 'productId' | 'fromPriceId' | 'toPriceId' | 'prorate'
>;

/** @throws ProblemError `not_found` */
export async function expectMove(db: Db, { coachId, mode }: CoachAuth, moveId: string): Promise<PriceMove> {
  const row = await db.priceMove.findFirst({ where: { id: moveId, coachId, mode } });
  if (row === null) throw new ProblemError('not_found', 'There is no move with this id.');
  return row;
}

/**
 * Stores a move; the same request again finds its own.
 * @throws ProblemError `price_move_in_progress` while another move of the product is not over
 */
export async function storeMove(db: Db, move: NewMove): Promise<void> {
  try {
    await db.$transaction((tx) => insert(tx, move));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    if ((await db.priceMove.count({ where: { id: move.id } })) === 0) throw inProgress();
  }
}

/** The move and everybody it means, in one transaction: later buyers are not part of it. */
async function insert(
  tx: Tx,
  move: Pick<PriceMove, 'id' | 'coachId' | 'mode' | 'productId' | 'fromPriceId' | 'toPriceId' | 'prorate'>,
): Promise<void> {
  await tx.priceMove.create({ data: move });
  await tx.$executeRaw`
    INSERT INTO price_move_item (coach_id, mode, move_id, membership_id)
    SELECT coach_id, mode, ${move.id}, id FROM membership
    WHERE coach_id = ${move.coachId} AND mode = ${move.mode}::"Mode"
      AND price_id = ${move.fromPriceId} AND ended_at IS NULL`;
}

/**
 * Has a move begin again with everybody whom it did not move. One that is running goes on: repeating the request is no
 * mistake.
 * @throws ProblemError `price_move_in_progress` while another move of the product is not over
 */
export async function restartMove(db: Db, moveId: string): Promise<void> {
  try {
    await db.$transaction((tx) => restart(tx, moveId));
  } catch (error) {
    throw isUniqueViolation(error) ? inProgress() : error;
  }
}

async function restart(tx: Tx, moveId: string): Promise<void> {
  const { count } = await tx.priceMove.updateMany({
    where: { id: moveId, endedAt: { not: null } },
    data: { status: 'running', endedAt: null, cancelRequestedAt: null, attempt: { increment: 1 } },
  });
  if (count === 0) return;
  await tx.priceMoveItem.updateMany({
    where: { moveId, status: { in: ['failed', 'skipped'] } },
    data: { status: 'waiting', reason: null, message: null, endedAt: null },
  });
}

const inProgress = () =>
  new ProblemError('price_move_in_progress', 'Members of this product are being moved already.');
