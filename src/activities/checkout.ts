import { type CheckoutDecision, isClosed, seatGone } from '../domain/checkout';
import { decideLook, isLookedAt } from '../domain/checkout-look';
import type { SessionFacts } from '../domain/stripe-facts';
import { toDate, toDateOrNull } from '../domain/time';
import type { Cause } from '../messages/messages';
import { queueReminder } from '../store/checkout-reminder';
import { commitPurchase, noteCheckout, type Purchased, whatWasGiven } from '../store/checkout-commit';
import { memberOfCheckout } from '../store/checkout-member';
import { recordPayments } from '../store/payments';
import { recordRedemption } from '../store/redemption';
import { readPolicy } from '../store/policy';
import { syncSeat, takeSeat } from '../store/seat';
import { dispatchAgain, markDone, type WaitingEvent } from '../store/waiting-events';
import { expectRevision, syncTarget } from '../store/sync';
import { fetchEvidence, stopCharging } from './checkout-evidence';
import { checkoutState, type CheckoutState, loadCheckout, type LoadedCheckout } from './checkout-state';
import type { ActivityDeps } from './deps';
import { resolveItems } from './items';

/** What a look has found and decided, to be written down. */
interface Look {
  row: LoadedCheckout;
  /** Null where Stripe's session can no longer be read. */
  session: SessionFacts | null;
  decided: CheckoutDecision;
  events: WaitingEvent[];
  cause: Cause;
}

/** What was written down: the decision, and the membership that came of it. */
interface Committed {
  decision: CheckoutDecision;
  given: Purchased | null;
}

/** The activity that looks at a checkout. */
export function createCheckoutActivities(deps: ActivityDeps) {
  const { db } = deps;

  return {
    /** Fetches the session, decides and commits; a completed one gets its membership in the same transaction. */
    async syncCheckout(input: { checkoutId: string; cause: Cause }): Promise<CheckoutState> {
      await syncTarget(db, { kind: 'checkout', id: input.checkoutId }, async (events) => {
        const row = await loadCheckout(db, input.checkoutId);
        // Before the session exists, there is nothing to ask.
        if (row.stripeSessionId === null && !isClosed(row.status)) return;
        const found = isLookedAt(row.status, events.length > 0) ? await fetchEvidence(deps, row) : undefined;
        const decided = found === undefined ? null : decideLook(offerOf(row), found);
        if (decided === null) {
          await handOn(row, events);
          return;
        }
        const session = found === undefined || typeof found === 'string' ? null : found;
        // Before anything is written down: what cannot be stopped now is tried again.
        if (session !== null && decided.status === 'failed') await stopCharging(deps, row, session);
        const { decision, given } = await commit({ row, session, decided, events, cause: input.cause });
        deps.log.info(
          {
            ...{ checkoutId: row.id, accountId: row.accountId, cause: input.cause },
            events: events.map(({ eventId }) => eventId),
            ...{ before: row.status, status: decision.status, ...given },
          },
          'looked at a checkout',
        );
        if (decision.status === 'needs_review' || decision.status === 'unverifiable')
          deps.log.error(
            { checkoutId: row.id, accountId: row.accountId, code: decision.failureCode },
            'A checkout needs the coach to look at it',
          );
      });
      return checkoutState(deps, input.checkoutId);
    },
  };

  /** Writes down what was decided; a payment whose seat is gone is decided otherwise while the seats are locked. */
  async function commit({ row, session, decided, events, cause }: Look): Promise<Committed> {
    const subscription = session?.subscription ?? null;
    const [now, system, policy, items] = await Promise.all([
      deps.clock.now(row.mode, row.accountId),
      deps.clock.now(row.mode, null),
      readPolicy(db, row.coachId, row.mode),
      subscription === null ? [] : resolveItems(db, row, subscription),
    ]);
    return db.$transaction(async (tx) => {
      const hasSeat = decided.status !== 'completed' || (await takeSeat(tx, row.id, row.price));
      const decision = hasSeat ? decided : seatGone(now);
      // Whoever finished Checkout is known from then on: their money may be on its way for days, bounce, or go back.
      const sold = decision.status === 'completed' ? session : null;
      const finished = session?.status === 'complete' ? session : sold;
      const memberId = finished === null ? row.memberId : await memberOfCheckout(tx, row, finished);
      if (decision.status === 'expired') await queueReminder(tx, deps.encryptionKey, row, system);
      expectRevision(
        await tx.checkout.updateMany({
          where: { id: row.id, revision: row.revision },
          data: {
            status: decision.status,
            stripeSessionId: session?.id ?? row.stripeSessionId,
            memberId,
            ...(sold === null ? {} : whatWasGiven(row, sold)),
            failureCode: decision.failureCode,
            failureMessage: decision.failureMessage,
            nextDeadlineAt: toDateOrNull(decision.deadline),
            endedAt: isClosed(decision.status) ? toDate(now) : null,
            revision: { increment: 1 },
          },
        }),
      );
      const synced = { row: { ...row, memberId }, decision, now, events, cause };
      const given =
        sold === null || memberId === null
          ? null
          : await commitPurchase(tx, { ...synced, memberId, session: sold, items, policy });
      if (given !== null && sold !== null) await recordRedemption(tx, row, sold);
      if (given === null && decision.status !== row.status) await noteCheckout(tx, synced);
      // A debit that is on its way, or has bounced, is a payment that the coach sees.
      if (given === null && session?.payment != null && memberId !== null)
        await recordPayments(tx, { ...row, memberId, id: null, checkoutId: row.id }, session, now);
      await syncSeat(tx, row.id, decision.status);
      await markDone(tx, events);
      return { decision, given };
    });
  }

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

/** What was offered, and what the coach has asked for since. */
function offerOf(row: LoadedCheckout) {
  const { unitAmount, withoutTrial } = row;
  const terms = { ...row.price, unitAmount, ...(withoutTrial ? { trialDays: null } : {}) };
  return { ...row, terms, sales: row.price, cancelRequested: row.cancelRequestedAt !== null };
}
