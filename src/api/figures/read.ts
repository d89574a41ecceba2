import type { Db } from '../../db/client';
import { Prisma } from '../../db/generated/client';
import {
  type MovementKind,
  type MovementSum,
  monthsOf,
  type Range,
  RANGES,
  trialFigures,
} from '../../domain/figures';
import { lastMonths } from '../../domain/revenue';
import { type Seconds, toDate } from '../../domain/time';
import { findConnected } from '../connection/connected-account';
import type { CoachAuth } from '../http/route';
import { movements, type Narrowed } from './movements';

type Whose = Pick<CoachAuth, 'coachId' | 'mode'>;

/** The figures of a range, each currency for itself, from Postgres alone. */
export async function readFigures(db: Db, whose: Whose, narrowed: Narrowed, range: Range, now: Seconds) {
  const [sums, trials, sold, estimated] = await Promise.all([
    readSums(db, whose, narrowed),
    readTrials(db, whose, narrowed, range, now),
    readSold(db, whose, narrowed),
    db.revenueMovement.findFirst({ where: { ...pick(whose), estimated: true }, select: { position: true } }),
  ]);
  const currencies = new Set([...sums, ...trials].map(({ currency }) => currency));
  if (currencies.size === 0) {
    const own = narrowed.currency ?? (await findConnected(db, whose.coachId, whose.mode))?.defaultCurrency;
    if (own != null) currencies.add(own);
  }
  const months = lastMonths(now, RANGES[range]);
  return {
    estimated: estimated !== null,
    currencies: [...currencies].sort().map((currency) => ({
      currency,
      months: monthsOf(
        sums.filter((sum) => sum.currency === currency),
        range,
        now,
      ),
      trials: months.map((month) => {
        const found = trials.find((one) => one.currency === currency && one.month === month);
        return trialFigures(month, Number(found?.ended ?? 0), Number(found?.converted ?? 0));
      }),
      prices: sold
        .filter((one) => one.currency === currency)
        .map(({ productId, priceId, amount, members }) => ({
          ...{ productId, priceId },
          amount: Number(amount),
          members: Number(members),
        })),
    })),
  };
}

const pick = ({ coachId, mode }: Whose) => ({ coachId, mode });

async function readSums(
  db: Db,
  whose: Whose,
  narrowed: Narrowed,
): Promise<(MovementSum & { currency: string })[]> {
  const rows = await db.$queryRaw<
    { currency: string; month: string; kind: MovementKind; amount: bigint; count: bigint }[]
  >`
    WITH ${movements(whose, narrowed)}
    SELECT currency, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, kind, SUM(moved)::bigint AS amount, COUNT(*) AS count
    FROM movement GROUP BY 1, 2, 3`;
  return rows.map((row) => ({ ...row, amount: Number(row.amount), count: Number(row.count) }));
}

/** Trials by the month of their end, in the past; one is converted that was worth something afterwards. */
async function readTrials(
  db: Db,
  { coachId, mode }: Whose,
  { currency, product, price }: Narrowed,
  range: Range,
  now: Seconds,
) {
  const from = new Date(`${lastMonths(now, RANGES[range])[0]}-01T00:00:00.000Z`);
  const only = [
    product === undefined ? Prisma.empty : Prisma.sql`AND m.product_id = ${product}`,
    price === undefined ? Prisma.empty : Prisma.sql`AND m.price_id = ${price}`,
    currency === undefined ? Prisma.empty : Prisma.sql`AND c.currency = ${currency}`,
  ];
  return db.$queryRaw<{ currency: string; month: string; ended: bigint; converted: bigint }[]>`
    SELECT c.currency, to_char(m.trial_end AT TIME ZONE 'UTC', 'YYYY-MM') AS month, COUNT(*) AS ended,
      COUNT(*) FILTER (WHERE EXISTS (
        SELECT FROM revenue_movement r WHERE r.coach_id = m.coach_id AND r.mode = m.mode AND r.membership_id = m.id)) AS converted
    FROM membership m JOIN checkout c ON c.coach_id = m.coach_id AND c.mode = m.mode AND c.id = m.checkout_id
    WHERE m.coach_id = ${coachId} AND m.mode = ${mode}::"Mode" AND m.trial_end >= ${from} AND m.trial_end <= ${toDate(now)}
      AND m.installments_due IS NULL ${Prisma.join(only, ' ')}
    GROUP BY 1, 2`;
}

/** What each price brings a month now, what brings most first. */
async function readSold(db: Db, { coachId, mode }: Whose, { currency, product, price }: Narrowed) {
  const only = [
    product === undefined ? Prisma.empty : Prisma.sql`AND product_id = ${product}`,
    price === undefined ? Prisma.empty : Prisma.sql`AND price_id = ${price}`,
    currency === undefined ? Prisma.empty : Prisma.sql`AND currency = ${currency}`,
  ];
  return db.$queryRaw<
    { currency: string; productId: string; priceId: string; amount: bigint; members: bigint }[]
  >`
    SELECT currency, product_id AS "productId", price_id AS "priceId", SUM(amount)::bigint AS amount,
      COUNT(DISTINCT member_id) AS members
    FROM (
      SELECT DISTINCT ON (membership_id) * FROM revenue_movement
      WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" ORDER BY membership_id, position DESC) last
    WHERE amount > 0 ${Prisma.join(only, ' ')}
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3 LIMIT 200`;
}
