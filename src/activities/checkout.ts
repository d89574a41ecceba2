import type Stripe from 'stripe';
import type { Checkout } from '../db/generated/client';
import { type CheckoutDecision, type CheckoutStatus, decideCheckout, isClosed } from '../domain/checkout';
import { Refusal } from '../domain/failure';
import type { SessionFacts } from '../domain/stripe-facts';
import { HOUR, MINUTE, type Seconds, toDate, toDateOrNull, toSeconds } from '../domain/time';
import { createOnce } from '../stripe/create-once';
import { expectObject, isAccountInvalid, toActivityFailure, toLookFailure } from '../stripe/errors';
import { findSession, sessionParams } from '../stripe/checkout-session';
import { fetchSession } from '../stripe/facts';
import type { Cause } from '../workflows/messages';
import { commitPurchase, noteCheckout } from './checkout-commit';
import type { ActivityDeps } from './deps';
import { readPolicy } from './policy';
import { refuse } from './refusal';
import { settleSeat } from './seat';
import { dispatchAgain, expectRevision, markDone, settle, type WaitingEvent } from './settle';

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

/** Activities of a checkout. */
export function createCheckoutActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function load(checkoutId: string) {
    const row = await db.checkout.findUnique({
      where: { id: checkoutId },
      include: { membership: true, member: true, price: true },
    });
    if (row === null) throw refuse(new Refusal('not_found', `There is no checkout ${checkoutId}.`));
    return row;
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

  return {
    /** Fixes what the session will be created with. */
    async prepareSession(input: { checkoutId: string }): Promise<PreparedSession> {
      const row = await load(input.checkoutId);
      const now = await deps.clock.now(row.mode, row.accountId);
      const customer =
        row.memberId === null
          ? null
          : await db.stripeCustomer.findFirst({
              where: { mode: row.mode, accountId: row.accountId, memberId: row.memberId },
            });
      const lifetime = row.price.seats === null ? SESSION_LIFETIME : SEAT_LIFETIME;
      return { expiresAt: now + lifetime, customerId: customer?.stripeCustomerId ?? null };
    },

    /**
     * Creates the Stripe session once and stores its address.
     * https://docs.stripe.com/api/checkout/sessions/create
     */
    async openSession(input: { checkoutId: string; prepared: PreparedSession }): Promise<CheckoutState> {
      const row = await load(input.checkoutId);
      if (row.stripeSessionId !== null || isClosed(row.status)) return stateOf(row.id);
      const stripe = deps.stripe.of(row.mode);
      const options = { stripeAccount: row.accountId };
      const params = sessionParams(row, row.price, {
        ...input.prepared,
        email: row.member?.email ?? null,
        publicUrl: deps.publicUrl,
      });
      let session: Stripe.Checkout.Session;
      try {
        session = await createOnce({
          rowId: row.id,
          step: 'session',
          create: async (idempotencyKey) =>
            expectObject(
              await stripe.checkout.sessions.create(params, { ...options, idempotencyKey }),
              'checkout.session',
            ),
          lookUp: () => findSession(stripe, row, options),
        });
      } catch (error) {
        throw toActivityFailure(error);
      }
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
        await settleSeat(tx, input.checkoutId, 'failed');
      });
      return stateOf(input.checkoutId);
    },

    /**
     * Expires the session at Stripe. The outcome stays Stripe's: a session that was completed meanwhile is refused
     * here and found completed by the look that follows. https://docs.stripe.com/api/checkout/sessions/expire
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
        if (row.stripeSessionId === null) await settleSeat(tx, row.id, 'cancelled');
      });
      if (row.stripeSessionId === null) return;
      const stripe = deps.stripe.of(row.mode);
      try {
        const options = { stripeAccount: row.accountId };
        const session = await stripe.checkout.sessions.retrieve(row.stripeSessionId, undefined, options);
        if (session.status === 'open')
          await stripe.checkout.sessions.expire(row.stripeSessionId, undefined, {
            ...options,
            idempotencyKey: `${row.id}:expire:0`,
          });
      } catch (error) {
        if (isAccountInvalid(error)) return;
        throw toActivityFailure(error);
      }
    },

    /** Fetches the session, decides and commits; a completed one gets its membership in the same transaction. */
    async settleCheckout(input: { checkoutId: string; cause: Cause }): Promise<CheckoutState> {
      await settle(db, { kind: 'checkout', id: input.checkoutId }, async (events) => {
        const row = await load(input.checkoutId);
        // Before the session exists, there is nothing to ask.
        if (row.stripeSessionId === null && !isClosed(row.status)) return;
        if (row.stripeSessionId === null || isFinal(row.status)) {
          // What came of it has a row of its own by now: the rest is resolved to that one when it is dispatched again.
          const isOurs = (event: WaitingEvent) =>
            row.membership === null || event.type.startsWith('checkout.session.');
          await db.$transaction(async (tx) => {
            await markDone(tx, events.filter(isOurs));
            await dispatchAgain(
              tx,
              events.filter((event) => !isOurs(event)),
            );
          });
          return;
        }
        const session = await fetchEvidence(deps, row, row.stripeSessionId);
        const [now, policy] = await Promise.all([
          deps.clock.now(row.mode, row.accountId),
          readPolicy(db, row.coachId, row.mode),
        ]);
        const decision =
          session === null
            ? UNVERIFIABLE
            : decideCheckout({ ...row, terms: row.price }, session, row.cancelRequestedAt !== null);
        await db.$transaction(async (tx) => {
          expectRevision(
            await tx.checkout.updateMany({
              where: { id: row.id, revision: row.revision },
              data: {
                status: decision.status,
                failureCode: decision.failureCode,
                failureMessage: decision.failureMessage,
                nextDeadlineAt: toDateOrNull(decision.deadline),
                endedAt: isClosed(decision.status) ? toDate(now) : null,
                revision: { increment: 1 },
              },
            }),
          );
          if (decision.status === 'completed' && session !== null)
            await commitPurchase(tx, { row, session, decision, now, policy, events, cause: input.cause });
          else if (decision.status !== row.status)
            await noteCheckout(tx, { row, decision, now, events, cause: input.cause });
          await settleSeat(tx, row.id, decision.status);
          await markDone(tx, events);
        });
        if (decision.status === 'held' || decision.status === 'unverifiable')
          deps.log.error(
            { checkoutId: row.id, accountId: row.accountId, code: decision.failureCode },
            'A checkout needs the coach to look at it',
          );
      });
      return stateOf(input.checkoutId);
    },
  };
}

