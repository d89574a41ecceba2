import { activityInfo } from '@temporalio/activity';
import type { Tx } from '../db/client';
import type { Membership } from '../db/generated/client';
import { isLive } from '../domain/access';
import { ProblemError } from '../domain/problem';
import {
  changeOf,
  decideMembership,
  type MembershipDecision,
  type MembershipEvidence,
  type MembershipFacts,
  WITHHELD,
} from '../domain/membership';
import { type MembershipReason, REASONS } from '../domain/membership-reasons';
import { planOf } from '../domain/items';
import { ofItems } from '../domain/paid-periods';
import { isoTime, type Seconds, toDate, toSeconds } from '../domain/time';
import { isAccountInvalid, toLookFailure } from '../stripe/errors';
import { fetchPayment, fetchSubscription } from '../stripe/facts';
import type { AccountClient } from '../stripe/account-client';
import type { Cause } from '../messages/messages';
import { changeAccess, lockMemberProduct } from '../store/access-change';
import type { ActivityDeps } from './deps';
import { isGoneAtStripe } from './gone-at-stripe';
import { resolveItems, syncItemGrants, subscriptionColumns } from './items';
import { lastEvidence } from '../store/last-evidence';
import { cancelNow } from './membership-cancellation';
import { grantColumns, membershipColumns } from '../store/membership-columns';
import { isErased, keepUnnamed } from '../store/erasure';
import { recordPayments } from '../store/payments';
import { readPolicy } from '../store/policy';
import { refuse } from '../store/activity-failure';
import { syncSeatOfSale } from '../store/seat';
import { causeOf, expectRevision, markDone, syncTarget } from '../store/sync';

/** What a run needs to know after a look at Stripe. Times in seconds, UTC, on the account's clock. */
export interface MembershipState {
  status: string;
  reason: string;
  /** What it waits for, in words for an operator. */
  waitsFor: string;
  paidThrough: Seconds | null;
  deadline: Seconds | null;
  now: Seconds;
  /** Nothing more will happen by itself. */
  terminal: boolean;
  /** Installments whose end Stripe does not know of yet. */
  needsSchedule: boolean;
  accountId: string;
  memberId: string;
}

