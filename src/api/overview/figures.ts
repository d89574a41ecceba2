import type { Db } from '../../db/client';
import { Prisma } from '../../db/generated/client';
import { lastMonths, netOf, type Revenue } from '../../domain/revenue';
import { type Seconds, toDate } from '../../domain/time';
import { findConnected } from '../connection/connected-account';
import type { CoachAuth } from '../http/route';

type Whose = Pick<CoachAuth, 'coachId' | 'mode'>;

const MONTHS = 12;
/** More products than this are not listed. */
const MOST_PRODUCTS = 100;

/** Who has access now, over all and by product; and what was bought. Read from indexes alone. */
export async function readProductFigures(db: Db, { coachId, mode }: Whose, now: Seconds) {
  const at = toDate(now);
  // The same condition as an access check's.
  const standing = Prisma.sql`"grant" WHERE mode = ${mode}::"Mode" AND coach_id = ${coachId} AND starts_at <= ${at}
    AND (until IS NULL OR until > ${at}) AND NOT suspended AND NOT revoked`;
  const [active, purchases, products] = await Promise.all([
    db.$queryRaw<{ productId: string | null; members: bigint }[]>`
      SELECT product_id AS "productId", COUNT(DISTINCT member_id) AS members FROM ${standing} GROUP BY product_id
      UNION ALL SELECT NULL, COUNT(*) FROM (SELECT DISTINCT member_id FROM ${standing}) AS everybody`,
    db.$queryRaw<{ productId: string; count: bigint }[]>`
      SELECT product_id AS "productId", COUNT(*) AS count FROM checkout
      WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND status = 'completed' GROUP BY product_id`,
    db.product.findMany({
      where: { coachId, mode },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: MOST_PRODUCTS,
    }),
  ]);
  const membersOf = (productId: string | null) =>
    Number(active.find((row) => row.productId === productId)?.members ?? 0);
  const figures = products.map(({ id, name, status }) => ({
    productId: id,
    name,
    status,
    purchases: Number(purchases.find(({ productId }) => productId === id)?.count ?? 0),
    activeMembers: membersOf(id),
  }));
  return {
    activeMembers: membersOf(null),
    products: figures
      .filter(({ status, purchases, activeMembers }) => status === 'active' || purchases + activeMembers > 0)
      .sort((a, b) => b.purchases - a.purchases),
  };
}

interface Sum {
  currency: string;
  month: string;
  gross: bigint;
  refunded: bigint;
  disputed: bigint;
}

/**
 * Revenue by currency and month of payment. Where nothing was paid yet, the account's own currency has twelve months of
 * nothing, so that there is something to draw.
 */
export async function readRevenue(db: Db, { coachId, mode }: Whose, now: Seconds) {
  const months = lastMonths(now, MONTHS);
  const from = new Date(`${months[0]}-01T00:00:00.000Z`);
  const sums = await db.$queryRaw<Sum[]>`
    SELECT currency, to_char(paid_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, SUM(amount) AS gross,
      SUM(amount_refunded) AS refunded,
      SUM(CASE WHEN dispute = 'lost' THEN amount - amount_refunded ELSE 0 END) AS disputed
    FROM payment WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND status = 'succeeded' AND paid_at >= ${from}
    GROUP BY 1, 2 ORDER BY 1`;
  const currencies = [...new Set(sums.map(({ currency }) => currency))];
  if (currencies.length === 0) {
    const own = (await findConnected(db, coachId, mode))?.defaultCurrency;
    if (own != null) currencies.push(own);
  }
  const sumOf = (currency: string, month: string): Revenue => {
    const sum = sums.find((row) => row.currency === currency && row.month === month);
    return netOf({
      gross: Number(sum?.gross ?? 0),
      refunded: Number(sum?.refunded ?? 0),
      disputed: Number(sum?.disputed ?? 0),
    });
  };
  return currencies.map((currency) => ({
    currency,
    months: months.map((month) => ({ month, ...sumOf(currency, month) })),
  }));
}

/** Checkouts that are under way. */
export async function readOpenCheckouts(db: Db, { coachId, mode }: Whose) {
  const rows = await db.$queryRaw<{ status: 'open' | 'pending'; count: bigint }[]>`
    SELECT status::text AS status, COUNT(*) AS count FROM checkout
    WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND status IN ('open', 'pending') GROUP BY status`;
  const count = (status: 'open' | 'pending') => Number(rows.find((row) => row.status === status)?.count ?? 0);
  return { open: count('open'), pending: count('pending') };
}
