import { countSeats, lockSeats, type SeatedPrice } from '../../store/seat';
import type { Tx } from '../../db/client';
import { ProblemError } from '../../domain/problem';
import type { Mode } from '../../domain/mode';

/** Limited seats that one buyer holds with open checkouts at the same time. */
const HELD_BY_ONE = 3;
/** Seats of one price that anonymous browsers of one network address hold, or were given for nothing. */
const FROM_ONE_ADDRESS = 5;

/** Who wants a seat. */
export interface SeatSeeker {
  coachId: string;
  mode: Mode;
  checkoutId: string;
  buyerKey: string;
  /** The keyed hash of an anonymous browser's network address; null for a member that the coach vouches for. */
  addressHash: string | null;
}

/**
 * Checks that there is a seat, under the lock of the price's row: two buyers never get the last one. Nobody may keep the
 * others out by holding seats that are never paid for. Does nothing for a price without a limit.
 * @throws ProblemError `sold_out` or `too_many_holds`
 */
export async function expectSeat(tx: Tx, price: SeatedPrice, seeker: SeatSeeker): Promise<void> {
  if (price.seats === null) return;
  const { coachId, mode, checkoutId, buyerKey, addressHash } = seeker;
  await lockSeats(tx, price);
  if ((await countSeats(tx, price, checkoutId)) >= price.seats)
    throw new ProblemError('sold_out', 'All seats are taken, or held by members who are paying just now.', {
      field: 'priceId',
    });
  const others = { coachId, mode, checkoutId: { not: checkoutId } };
  const held = await tx.seat.count({ where: { ...others, status: 'held', checkout: { buyerKey } } });
  const fromAddress =
    addressHash === null
      ? 0
      : await tx.seat.count({
          where: { ...others, priceId: price.id, status: { in: ['held', 'taken'] }, addressHash },
        });
  if (held >= HELD_BY_ONE || fromAddress >= FROM_ONE_ADDRESS)
    throw new ProblemError(
      'too_many_holds',
      'This buyer holds as many limited seats as one may hold at a time.',
      {
        field: 'priceId',
      },
    );
}
