import type { Db } from '../../db/client';
import type { Checkout, Member, Membership } from '../../db/generated/client';
import type { MembershipReason } from '../../domain/membership-reasons';
import { DAY, type Seconds, toDate } from '../../domain/time';
import type { CoachAuth } from '../http/route';
import { nextOf, reasonInWords } from '../memberships/view';
import { OFF_SALE_AT_STRIPE } from '../catalog/sellable';

/** How many of each kind are listed; the others are counted. */
const SHOWN = 20;

/** Suspended, but not for want of a payment: the coach did it, or it has a place of its own. */
const NOT_FOR_A_PAYMENT: MembershipReason[] = [
  'collection_paused',
  'disputed',
  'dispute_lost',
  'refunded',
  'not_sold_here',
];

/** Days for which a coach is told of installments that ended before the last one was paid, and of debits that bounced. */
const TOLD_FOR = 30;

/** What a coach should look at: the newest first. @param now seconds, UTC, on the account's clock. */
export async function readAttention(
  db: Db,
  { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>,
  now: Seconds,
) {
  const ours = { coachId, mode };
  const newest = { orderBy: [{ createdAt: 'desc' as const }, { id: 'desc' as const }], take: SHOWN };
  const short: MembershipReason = 'installments_short';
  const unpaid = {
    ...ours,
    OR: [
      { status: { in: ['past_due' as const, 'suspended' as const] }, reason: { notIn: NOT_FOR_A_PAYMENT } },
      { reason: short, endedAt: null },
      { reason: short, endedAt: { gte: toDate(now - TOLD_FOR * DAY) } },
    ],
  };
  const twice = { ...ours, duplicate: true, endedAt: null };
  const disputed = { ...ours, dispute: 'open' as const };
  const unclear = { ...ours, status: { in: ['needs_review' as const, 'unverifiable' as const] } };
  const onTheWay = { ...ours, status: 'pending' as const };
  const bounced = {
    ...ours,
    status: 'failed' as const,
    failureCode: 'async_payment_failed',
    endedAt: { gte: toDate(now - TOLD_FOR * DAY) },
  };
  const trialAgain = { ...ours, repeatedTrial: true, status: 'trialing' as const };
  const elsewhere = { ...ours, status: 'suspended' as const, reason: NOT_SOLD_HERE };
  const withNext = { member: true, grants: true };

  const [payments, paymentsTotal, duplicates, duplicatesTotal] = await Promise.all([
    db.membership.findMany({ where: unpaid, include: withNext, ...newest }),
    db.membership.count({ where: unpaid }),
    db.membership.findMany({ where: twice, include: withNext, ...newest }),
    db.membership.count({ where: twice }),
  ]);
  const [disputes, disputesTotal, checkouts, checkoutsTotal] = await Promise.all([
    db.payment.findMany({
      where: disputed,
      include: { member: true },
      orderBy: [{ paidAt: 'desc' }, { stripeId: 'desc' }],
      take: SHOWN,
    }),
    db.payment.count({ where: disputed }),
    db.checkout.findMany({ where: unclear, include: { member: true }, ...newest }),
    db.checkout.count({ where: unclear }),
  ]);
  const [pending, pendingTotal, failed, failedTotal] = await Promise.all([
    db.checkout.findMany({ where: onTheWay, include: { member: true }, ...newest }),
    db.checkout.count({ where: onTheWay }),
    db.checkout.findMany({ where: bounced, include: { member: true }, ...newest }),
    db.checkout.count({ where: bounced }),
  ]);
  const [trials, trialsTotal] = await Promise.all([
    db.membership.findMany({ where: trialAgain, include: withNext, ...newest }),
    db.membership.count({ where: trialAgain }),
  ]);
  const [foreign, foreignTotal, late] = await Promise.all([
    db.membership.findMany({ where: elsewhere, include: withNext, ...newest }),
    db.membership.count({ where: elsewhere }),
    paidTooLate(db, ours, now),
  ]);
  const offSale = { ...ours, ...OFF_SALE_AT_STRIPE };
  const [prices, pricesTotal] = await Promise.all([
    db.price.findMany({ where: offSale, ...newest }),
    db.price.count({ where: offSale }),
  ]);
  return {
    prices: {
      total: pricesTotal,
      data: prices.map(({ id, productId, failureCode, failureMessage }) => ({
        priceId: id,
        productId,
        code: failureCode ?? '',
        message: failureMessage ?? '',
      })),
    },
    payments: { total: paymentsTotal, data: payments.map(membershipView) },
    duplicates: { total: duplicatesTotal, data: duplicates.map(membershipView) },
    notSoldHere: { total: foreignTotal, data: foreign.map(membershipView) },
    paidTooLate: { total: late.length, data: late.slice(0, SHOWN).map(membershipView) },
    disputes: {
      total: disputesTotal,
      data: disputes.map(({ membershipId, member, productId, amount, currency }) => ({
        membershipId,
        member: memberView(member),
        productId,
        amount,
        currency,
      })),
    },
    checkouts: { total: checkoutsTotal, data: checkouts.map(checkoutView) },
    pending: { total: pendingTotal, data: pending.map(checkoutView) },
    trials: { total: trialsTotal, data: trials.map(membershipView) },
    failed: { total: failedTotal, data: failed.map(checkoutView) },
  };
}

const NOT_SOLD_HERE: MembershipReason = 'not_sold_here';
const PAID_AFTER_END: MembershipReason = 'paid_after_end';

/** Whose invoice was paid when its period was over too: nothing was given for the money, so a person decides. */
async function paidTooLate(db: Db, ours: Pick<CoachAuth, 'coachId' | 'mode'>, now: Seconds) {
  const since = { gte: toDate(now - TOLD_FOR * DAY) };
  const ended = await db.membership.findMany({
    where: { ...ours, reason: PAID_AFTER_END, endedAt: since },
    include: { member: true, grants: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  const told = await db.timelineEntry.findMany({
    where: { ...ours, membershipId: { in: ended.map(({ id }) => id) }, kind: 'paid_too_late', at: since },
    select: { membershipId: true },
  });
  const late = new Set(told.map(({ membershipId }) => membershipId));
  return ended.filter(({ id }) => late.has(id));
}

const memberView = ({ id, externalId, email }: Member) => ({ id, externalId, email });

const checkoutView = (row: Checkout & { member: Member | null }) => ({
  checkoutId: row.id,
  member: row.member === null ? null : memberView(row.member),
  productId: row.productId,
  status: row.status,
  failure: row.failureCode === null ? null : { code: row.failureCode, message: row.failureMessage ?? '' },
});

function membershipView(row: Membership & { member: Member; grants: { until: Date | null }[] }) {
  return {
    membershipId: row.id,
    member: memberView(row.member),
    productId: row.productId,
    status: row.status,
    reason: row.reason,
    reasonInWords: reasonInWords(row.reason),
    next: nextOf(row, row.grants[0]?.until ?? null),
  };
}
