import type Stripe from 'stripe';
import type { CheckoutItem } from '../db/generated/client';
import { isClosed } from '../domain/checkout';
import { CODE_REFUSALS } from '../domain/coupons';
import { leastCharge } from '../domain/least-charge';
import { formatMoney } from '../domain/money';
import { ProblemError } from '../domain/problem';
import { LONGEST_SESSION, openUntil, sessionEnd, SHORTEST_SESSION } from '../domain/sales-window';
import { type Seconds, toDate } from '../domain/time';
import { refuse } from '../store/activity-failure';
import { chooseCustomer, forgetCustomer } from '../store/customers';
import type { PaidCheckout } from '../store/paid-checkout';
import { syncSeat } from '../store/seat';
import { findSession, isExpiryRefused, sessionParams } from '../stripe/checkout-session';
import { isDiscountRefused } from '../stripe/coupons';
import { createOnce } from '../stripe/create-once';
import { isCurrencyConflict, isCustomerGone, isTooSmall } from '../stripe/customer';
import { expectObject, isRefused, toActivityFailure } from '../stripe/errors';
import { checkoutState, type CheckoutState, loadCheckout, type LoadedCheckout } from './checkout-state';
import type { ActivityDeps } from './deps';
import { priceRefusal } from './price-refusal';
import { requestOf, type SessionRequest, stepOf, storeRequest } from './session-request';

/** What is fixed before the session is created, so that every try sends Stripe the same request. */
export interface PreparedSession {
  /** Seconds, UTC, on the account's clock. */
  expiresAt: Seconds;
  /** The member's customer on this account, if there is one. */
  customerId: string | null;
}

/** A checkout whose session is there. */
export interface OpenedSession extends CheckoutState {
  /** It was opened just now, so that there is nothing to look at yet. */
  isNew: boolean;
}

