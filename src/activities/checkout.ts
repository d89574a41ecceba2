import type Stripe from 'stripe';
import type { Checkout, Member, Price } from '../db/generated/client';
import {
  type CheckoutDecision,
  type CheckoutStatus,
  closedWithoutMoney,
  decideCheckout,
  decideLate,
  isClosed,
  decideRefund,
  isGivenBack,
  seatGone,
  wouldChargeLater,
} from '../domain/checkout';
import { ProblemError } from '../domain/problem';
import { leastCharge } from '../domain/least-charge';
import { formatMoney } from '../domain/money';
import type { SessionFacts } from '../domain/stripe-facts';
import { HOUR, isoTimeOrNull, MINUTE, type Seconds, toDate, toDateOrNull, toSeconds } from '../domain/time';
import { createOnce } from '../stripe/create-once';
import { expectObject, isAccountInvalid, toActivityFailure, toLookFailure } from '../stripe/errors';
import { expireSession, findSession, sessionParams } from '../stripe/checkout-session';
import { isCurrencyConflict, isCustomerGone, isTooSmall } from '../stripe/customer';
import { fetchSession } from '../stripe/facts';
import { endSubscription } from '../stripe/refunds';
import type { Cause } from '../messages/messages';
import { commitPurchase, noteCheckout } from '../store/checkout-commit';
import { memberOfCheckout } from '../store/checkout-member';
import { chooseCustomer, forgetCustomer } from '../store/customers';
import type { ActivityDeps } from './deps';
import { isGoneAtStripe } from './gone-at-stripe';
import { expectPaid, type PaidCheckout } from '../store/paid-checkout';
import { readPolicy } from '../store/policy';
import { priceRefusal } from './price-refusal';
import { refuse } from '../store/activity-failure';
import { syncSeat, takeSeat } from '../store/seat';
import { requestOf, type SessionRequest, stepOf, storeRequest } from './session-request';
import { dispatchAgain, expectRevision, markDone, syncTarget, type WaitingEvent } from '../store/sync';

/** How long a Stripe session stays open. Stripe takes 30 minutes to 24 hours; long enough to find one's card. */
const SESSION_LIFETIME = 2 * HOUR;
/** With limited seats the shortest that Stripe takes, and a little for the way there: an open session holds a seat. */
const SEAT_LIFETIME = 31 * MINUTE;

/** What is fixed before the session is created, so that every try sends Stripe the same request. */
export interface PreparedSession {
  /** Seconds, UTC, on the account's clock. */
  expiresAt: Seconds;
  /** The member's customer on this account, if there is one. */
  customerId: string | null;
}

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

type LoadedCheckout = PaidCheckout & { price: Price; member: Member | null };

