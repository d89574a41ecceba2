import { z } from 'zod';
import type { Db } from '../../db/client';
import { Prisma } from '../../db/generated/client';
import { type MovementKind, MOVEMENTS } from '../../domain/figures';
import { plainAmount } from '../../domain/money';
import { isoTime } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { csvLines } from '../http/csv-file';
import { CSV, csvFile, Download } from '../http/download';
import { rowNumber } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { currency, listOf, money, page, time } from '../http/schemas';
import { narrowed, TAG } from './figures';
import { movements, type Narrowed } from './movements';

const filters = {
  month: z
    .string()
    .regex(/^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/, 'must be a month, as in 2026-11')
    .meta({ example: '2026-11', description: 'UTC' }),
  kind: z.enum(MOVEMENTS).optional(),
  ...narrowed,
};
type Filters = Narrowed & { month: string; kind?: MovementKind | undefined };

const movementSchema = z
  .object({
    id: z.string(),
    at: time.meta({ description: "On the Stripe account's clock" }),
    kind: z.enum(MOVEMENTS),
    currency,
    amount: money.meta({ description: 'What it added a month; negative: took' }),
    member: z.object({ id: z.string(), externalId: z.string().nullable(), email: z.string().nullable() }),
    membershipId: z.string(),
    productId: z.string(),
    priceId: z.string(),
    fromProductId: z.string().meta({ description: 'What it was for before; the same where nothing was' }),
    fromPriceId: z.string(),
  })
  .meta({ id: 'RevenueMovement' });

interface Row {
  position: bigint;
  at: Date;
  kind: MovementKind;
  currency: string;
  moved: bigint;
  memberId: string;
  externalId: string | null;
  email: string | null;
  membershipId: string;
  productId: string;
  priceId: string;
  fromProductId: string;
  fromPriceId: string;
}

/** The movements of a month, the latest first; those of members who moved in it alone are gone through. */
function readMovements(
  db: Db,
  auth: Pick<CoachAuth, 'coachId' | 'mode'>,
  { month, kind, ...only }: Filters,
  limit: number,
  before: bigint | null,
): Promise<Row[]> {
  const from = new Date(`${month}-01T00:00:00.000Z`);
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
  const within = Prisma.sql`AND member_id IN (SELECT member_id FROM revenue_movement
    WHERE coach_id = ${auth.coachId} AND mode = ${auth.mode}::"Mode" AND at >= ${from} AND at < ${to})`;
  return db.$queryRaw<Row[]>`
    WITH ${movements(auth, only, within)}
    SELECT v.position, v.at, v.kind, v.currency, v.moved::bigint AS moved, v.member_id AS "memberId",
      p.external_id AS "externalId", p.email, v.membership_id AS "membershipId", v.product_id AS "productId",
      v.price_id AS "priceId", v.from_product_id AS "fromProductId", v.from_price_id AS "fromPriceId"
    FROM movement v JOIN member p ON p.id = v.member_id
    WHERE v.at >= ${from} AND v.at < ${to}
      ${kind === undefined ? Prisma.empty : Prisma.sql`AND v.kind = ${kind}`}
      ${before === null ? Prisma.empty : Prisma.sql`AND v.position < ${before}`}
    ORDER BY v.position DESC LIMIT ${limit}`;
}

const view = ({ position, at, moved, memberId, externalId, email, ...row }: Row) => ({
  ...row,
  id: position.toString(),
  at: isoTime(at),
  amount: Number(moved),
  member: { id: memberId, externalId, email },
});

const COLUMNS = [
  ...['date', 'kind', 'currency', 'amount', 'member', 'your id', 'member id', 'membership id'],
  ...['product id', 'price id', 'product id before', 'price id before'],
];

const cellsOf = (row: Row) => [
  ...[isoTime(row.at), row.kind, row.currency],
  ...[{ amount: plainAmount(Number(row.moved), row.currency) }, row.email, row.externalId, row.memberId],
  ...[row.membershipId, row.productId, row.priceId, row.fromProductId, row.fromPriceId],
];

/** Who is behind a figure. */
export function movementRoutes({ db }: ApiDeps): Route[] {
  const description =
    'Each change of what a member pays a month. Narrowed down to a product or a price, the kinds are of that: who leaves it for another is churn of it.';
  return [
    route({
      method: 'get',
      path: '/v1/figures/movements',
      tag: TAG,
      auth: 'coach',
      summary: 'The members behind a month of figures',
      description,
      query: z.strictObject({
        limit: page.limit,
        cursor: rowNumber.optional().meta({ description: '`nextCursor` of the page before' }),
        ...filters,
      }),
      answers: {
        200: { description: 'A page of movements, the latest first', schema: listOf(movementSchema) },
      },
      async handler({ auth, query: { limit, cursor, ...asked } }) {
        const rows = await readMovements(
          db,
          auth,
          asked,
          limit + 1,
          cursor === undefined ? null : BigInt(cursor),
        );
        const shown = rows.slice(0, limit);
        return answer(200, {
          data: shown.map(view),
          nextCursor: rows.length > limit ? (shown.at(-1)?.position.toString() ?? null) : null,
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/figures/movements.csv',
      tag: TAG,
      auth: 'coach',
      summary: 'The same as a CSV file',
      description,
      query: z.strictObject(filters),
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      handler: ({ auth, query: asked }) =>
        Promise.resolve(
          answer(
            200,
            new Download(
              `movements-${asked.month}.csv`,
              csvLines(
                COLUMNS,
                (last: Row | null, take) => readMovements(db, auth, asked, take, last?.position ?? null),
                cellsOf,
              ),
            ),
          ),
        ),
    }),
  ];
}
