import { Prisma } from '../../db/generated/client';
import type { CoachAuth } from '../http/route';

/** What figures may be narrowed down to. */
export interface Narrowed {
  currency?: string | undefined;
  product?: string | undefined;
  price?: string | undefined;
}

/**
 * Each movement with what it is for its member, as a table `movement` (of `WITH`): the kinds follow from what the member
 * had before, within what it is narrowed down to. Who leaves one product for another has left the one.
 * @param within members to go by; left out: all
 */
export function movements(
  { coachId, mode }: Pick<CoachAuth, 'coachId' | 'mode'>,
  { currency, product, price }: Narrowed,
  within: Prisma.Sql = Prisma.empty,
): Prisma.Sql {
  const meant = (ofProduct: Prisma.Sql, ofPrice: Prisma.Sql) =>
    Prisma.sql`(TRUE ${product === undefined ? Prisma.empty : Prisma.sql`AND ${ofProduct} = ${product}`}
      ${price === undefined ? Prisma.empty : Prisma.sql`AND ${ofPrice} = ${price}`})`;
  return Prisma.sql`
    line AS (
      SELECT position, currency, member_id, membership_id, product_id, price_id, from_product_id, from_price_id, at,
        CASE WHEN ${meant(Prisma.sql`product_id`, Prisma.sql`price_id`)} THEN amount ELSE 0 END
          - CASE WHEN ${meant(Prisma.sql`from_product_id`, Prisma.sql`from_price_id`)} THEN amount_before ELSE 0 END AS moved
      FROM revenue_movement
      WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode"
        ${currency === undefined ? Prisma.empty : Prisma.sql`AND currency = ${currency}`} ${within}),
    running AS (
      SELECT *, SUM(moved) OVER theirs AS total, ROW_NUMBER() OVER theirs AS number FROM line WHERE moved <> 0
      WINDOW theirs AS (PARTITION BY currency, member_id ORDER BY at, position)),
    movement AS (
      SELECT *, CASE
        WHEN moved > 0 AND total > moved THEN 'expansion' WHEN moved > 0 AND number = 1 THEN 'new'
        WHEN moved > 0 THEN 'reactivation' WHEN total = 0 THEN 'churn' ELSE 'contraction' END AS kind
      FROM running)`;
}
