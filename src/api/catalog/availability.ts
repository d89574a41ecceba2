import type { Db } from '../../db/client';
import { Prisma } from '../../db/generated/client';
import type { SeatedPrice } from '../../store/seat';

/** How many seats of each price are left, at least 0; null where they are not limited. One query for any number. */
export async function seatsLeftOf(
  db: Db,
  prices: readonly SeatedPrice[],
): Promise<(price: SeatedPrice) => number | null> {
  const poolOf = ({ id, seatPoolId }: SeatedPrice) => seatPoolId ?? id;
  const pools = [...new Set(prices.filter(({ seats }) => seats !== null).map(poolOf))];
  const rows =
    pools.length === 0
      ? []
      : await db.$queryRaw<{ pool: string; used: number }[]>`
          SELECT COALESCE(p.seat_pool_id, p.id) AS pool, count(*)::int AS used
          FROM price p JOIN seat s ON s.price_id = p.id
          WHERE s.status IN ('held', 'taken')
            AND (p.id IN (${Prisma.join(pools)}) OR p.seat_pool_id IN (${Prisma.join(pools)}))
          GROUP BY 1`;
  const used = new Map(rows.map((row) => [row.pool, row.used]));
  return (price) => (price.seats === null ? null : Math.max(0, price.seats - (used.get(poolOf(price)) ?? 0)));
}
