import { lockAccess } from '../../store/access-change';
import { lockSeats } from '../../store/seat';
import { isHeld } from '../../domain/access';
import { ProblemError } from '../../domain/problem';
import { newId } from '../../domain/ids';
import type { Mode } from '../../domain/mode';
import { accessStart, termEnd } from '../../domain/pricing';
import { toDate, toDateOrNull, toSeconds, toSecondsOrNull } from '../../domain/time';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { expectSeat } from './seat-hold';
import type { OfferedPrice } from '../catalog/sellable';

/** What is asked for, and by whom. */
export interface FreeClaim {
  coachId: string;
  mode: Mode;
  memberId: string;
  /** The API key that asked; null: the member's own browser. */
  keyId: string | null;
  addressHash: string | null;
  urls: { successUrl: string; cancelUrl: string };
}

/**
 * Gives a member what is free: a completed checkout, its grant, and its seat if seats are limited, in one transaction,
 * without Stripe and without a run. Once for each member and product; asking again while it lasts changes nothing.
 * @throws ProblemError `free_already_had` when it is over or was taken back, `sold_out`, `too_many_holds`.
 */
export async function claimFree(
  deps: ApiDeps,
  price: OfferedPrice,
  claim: FreeClaim,
  checkoutId: string,
): Promise<{ checkoutId: string; created: boolean }> {
  const { coachId, mode, memberId, addressHash } = claim;
  const now = await coachNow(deps, coachId, mode);
  const key = { coachId, mode, memberId, productId: price.productId };
  const startsAt = accessStart(now, toSecondsOrNull(price.accessStartsAt));
  const buyerKey = `member:${memberId}`;
  return deps.db.$transaction(async (tx) => {
    // Before the member's lock, as every commit that needs both takes them.
    if (price.seats !== null) await lockSeats(tx, price);
    const access = await lockAccess(tx, key, now);
    const had = await tx.grant.findFirst({ where: { ...key, cause: 'free' } });
    if (had?.checkoutId != null) {
      const { startsAt, until, suspended, revoked } = had;
      const facts = { startsAt: toSeconds(startsAt), until: until && toSeconds(until), suspended, revoked };
      if (had.checkoutId !== checkoutId && !isHeld(facts, now))
        throw new ProblemError('free_already_had', 'The member has had this free product already.', {
          grantId: had.id,
        });
      return { checkoutId: had.checkoutId, created: had.checkoutId === checkoutId };
    }
    await expectSeat(tx, price, { coachId, mode, checkoutId, buyerKey, addressHash });
    await tx.checkout.create({
      data: {
        id: checkoutId,
        ...key,
        priceId: price.id,
        buyerKey,
        unitAmount: 0,
        currency: price.currency,
        recurring: false,
        status: 'completed',
        ...claim.urls,
        endedAt: toDate(now),
      },
    });
    if (price.seats !== null)
      await tx.seat.create({
        data: { checkoutId, coachId, mode, priceId: price.id, status: 'taken', addressHash },
      });
    const grantId = newId('grant');
    await tx.grant.create({
      data: {
        id: grantId,
        ...key,
        cause: 'free',
        checkoutId,
        startsAt: toDate(startsAt),
        until: toDateOrNull(termEnd(startsAt, price.accessDays)),
      },
    });
    await tx.price.updateMany({ where: { id: price.id, soldAt: null }, data: { soldAt: toDate(now) } });
    await access.record({
      kind: 'free_product_given',
      at: now,
      cause: { cause: 'person', causeId: claim.keyId },
      run: null,
      checkoutId,
      details: { grantId, priceId: price.id },
    });
    return { checkoutId, created: true };
  });
}
