import type { Db } from '../db/client';
import type { Checkout, CheckoutItem, Coupon, Member, Price, PromotionCode } from '../db/generated/client';
import { isClosed } from '../domain/checkout';
import { ProblemError } from '../domain/problem';
import { isoTimeOrNull, type Seconds, toSeconds } from '../domain/time';
import { refuse } from '../store/activity-failure';
import { expectPaid, type PaidCheckout } from '../store/paid-checkout';
import type { ActivityDeps } from './deps';

/** What a run needs to know after a look at Stripe. Times in seconds, UTC, on the account's clock. */
export interface CheckoutState {
  status: string;
  url: string | null;
  waitsFor: string;
  deadline: Seconds | null;
  now: Seconds;
  terminal: boolean;
  failureCode: string | null;
  accountId: string;
  memberId: string | null;
  /** The membership that came of it, and whether time matters to it. */
  membershipId: string | null;
  membershipNeedsRun: boolean;
}

/** A checkout that is paid for at Stripe, with what its activities work on. */
export type LoadedCheckout = PaidCheckout & {
  price: Price;
  member: Member | null;
  coupon: Coupon | null;
  promotionCode: PromotionCode | null;
  /** What it offers beside. */
  beside: CheckoutItem[];
};

/** @throws ApplicationFailure `not_found` */
export async function loadCheckout(db: Db, checkoutId: string) {
  const row = await db.checkout.findUnique({
    where: { id: checkoutId },
    include: {
      membership: true,
      member: true,
      price: true,
      coupon: true,
      promotionCode: true,
      beside: { orderBy: { position: 'asc' } },
    },
  });
  if (row === null) throw notFound(checkoutId);
  return expectPaid(row);
}

const notFound = (checkoutId: string) =>
  refuse(new ProblemError('not_found', `There is no checkout ${checkoutId}.`));

/** The row as its run hears of it. @throws ApplicationFailure `not_found` */
export async function checkoutState(deps: ActivityDeps, checkoutId: string): Promise<CheckoutState> {
  const found = await deps.db.checkout.findUnique({
    where: { id: checkoutId },
    include: { membership: { select: { id: true, nextDeadlineAt: true } } },
  });
  if (found === null) throw notFound(checkoutId);
  const row = expectPaid(found);
  return {
    status: row.status,
    url: row.status === 'open' ? row.url : null,
    waitsFor: waitsFor(row),
    deadline: row.nextDeadlineAt === null ? null : toSeconds(row.nextDeadlineAt),
    now: await deps.clock.now(row.mode, row.accountId),
    terminal: isClosed(row.status),
    failureCode: row.failureCode,
    accountId: row.accountId,
    memberId: row.memberId,
    membershipId: row.membership?.id ?? null,
    membershipNeedsRun: row.membership?.nextDeadlineAt != null,
  };
}

function waitsFor(row: Checkout): string {
  switch (row.status) {
    case 'opening':
      return 'Opens a session at Stripe.';
    case 'open':
      return `Waits for the member to pay; Stripe closes the session ${isoTimeOrNull(row.expiresAt) ?? 'later'}.`;
    case 'pending':
      return 'The member finished Checkout; waits for the money.';
    case 'completed':
      return 'Paid; access was given.';
    case 'expired':
      return 'Expired without a payment.';
    case 'cancelled':
      return 'Cancelled.';
    case 'refunding':
      return 'The payment came for a seat that was gone; gives it back.';
    case 'failed':
    case 'needs_review':
    case 'unverifiable':
    case 'refunded':
      return row.failureMessage ?? 'Failed.';
  }
}