/** Activities that open a checkout's session at Stripe. */
export function createCheckoutOpeningActivities(deps: ActivityDeps) {
  const { db } = deps;

  /** Stores the request for the session: the first one, or the next after one that Stripe refused. */
  async function prepare(
    row: LoadedCheckout,
    refused: SessionRequest | null,
    avoided: string[],
    { told, beside = row.beside }: { told?: PreparedSession | undefined; beside?: CheckoutItem[] } = {},
  ): Promise<SessionRequest> {
    const lifetime = row.price.seats === null ? LONGEST_SESSION : SHORTEST_SESSION;
    const now = await deps.clock.now(row.mode, row.accountId);
    const params = sessionParams(row, row.price, {
      expiresAt: told?.expiresAt ?? sessionEnd(now, lifetime, row.price),
      customerId: told === undefined ? await chooseCustomer(deps, row, avoided) : told.customerId,
      email: row.member?.email ?? null,
      publicUrl: deps.publicUrl,
      discount: discountOf(row),
      beside: beside.map(({ stripePriceId }) => stripePriceId),
    });
    return storeRequest(db, row.id, refused, { attempt: (refused?.attempt ?? -1) + 1, avoided, params });
  }

  async function create(
    row: LoadedCheckout,
    request: SessionRequest,
    isRenewed = false,
  ): Promise<Stripe.Checkout.Session> {
    const stripe = deps.stripe.of(row.mode);
    const options = { stripeAccount: row.accountId };
    const lookUp = () => findSession(stripe, row, options);
    try {
      return await createOnce({
        rowId: row.id,
        step: stepOf(request),
        create: async (idempotencyKey) =>
          expectObject<Stripe.Checkout.Session>(
            await stripe.checkout.sessions.create(request.params, { ...options, idempotencyKey }),
            'checkout.session',
          ),
        lookUp,
      });
    } catch (error) {
      const { customer } = request.params;
      const isGone = isCustomerGone(error);
      const refused = customer !== undefined && (isGone || isCurrencyConflict(error)) ? [customer] : [];
      // The request is from before an outage, and Stripe's least lifetime begins when it takes it.
      const isTooLate = isExpiryRefused(error) && !isRenewed;
      // What is offered beside never stands in the way of what is bought.
      const { optional_items: offered = [] } = request.params;
      const isOfferedInVain = offered.length > 0 && refused.length === 0 && !isTooLate && isRefused(error);
      if (refused.length === 0 && !isTooLate && !isOfferedInVain) {
        const refusal = await priceRefusal(db, row, error);
        throw refusal === null ? toOpeningFailure(row, error) : refuse(refusal);
      }
      if (customer !== undefined && isGone) await forgetCustomer(db, row, customer);
      try {
        // Another key only after a look: an earlier try may have been taken, and its answer lost.
        const made = await lookUp();
        if (made !== null) return made;
      } catch (lookError) {
        throw toActivityFailure(lookError);
      }
      const beside = isOfferedInVain || offered.length === 0 ? [] : row.beside;
      return create(
        row,
        await prepare(row, request, [...request.avoided, ...refused], { beside }),
        isTooLate,
      );
    }
  }

  return {
    /** Fixes what the session will be created with, on the row. */
    async prepareSession(input: { checkoutId: string }): Promise<PreparedSession> {
      const row = await loadCheckout(db, input.checkoutId);
      const { params } = requestOf(row) ?? (await prepare(row, null, []));
      return { expiresAt: params.expires_at, customerId: params.customer ?? null };
    },

    /**
     * Creates the Stripe session once and stores its address. A customer that was deleted, or is held to another
     * currency, is left out, and the sale goes on with another one, or a new one; an end that has come too near is put
     * off, once a try.
     * https://docs.stripe.com/api/checkout/sessions/create
     */
    async openSession(input: {
      checkoutId: string;
      /** Only of a run that began under an earlier version, which has told it to nobody but its history. */
      prepared?: PreparedSession;
    }): Promise<OpenedSession> {
      const row = await loadCheckout(db, input.checkoutId);
      if (row.stripeSessionId !== null || isClosed(row.status))
        return { ...(await checkoutState(deps, row.id)), isNew: false };
      const request = requestOf(row) ?? (await prepare(row, null, [], { told: input.prepared }));
      const session = await create(row, request);
      await db.checkout.updateMany({
        where: { id: row.id, status: 'opening' },
        data: {
          status: 'open',
          stripeSessionId: session.id,
          url: session.url,
          expiresAt: toDate(session.expires_at),
          nextDeadlineAt: toDate(openUntil(session.expires_at, row.price)),
          revision: { increment: 1 },
        },
      });
      return { ...(await checkoutState(deps, row.id)), isNew: true };
    },

    /** Records that the session could not be opened. Nothing is left open at Stripe: it refused. */
    async failOpening(input: { checkoutId: string; code: string; message: string }): Promise<CheckoutState> {
      await db.$transaction(async (tx) => {
        await tx.checkout.updateMany({
          where: { id: input.checkoutId, status: 'opening' },
          data: {
            status: 'failed',
            failureCode: input.code,
            failureMessage: input.message,
            endedAt: new Date(),
            nextDeadlineAt: null,
            revision: { increment: 1 },
          },
        });
        await syncSeat(tx, input.checkoutId, 'failed');
      });
      return checkoutState(deps, input.checkoutId);
    },
  };
}

/** The code that was brought, as Stripe knows it; one that is not there is given by its coupon. */
function discountOf({ coupon, promotionCode }: LoadedCheckout) {
  if (coupon === null) return null;
  const code = promotionCode?.stripePromotionCodeId ?? null;
  return code === null ? { coupon: coupon.stripeCouponId } : { promotion_code: code };
}

/** What the buyer can be told in words is said with a code of its own. */
function toOpeningFailure(row: PaidCheckout, error: unknown): unknown {
  // Switched off or used up since we last heard of it, or a first purchase that is none by what Stripe knows.
  if (row.couponId !== null && isDiscountRefused(error))
    return refuse(
      new ProblemError('promotion_code_refused', CODE_REFUSALS.refused_by_stripe, {
        field: 'promotionCode',
        reason: 'refused_by_stripe',
      }),
    );
  if (!isTooSmall(error)) return toActivityFailure(error);
  const least = leastCharge(row.currency);
  const figure = least === null ? '' : `: at least ${formatMoney(least, row.currency)}`;
  return refuse(
    new ProblemError('amount_too_small', `Stripe does not charge so small a total${figure}.`, {
      currency: row.currency,
      leastCharge: least,
    }),
  );
}
