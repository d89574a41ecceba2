import type { Db } from '../../db/client';
import {
  type Checkout,
  type Member,
  type Membership,
  type Payment,
  type Price,
  Prisma,
} from '../../db/generated/client';
import { NOT_FOR_A_PAYMENT } from '../../domain/member-status';
import { DAY, type Seconds, toDate } from '../../domain/time';
import type { CoachAuth } from '../http/route';
import { nextOf, whyInWords } from '../memberships/view';
import { OFF_SALE_AT_STRIPE } from '../catalog/sellable';

/** How many of each kind are listed; the others are counted. */
const SHOWN = 20;

/** Days for which a coach is told of installments that ended before the last one was paid, and of debits that bounced. */
const TOLD_FOR = 30;

/** What a coach is told of. */
type Kind =
  | 'payments'
  | 'duplicates'
  | 'notSoldHere'
  | 'paidTooLate'
  | 'trials'
  | 'checkouts'
  | 'pending'
  | 'failed'
  | 'disputes'
  | 'prices';

type Whose = Pick<CoachAuth, 'coachId' | 'mode'>;

/** One of the first of its kind. */
interface Found {
  kind: Kind;
  id: string;
  total: bigint;
}

/**
 * Which rows a coach is told of, the newest of each kind first, and how many there are. One statement, whose conditions are
 * written out: each is a part of that of a partial index (`membership_attention_idx`, `checkout_attention_idx`,
 * `payment_disputed_idx`), so few rows are read however many a coach has.
 */
function findAttention(db: Db, { coachId, mode }: Whose, since: Date): Promise<Found[]> {
  const ours = (table: string) =>
    Prisma.sql`${Prisma.raw(table)}.coach_id = ${coachId} AND ${Prisma.raw(table)}.mode = ${mode}::"Mode"`;
  const of = (kind: Kind, table: 'membership' | 'checkout', condition: Prisma.Sql) => Prisma.sql`
    (SELECT ${kind}::text AS kind, t.id, count(*) OVER () AS total FROM ${Prisma.raw(table)} t
    WHERE ${ours('t')} AND ${condition} ORDER BY t.created_at DESC, t.id DESC LIMIT ${SHOWN})`;
  const kinds = [
    of(
      'payments',
      'membership',
      Prisma.sql`(status IN ('past_due', 'suspended') AND reason <> ALL(${NOT_FOR_A_PAYMENT}::text[])
        OR reason = 'installments_short' AND (ended_at IS NULL OR ended_at >= ${since}))`,
    ),
    of('duplicates', 'membership', Prisma.sql`duplicate AND ended_at IS NULL`),
    of('notSoldHere', 'membership', Prisma.sql`status = 'suspended' AND reason = 'not_sold_here'`),
    // Its invoice was paid when its period was over too: nothing was given for the money, so a person decides.
    of(
      'paidTooLate',
      'membership',
      Prisma.sql`reason = 'paid_after_end' AND EXISTS (
        SELECT FROM timeline_entry e WHERE e.coach_id = t.coach_id AND e.mode = t.mode AND e.membership_id = t.id
          AND e.kind = 'paid_too_late' AND e.at >= ${since})`,
    ),
    of('trials', 'membership', Prisma.sql`repeated_trial AND status = 'trialing'`),
    of('checkouts', 'checkout', Prisma.sql`status IN ('needs_review', 'unverifiable')`),
    of('pending', 'checkout', Prisma.sql`status = 'pending'`),
    of(
      'failed',
      'checkout',
      Prisma.sql`status = 'failed' AND failure_code = 'async_payment_failed' AND ended_at >= ${since}`,
    ),
    Prisma.sql`
      (SELECT 'disputes', p.stripe_id, count(*) OVER () FROM payment p WHERE ${ours('p')} AND p.dispute = 'open'
      ORDER BY p.paid_at DESC, p.stripe_id DESC LIMIT ${SHOWN})`,
    Prisma.sql`
      (SELECT 'prices', p.id, count(*) OVER () FROM price p JOIN product d ON d.id = p.product_id
      WHERE ${ours('p')} AND p.status = 'failed' AND p.failure_code = ANY(${OFF_SALE_AT_STRIPE.failureCode.in}::text[])
        AND d.status = 'active' ORDER BY p.created_at DESC, p.id DESC LIMIT ${SHOWN})`,
  ];
  return db.$queryRaw<Found[]>`${Prisma.join(kinds, ' UNION ALL ')}`;
}

/** What a coach should look at: the newest first. @param now seconds, UTC, on the account's clock. */
export async function readAttention(db: Db, { coachId, mode }: Whose, now: Seconds) {
  const found = await findAttention(db, { coachId, mode }, toDate(now - TOLD_FOR * DAY));
  const idsOf = (...kinds: Kind[]) => found.flatMap(({ kind, id }) => (kinds.includes(kind) ? [id] : []));
  const ours = { coachId, mode };
  const named = (...kinds: Kind[]) => ({ where: { ...ours, id: { in: idsOf(...kinds) } } });
  const [memberships, checkouts, disputes, prices] = await Promise.all([
    db.membership.findMany({
      ...named('payments', 'duplicates', 'notSoldHere', 'paidTooLate', 'trials'),
      include: { member: true, grants: true },
    }),
    db.checkout.findMany({ ...named('checkouts', 'pending', 'failed'), include: { member: true } }),
    db.payment.findMany({
      where: { ...ours, stripeId: { in: idsOf('disputes') }, dispute: 'open' },
      include: { member: true },
    }),
    db.price.findMany(named('prices')),
  ]);
  /** In the order in which they were found; what is gone meanwhile is left out. */
  const listed = <R, V>(kind: Kind, rows: readonly R[], idOf: (row: R) => string, view: (row: R) => V) => {
    const byId = new Map(rows.map((row) => [idOf(row), row]));
    return {
      total: Number(found.find((one) => one.kind === kind)?.total ?? 0),
      data: idsOf(kind).flatMap((id) => {
        const row = byId.get(id);
        return row === undefined ? [] : [view(row)];
      }),
    };
  };
  const ofMemberships = (kind: Kind) => listed(kind, memberships, ({ id }) => id, membershipView);
  const ofCheckouts = (kind: Kind) => listed(kind, checkouts, ({ id }) => id, checkoutView);
  return {
    prices: listed('prices', prices, ({ id }) => id, priceView),
    payments: ofMemberships('payments'),
    duplicates: ofMemberships('duplicates'),
    notSoldHere: ofMemberships('notSoldHere'),
    paidTooLate: ofMemberships('paidTooLate'),
    disputes: listed('disputes', disputes, ({ stripeId }) => stripeId, disputeView),
    checkouts: ofCheckouts('checkouts'),
    pending: ofCheckouts('pending'),
    trials: ofMemberships('trials'),
    failed: ofCheckouts('failed'),
  };
}

const priceView = ({ id, productId, failureCode, failureMessage }: Price) => ({
  priceId: id,
  productId,
  code: failureCode ?? '',
  message: failureMessage ?? '',
});

const disputeView = ({
  membershipId,
  member,
  productId,
  amount,
  currency,
}: Payment & { member: Member }) => ({
  // What was paid has one.
  membershipId: membershipId ?? '',
  member: memberView(member),
  productId,
  amount,
  currency,
});

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
    reasonInWords: whyInWords(row),
    next: nextOf(row, row.grants[0]?.until ?? null),
  };
}