/** Activities of a membership: look, decide and commit. */
export function createMembershipActivities(deps: ActivityDeps) {
  const { db } = deps;

  async function load(membershipId: string): Promise<Membership> {
    const row = await db.membership.findUnique({ where: { id: membershipId } });
    if (row === null) throw refuse(new ProblemError('not_found', `There is no membership ${membershipId}.`));
    return row;
  }

  /** Nothing more is owed, so Stripe is to stop charging. Tried until it has: the look that follows says whether it did. */
  const stopCharging = async (row: Membership): Promise<void> => {
    try {
      await cancelNow(deps, row, 'reversed');
    } catch (error) {
      deps.log.warn({ membershipId: row.id, step: 'cancel' }, 'Stripe did not take a change');
      throw toLookFailure(error);
    }
  };

  return {
    /** Fetches from Stripe, decides and commits. Never trusts what woke the run. */
    async syncMembership(input: { membershipId: string; cause: Cause }): Promise<MembershipState> {
      return syncTarget(db, { kind: 'membership', id: input.membershipId }, async (events) => {
        const row = await load(input.membershipId);
        const evidence = await fetchEvidence(deps, row, events);
        const [now, policy] = await Promise.all([
          deps.clock.now(row.mode, row.accountId),
          readPolicy(db, row.coachId, row.mode),
        ]);
        if (evidence.kind === 'unreadable' && row.endedAt !== null) {
          // A late event about what is over; nobody can be asked whether it is not.
          await markDone(db, events);
          return endedState(row, now);
        }
        const facts = membershipFacts(row);
        const subscription = evidence.kind === 'subscription' ? evidence.subscription : null;
        const items = subscription === null ? [] : await resolveItems(db, row, subscription);
        const plan = planOf(items, row.productId);
        const decideFor = (itemIds: ReadonlySet<string> | undefined, of = facts) =>
          decideMembership(
            of,
            subscription === null || itemIds === undefined
              ? evidence
              : {
                  kind: 'subscription',
                  subscription: ofItems(subscription, itemIds),
                  nothingOfOurs: plan?.nothingOfOurs ?? false,
                },
            now,
            policy,
          );
        const decision = decideFor(plan?.itemIds);
        const others = (plan?.others ?? []).map(({ productId, itemIds }) => ({
          productId,
          // The plan of installments is the membership's own product's.
          decision: decideFor(itemIds, { ...facts, installmentsDue: null, installmentsPaid: null }),
        }));
        const { coachId, mode, memberId } = row;
        const keyOf = (productId: string) => ({ coachId, mode, memberId, productId });
        const next = {
          productId: plan?.productId ?? row.productId,
          priceId: plan?.priceId ?? row.priceId,
          quantity: plan?.quantity ?? row.quantity,
        };
        const entry = {
          at: now,
          cause: causeOf(input.cause, events),
          membershipId: row.id,
          checkoutId: row.checkoutId,
          run: activityInfo().workflowExecution ?? null,
        };
        const isMoved = next.productId !== row.productId;
        const isChanged = isMoved || next.priceId !== row.priceId || next.quantity !== row.quantity;
        const changed = {
          fromProductId: row.productId,
          toProductId: next.productId,
          fromPriceId: row.priceId,
          toPriceId: next.priceId,
          fromQuantity: row.quantity,
          toQuantity: next.quantity,
        };
        const commit = (tx: Tx) =>
          changeAccess(tx, keyOf(next.productId), now, async () => {
            const grant = await tx.grant.findUniqueOrThrow({ where: { membershipId: row.id } });
            expectRevision(
              await tx.membership.updateMany({
                where: { id: row.id, revision: row.revision },
                data: {
                  ...membershipColumns(decision, now),
                  ...next,
                  ...(subscription === null ? {} : subscriptionColumns(subscription, items)),
                  revision: { increment: 1 },
                },
              }),
            );
            await tx.grant.update({
              where: { id: grant.id },
              data: { ...grantColumns(decision), productId: next.productId },
            });
            await syncSeatOfSale(tx, row.checkoutId, decision.revoked);
            if (evidence.kind !== 'unreadable')
              await recordPayments(tx, { ...row, productId: next.productId }, evidence);
            await markDone(tx, events);
            if (await isErased(tx, row.memberId)) await keepUnnamed(tx, row.id);
            if (!isWatched(row) && decision.deadline !== null) await tellOfNewLife(tx, row);
            const kind = changeOf(
              {
                status: row.status,
                reason: row.reason,
                paidThrough: row.paidThrough === null ? null : toSeconds(row.paidThrough),
                cancelAt: row.cancelAt === null ? null : toSeconds(row.cancelAt),
                until: grant.until === null ? null : toSeconds(grant.until),
                installmentsPaid: row.installmentsPaid,
                disputed: row.disputedAt !== null,
              },
              decision,
            );
            if (isMoved) return { kind: 'product_changed', ...entry, details: changed };
            const isOther = kind === null || kind === 'access_changed' || kind === 'renewed';
            if (isChanged && isOther) return { kind: 'price_changed', ...entry, details: changed };
            if (kind === null) return null;
            return {
              kind,
              ...entry,
              details: {
                status: decision.status,
                reason: decision.reason,
                stripeStatus: decision.stripeStatus,
                ...(row.installmentsDue === null
                  ? {}
                  : { installmentsDue: row.installmentsDue, installmentsPaid: decision.installmentsPaid }),
              },
            };
          });
        await db.$transaction(async (tx) => {
          const touched = [row.productId, next.productId, ...others.map(({ productId }) => productId)];
          if (isMoved || others.length > 0)
            for (const productId of [...new Set(touched)].sort())
              await lockMemberProduct(tx, keyOf(productId));
          if (isMoved)
            await changeAccess(tx, keyOf(row.productId), now, async () => {
              await commit(tx);
              return { kind: 'product_changed', ...entry, details: changed };
            });
          else await commit(tx);
          if (subscription !== null) await syncItemGrants(tx, row, others, now, entry);
        });
        if (decision.cancelAtStripe) await stopCharging(row);
        return membershipState(row, decision, now);
      });
    },
  };
}

/** Whether time mattered to the row as it was read, so that a run has to be there for it. */
function isWatched({ endedAt, nextDeadlineAt }: Membership): boolean {
  return endedAt === null && nextDeadlineAt !== null;
}