/** Activities of a checkout. */
export function createCheckoutActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function load(checkoutId: string) {
    const row = await db.checkout.findUnique({
      where: { id: checkoutId },
      include: { membership: true, member: true, price: true },
    });
    if (row === null) throw refuse(new ProblemError('not_found', `There is no checkout ${checkoutId}.`));
    return expectPaid(row);
  }

  async function stateOf(checkoutId: string): Promise<CheckoutState> {
    const row = await load(checkoutId);
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

  /** Stores the request for the session: the first one, or the next after one whose customer Stripe refused. */
  async function prepare(
    row: LoadedCheckout,
    refused: SessionRequest | null,
    told?: PreparedSession,
  ): Promise<SessionRequest> {
    const refusedCustomer = refused?.params.customer;
    const avoided = [
      ...(refused?.avoided ?? []),
      ...(refusedCustomer === undefined ? [] : [refusedCustomer]),
    ];
    const lifetime = row.price.seats === null ? SESSION_LIFETIME : SEAT_LIFETIME;
    const params = sessionParams(row, row.price, {
      expiresAt: told?.expiresAt ?? (await deps.clock.now(row.mode, row.accountId)) + lifetime,
      customerId: told === undefined ? await chooseCustomer(deps, row, avoided) : told.customerId,
      email: row.member?.email ?? null,
      publicUrl: deps.publicUrl,
    });
    return storeRequest(db, row.id, refused, { attempt: (refused?.attempt ?? -1) + 1, avoided, params });
  }

  async function create(row: LoadedCheckout, request: SessionRequest): Promise<Stripe.Checkout.Session> {
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
      if (customer === undefined || (!isGone && !isCurrencyConflict(error))) {
        const refusal = await priceRefusal(db, row, error);
        throw refusal === null ? toOpeningFailure(row, error) : refuse(refusal);
      }
      if (isGone) await forgetCustomer(db, row, customer);
      try {
        // Another key only after a look: an earlier try may have been taken, and its answer lost.
        const made = await lookUp();
        if (made !== null) return made;
      } catch (lookError) {
        throw toActivityFailure(lookError);
      }
      return create(row, await prepare(row, request));
    }
  }

  return {
    /** Fixes what the session will be created with, on the row. */
    async prepareSession(input: { checkoutId: string }): Promise<PreparedSession> {
      const row = await load(input.checkoutId);
      const { params } = requestOf(row) ?? (await prepare(row, null));
      return { expiresAt: params.expires_at, customerId: params.customer ?? null };
    },

    /**
     * Creates the Stripe session once and stores its address. A customer that was deleted, or is held to another
     * currency, is left out, and the sale goes on with another one, or a new one.
     * https://docs.stripe.com/api/checkout/sessions/create
     */
    async openSession(input: { checkoutId: string; prepared: PreparedSession }): Promise<CheckoutState> {
      const row = await load(input.checkoutId);
      if (row.stripeSessionId !== null || isClosed(row.status)) return stateOf(row.id);
      // A run that began under an earlier version has only told it to its history.
      const request = requestOf(row) ?? (await prepare(row, null, input.prepared));
      const session = await create(row, request);
      await db.checkout.updateMany({
        where: { id: row.id, status: 'opening' },
        data: {
          status: 'open',
          stripeSessionId: session.id,
          url: session.url,
          expiresAt: toDate(session.expires_at),
          nextDeadlineAt: toDate(session.expires_at),
          revision: { increment: 1 },
        },
      });
      return stateOf(row.id);
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
      return stateOf(input.checkoutId);
    },

    /**
     * Expires the session at Stripe. The outcome stays Stripe's: one that was completed meanwhile is found completed by
     * the look that follows. https://docs.stripe.com/api/checkout/sessions/expire
     */
    async expireSession(input: { checkoutId: string }): Promise<void> {
      const row = await load(input.checkoutId);
      if (isClosed(row.status)) return;
      await db.$transaction(async (tx) => {
        await tx.checkout.updateMany({
          where: { id: row.id, cancelRequestedAt: null },
          data: {
            cancelRequestedAt: new Date(),
            revision: { increment: 1 },
            // Without a session there is nothing that Stripe could say.
            ...(row.stripeSessionId === null ? { status: 'cancelled', endedAt: new Date() } : {}),
          },
        });
        if (row.stripeSessionId === null) await syncSeat(tx, row.id, 'cancelled');
      });
      if (row.stripeSessionId === null) return;
      try {
        const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
        await expireSession(client, row.id, row.stripeSessionId);
      } catch (error) {
        if (isAccountInvalid(error)) return;
        throw toActivityFailure(error);
      }
    },

    /** Fetches the session, decides and commits; a completed one gets its membership in the same transaction. */
    async syncCheckout(input: { checkoutId: string; cause: Cause }): Promise<CheckoutState> {
      await syncTarget(db, { kind: 'checkout', id: input.checkoutId }, async (events) => {
        const row = await load(input.checkoutId);
        // Before the session exists, there is nothing to ask.
        if (row.stripeSessionId === null && !isClosed(row.status)) return;
        const found = isLookedAt(row.status, events) ? await fetchEvidence(deps, row) : undefined;
        const decided = found === undefined ? null : decide(row, found);
        if (decided === null) {
          await handOn(row, events);
          return;
        }
        const session = typeof found === 'string' ? null : found;
        // Before anything is written down: what cannot be stopped now is tried again.
        if (session != null && decided.status === 'failed') await stopCharging(deps, row, session);
        const [now, policy] = await Promise.all([
          deps.clock.now(row.mode, row.accountId),
          readPolicy(db, row.coachId, row.mode),
        ]);
        const decision = await db.$transaction(async (tx) => {
          const hasSeat = decided.status !== 'completed' || (await takeSeat(tx, row.id, row.price));
          const decision = hasSeat ? decided : seatGone(now);
          // Whoever finished Checkout is known from then on: their money may be on its way for days, bounce, or go back.
          const finished = session?.status === 'complete' && decision.status !== 'completed';
          const memberId = finished ? await memberOfCheckout(tx, row, session) : row.memberId;
          expectRevision(
            await tx.checkout.updateMany({
              where: { id: row.id, revision: row.revision },
              data: {
                status: decision.status,
                stripeSessionId: session?.id ?? row.stripeSessionId,
                memberId,
                failureCode: decision.failureCode,
                failureMessage: decision.failureMessage,
                nextDeadlineAt: toDateOrNull(decision.deadline),
                endedAt: isClosed(decision.status) ? toDate(now) : null,
                revision: { increment: 1 },
              },
            }),
          );
          const settled = { row: { ...row, memberId }, decision, now, events, cause: input.cause };
          if (decision.status === 'completed' && session != null)
            await commitPurchase(tx, { ...settled, session, policy });
          else if (decision.status !== row.status) await noteCheckout(tx, settled);
          await syncSeat(tx, row.id, decision.status);
          await markDone(tx, events);
          return decision;
        });
        if (decision.status === 'needs_review' || decision.status === 'unverifiable')
          deps.log.error(
            { checkoutId: row.id, accountId: row.accountId, code: decision.failureCode },
            'A checkout needs the coach to look at it',
          );
      });
      return stateOf(input.checkoutId);
    },
  };

  /** What came of a closed checkout has a row of its own: its events are resolved to that one when dispatched again. */
  async function handOn(row: { membership: object | null }, events: WaitingEvent[]): Promise<void> {
    const isOurs = (event: WaitingEvent) =>
      row.membership === null || event.type.startsWith('checkout.session.');
    await db.$transaction(async (tx) => {
      await markDone(tx, events.filter(isOurs));
      await dispatchAgain(
        tx,
        events.filter((event) => !isOurs(event)),
      );
    });
  }
}

