import type { Db, Tx } from '../db/client';
import type { Price } from '../db/generated/client';
import type { CheckoutStatus } from '../domain/checkout';

/** As much of a price as its seats are concerned. Prices that replace one another share the seats of the first. */
export type SeatedPrice = Pick<Price, 'id' | 'seatPoolId' | 'seats'>;

const poolOf = ({ id, seatPoolId }: SeatedPrice) => seatPoolId ?? id;

/** The seats of the prices that share them, as a condition. */
const inPool = (poolId: string) => ({ price: { OR: [{ id: poolId }, { seatPoolId: poolId }] } });

/** Lets nobody else count the seats of a price until the transaction ends: two buyers never get the last one. */
export async function lockSeats(tx: Tx, price: SeatedPrice): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM price WHERE id = ${poolOf(price)} FOR UPDATE`;
}

/** How many seats of a price are held or taken, not counting the one of a checkout. */
export function countSeats(db: Db | Tx, price: SeatedPrice, exceptCheckoutId?: string): Promise<number> {
  return db.seat.count({
    where: {
      ...inPool(poolOf(price)),
      status: { in: ['held', 'taken'] },
      ...(exceptCheckoutId === undefined ? {} : { checkoutId: { not: exceptCheckoutId } }),
    },
  });
}

/**
 * The seat of a checkout that was paid: the one that it holds, or, where that was given back before the money came,
 * another one if any is left. False: the seat is gone.
 */
export async function takeSeat(tx: Tx, checkoutId: string, price: SeatedPrice): Promise<boolean> {
  if (price.seats === null) return true;
  await lockSeats(tx, price);
  const seat = await tx.seat.findUnique({ where: { checkoutId } });
  if (seat === null || seat.status !== 'released') return true;
  if ((await countSeats(tx, price)) >= price.seats) return false;
  await tx.seat.update({ where: { checkoutId }, data: { status: 'taken' } });
  return true;
}

/**
 * What a checkout's outcome does to the seat that it holds, in the transaction that records the outcome: never by the
 * clock alone. Prices without a limit have no seats, and nothing happens.
 */
export async function syncSeat(tx: Tx, checkoutId: string, status: CheckoutStatus): Promise<void> {
  const next = SEAT_AFTER[status];
  if (next === null) return;
  await tx.seat.updateMany({
    where: { checkoutId, status: 'held' },
    data: { status: next, addressHash: null },
  });
}

/**
 * A sale that was undone (refunded in full, or lost to a dispute) gives its seat back; one whose refund failed has it
 * again, even where all are taken by now: what is paid for is kept.
 */
export async function syncSeatOfSale(tx: Tx, checkoutId: string, undone: boolean): Promise<void> {
  await tx.seat.updateMany({
    where: { checkoutId, status: undone ? 'taken' : 'released' },
    data: { status: undone ? 'released' : 'taken' },
  });
}

const SEAT_AFTER: Record<CheckoutStatus, 'taken' | 'released' | null> = {
  opening: null,
  open: null,
  pending: null,
  completed: 'taken',
  // Money came: the seat is kept until the coach has looked at it.
  needs_review: 'taken',
  unverifiable: null,
  expired: 'released',
  cancelled: 'released',
  failed: 'released',
  // Another member has it.
  refunding: null,
  refunded: null,
};
