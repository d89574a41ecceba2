import type { Tx } from '../db/client';
import type { CheckoutStatus } from '../domain/checkout';

/**
 * What a checkout's outcome does to the seat that it holds, in the transaction that records the outcome: never by the
 * clock alone. Prices without a limit have no seats, and nothing happens.
 */
export async function settleSeat(tx: Tx, checkoutId: string, status: CheckoutStatus): Promise<void> {
  const next = SEAT_AFTER[status];
  if (next === null) return;
  await tx.seat.updateMany({ where: { checkoutId, status: 'held' }, data: { status: next } });
}

const SEAT_AFTER: Record<CheckoutStatus, 'taken' | 'released' | null> = {
  opening: null,
  open: null,
  pending: null,
  completed: 'taken',
  // Money came: the seat is kept until the coach has looked at it.
  held: 'taken',
  unverifiable: null,
  expired: 'released',
  cancelled: 'released',
  failed: 'released',
};