/**
 * Whether Stripe is asked about a checkout. What was closed without money, or given back, is asked about again when
 * Stripe says something new of it; one that could not be verified may be cleared up when its account can be read again.
 */
function isLookedAt(status: CheckoutStatus, events: readonly WaitingEvent[]): boolean {
  if (closedWithoutMoney(status) || status === 'refunded') return events.length > 0;
  return status === 'open' || status === 'pending' || status === 'unverifiable';
}

/** The decision about what was found; null: it stays as it is. */
function decide(
  row: PaidCheckout & { price: Price },
  session: SessionFacts | keyof typeof UNVERIFIABLE,
): CheckoutDecision | null {
  const isOver = closedWithoutMoney(row.status);
  if (typeof session === 'string') return isOver || row.status === 'refunded' ? null : unverifiable(session);
  if (row.status === 'refunded') return isGivenBack(session) ? null : decideRefund(false);
  const terms = row.withoutTrial ? { ...row.price, trialDays: null } : row.price;
  const decision = decideCheckout({ ...row, terms }, session, row.cancelRequestedAt !== null);
  return isOver ? decideLate(decision) : decision;
}

/** Why the outcome cannot be known any more. */
const UNVERIFIABLE = {
  account_disconnected:
    'The Stripe account was disconnected before the outcome was known. Look it up in Stripe.',
  session_missing:
    'Stripe does not have the session of this purchase any more. Look in Stripe for a payment.',
} as const;

const unverifiable = (failureCode: keyof typeof UNVERIFIABLE): CheckoutDecision => ({
  status: 'unverifiable',
  failureCode,
  failureMessage: UNVERIFIABLE[failureCode],
  deadline: null,
  paidAt: null,
});

/** The session at Stripe, or why it can no longer be read; undefined: there is none. */
async function fetchEvidence(
  deps: ActivityDeps,
  row: PaidCheckout,
): Promise<SessionFacts | keyof typeof UNVERIFIABLE | undefined> {
  const options = { stripeAccount: row.accountId };
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  try {
    // An opening that was given up may have left a session whose id nobody was told.
    const id =
      row.stripeSessionId ?? (await findSession(client.stripe, row, { stripeAccount: row.accountId }))?.id;
    return id === undefined ? undefined : await fetchSession(client, id);
  } catch (error) {
    if (isAccountInvalid(error)) return 'account_disconnected';
    const { stripeSessionId: id } = row;
    const retrieve = () => client.stripe.checkout.sessions.retrieve(id ?? '', undefined, options);
    if (id !== null && (await isGoneAtStripe(error, retrieve))) return 'session_missing';
    throw toLookFailure(error);
  }
}

/** A subscription whose first payment failed is ended at Stripe, so that it is not charged after all. */
async function stopCharging(deps: ActivityDeps, row: PaidCheckout, session: SessionFacts): Promise<void> {
  if (session.subscription === null || !wouldChargeLater(session)) return;
  try {
    const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
    await endSubscription(client, row.id, session.subscription.id);
  } catch (error) {
    throw toLookFailure(error);
  }
}

/** What the buyer can be told in words is said with a code of its own. */
function toOpeningFailure(row: PaidCheckout, error: unknown): unknown {
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