/**
 * What had ended goes on: its run has ended too, and time matters again. The relay gives it another one.
 * Once for each end: the revision is that of the row as it had ended.
 */
async function tellOfNewLife(tx: Tx, row: Membership): Promise<void> {
  await tx.inbox.createMany({
    skipDuplicates: true,
    data: {
      mode: row.mode,
      eventId: `hint_internal_goes_on_${row.id}_${row.revision}`,
      accountId: row.accountId,
      type: 'internal.goes_on',
      objectId: row.id,
      payload: {},
      targetKind: 'membership',
      targetId: row.id,
    },
  });
}

async function fetchEvidence(
  deps: ActivityDeps,
  row: Membership,
  events: Parameters<typeof lastEvidence>[2],
): Promise<MembershipEvidence> {
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  try {
    if (row.kind === 'subscription')
      return {
        kind: 'subscription',
        subscription: await fetchSubscription(client, row.stripeSubscriptionId ?? ''),
      };
    return {
      kind: 'payment',
      payment:
        row.stripePaymentIntentId === null ? null : await fetchPayment(client, row.stripePaymentIntentId),
    };
  } catch (error) {
    if (isAccountInvalid(error)) return lastEvidence(deps.db, row, events);
    // What was paid for is honoured, as on an account that was cut; Stripe charges nothing more for it.
    if (await isGoneAtStripe(error, () => retrieveIt(client, row))) return { kind: 'unreadable' };
    throw toLookFailure(error);
  }
}

function retrieveIt({ stripe, accountId }: AccountClient, row: Membership): Promise<unknown> {
  const { kind, stripeSubscriptionId, stripePaymentIntentId } = row;
  const options = { stripeAccount: accountId };
  return kind === 'subscription'
    ? stripe.subscriptions.retrieve(stripeSubscriptionId ?? '', undefined, options)
    : stripe.paymentIntents.retrieve(stripePaymentIntentId ?? '', undefined, options);
}

/** What the rules take from a membership's row. */
export function membershipFacts(
  row: Pick<
    Membership,
    'kind' | 'startedAt' | 'paidThrough' | 'installmentsDue' | 'installmentsPaid' | 'accessDays' | 'reason'
  >,
): MembershipFacts {
  return {
    kind: row.kind,
    startedAt: toSeconds(row.startedAt),
    paidThrough: row.paidThrough === null ? null : toSeconds(row.paidThrough),
    installmentsDue: row.installmentsDue,
    installmentsPaid: row.installmentsPaid,
    accessDays: row.accessDays,
    withheld: WITHHELD.find((reason) => reason === row.reason) ?? null,
  };
}

function endedState(row: Membership, now: Seconds): MembershipState {
  return {
    status: row.status,
    reason: row.reason,
    waitsFor: 'It has ended, and its Stripe account is disconnected.',
    paidThrough: row.paidThrough === null ? null : toSeconds(row.paidThrough),
    deadline: null,
    now,
    terminal: true,
    needsSchedule: false,
    accountId: row.accountId,
    memberId: row.memberId,
  };
}

function membershipState(row: Membership, decision: MembershipDecision, now: Seconds): MembershipState {
  const { until, suspended, revoked } = decision;
  const open = isLive({ startsAt: now, until, suspended, revoked }, now);
  const access = !open
    ? 'No access.'
    : decision.until === null
      ? 'Access without an end.'
      : `Access until ${iso(decision.until)}.`;
  const next =
    decision.deadline === null
      ? 'Nothing more happens by itself.'
      : `Looks at Stripe again ${iso(decision.deadline)}.`;
  return {
    status: decision.status,
    reason: decision.reason,
    waitsFor: `${REASONS[decision.reason satisfies MembershipReason]} ${access} ${next}`,
    paidThrough: decision.paidThrough,
    deadline: decision.deadline,
    now,
    terminal: decision.ended || decision.deadline === null,
    needsSchedule:
      row.installmentsDue !== null &&
      row.stripeScheduleId === null &&
      decision.stripeStatus !== 'canceled' &&
      !decision.ended,
    accountId: row.accountId,
    memberId: row.memberId,
  };
}

function iso(seconds: Seconds): string {
  return isoTime(toDate(seconds));
}