/** Closed for good. An unverifiable one may still be cleared up when its account can be read again. */
function isFinal(status: CheckoutStatus): boolean {
  return isClosed(status) && status !== 'unverifiable';
}

const UNVERIFIABLE: CheckoutDecision = {
  status: 'unverifiable',
  failureCode: 'account_disconnected',
  failureMessage: 'The Stripe account was disconnected before the outcome was known. Look it up in Stripe.',
  deadline: null,
  paidAt: null,
};

async function fetchEvidence(
  deps: ActivityDeps,
  row: Checkout,
  sessionId: string,
): Promise<SessionFacts | null> {
  try {
    return await fetchSession({ stripe: deps.stripe.of(row.mode), accountId: row.accountId }, sessionId);
  } catch (error) {
    if (isAccountInvalid(error)) return null;
    throw toLookFailure(error);
  }
}

function waitsFor(row: Checkout): string {
  switch (row.status) {
    case 'opening':
      return 'Opens a session at Stripe.';
    case 'open':
      return `Waits for the member to pay; Stripe closes the session ${row.expiresAt?.toISOString() ?? 'later'}.`;
    case 'pending':
      return 'The member finished Checkout; waits for the money.';
    case 'completed':
      return 'Paid; access was given.';
    case 'expired':
      return 'Expired without a payment.';
    case 'cancelled':
      return 'Cancelled.';
    case 'failed':
    case 'held':
    case 'unverifiable':
      return row.failureMessage ?? 'Failed.';
  }
}
