import { z } from 'zod';
import type { Db } from '../../db/client';
import { csvLine } from '../../domain/csv';
import { plainAmount } from '../../domain/money';
import { netOfStatement, type StatementSums } from '../../domain/statement';
import { isoTime } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { CSV, csvFile, Download } from '../http/download';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { currency, money, time } from '../http/schemas';
import { TAG } from './payments';

const month = z
  .string()
  .regex(/^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/, 'must be a month, as in 2026-11')
  .meta({ example: '2026-11' });
const sum = z.object({ count: z.int(), amount: money });

const statementSchema = z
  .object({
    month,
    timeZone: z.literal('UTC').meta({ description: 'Whose days it counts' }),
    from: time,
    to: time,
    currencies: z.array(
      z.object({
        currency,
        gross: sum.meta({ description: 'Paid in the month' }),
        refunds: sum.meta({
          description: 'Refunded in the month, whenever it was paid; one that failed is none',
        }),
        disputes: sum.meta({
          description: 'Disputed in the month, and not won; what was refunded before is not in it',
        }),
        fees: z.object({
          amount: money.meta({
            description: 'Stripe’s fees of what was paid in the month, as far as they are known',
          }),
          unknown: z.int().meta({
            description: 'Payments whose fee is not known here, or was taken in another currency',
          }),
        }),
        net: money.meta({ description: 'Gross without refunds, disputes and fees that are known' }),
      }),
    ),
  })
  .meta({ id: 'PaymentStatement' });
type Statement = z.input<typeof statementSchema>;

interface Row {
  currency: string;
  kind: 'gross' | 'refunds' | 'disputes' | 'fees';
  count: bigint;
  amount: bigint | null;
}

/** What came in and went back in a month, by currency, from Postgres alone. */
async function readStatement(db: Db, { coachId, mode }: CoachAuth, asked: string): Promise<Statement> {
  const from = new Date(`${asked}-01T00:00:00.000Z`);
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
  const rows = await db.$queryRaw<Row[]>`
    WITH paid AS (
      SELECT * FROM payment
      WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND status = 'succeeded' AND paid_at >= ${from} AND paid_at < ${to}),
    undated AS (
      SELECT p.currency, p.amount_refunded - COALESCE(SUM(r.amount), 0) AS amount FROM paid p
      LEFT JOIN refund r ON r.mode = p.mode AND r.account_id = p.account_id AND r.payment_id = p.stripe_id
        AND r.status IN ('pending', 'requires_action', 'succeeded')
      WHERE p.amount_refunded > 0 GROUP BY p.mode, p.account_id, p.stripe_id, p.currency, p.amount_refunded)
    SELECT currency, 'gross' AS kind, count(*) AS count, sum(amount) AS amount FROM paid GROUP BY 1
    UNION ALL
    SELECT currency, 'fees', count(*) FILTER (WHERE fee IS NULL OR fee_currency <> currency),
      sum(fee) FILTER (WHERE fee_currency = currency) FROM paid GROUP BY 1
    UNION ALL
    SELECT currency, 'refunds', sum(count)::bigint, sum(amount)::bigint FROM (
      SELECT currency, 1 AS count, amount FROM refund
      WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND created_at >= ${from} AND created_at < ${to}
        AND status IN ('pending', 'requires_action', 'succeeded')
      UNION ALL SELECT currency, 1, amount FROM undated WHERE amount > 0) back GROUP BY 1
    UNION ALL
    SELECT currency, 'disputes', count(*), sum(amount - amount_refunded) FROM payment
    WHERE coach_id = ${coachId} AND mode = ${mode}::"Mode" AND disputed_at >= ${from} AND disputed_at < ${to}
      AND dispute IN ('open', 'lost') GROUP BY 1`;
  const currencies = [...new Set(rows.map((row) => row.currency))].sort();
  return {
    month: asked,
    timeZone: 'UTC',
    from: isoTime(from),
    to: isoTime(to),
    currencies: currencies.map((of) => {
      const sumOf = (kind: Row['kind']) => {
        const row = rows.find((one) => one.currency === of && one.kind === kind);
        return { count: Number(row?.count ?? 0), amount: Number(row?.amount ?? 0) };
      };
      const fees = sumOf('fees');
      const sums: StatementSums = {
        gross: sumOf('gross'),
        refunds: sumOf('refunds'),
        disputes: sumOf('disputes'),
        fees: { amount: fees.amount, unknown: fees.count },
      };
      return { currency: of, ...sums, net: netOfStatement(sums) };
    }),
  };
}

const COLUMNS = [
  ...['month', 'time zone', 'currency', 'payments', 'gross', 'refunds', 'refunded', 'disputes', 'disputed'],
  ...['fees', 'fees not known', 'net'],
];

async function* linesOf({ month, timeZone, currencies }: Statement): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  for (const { currency, gross, refunds, disputes, fees, net } of currencies) {
    const money = (value: number) => ({ amount: plainAmount(value, currency) });
    yield csvLine([
      ...[month, timeZone, currency, gross.count, money(gross.amount), refunds.count, money(refunds.amount)],
      ...[disputes.count, money(disputes.amount), money(fees.amount), fees.unknown, money(net)],
    ]);
  }
}

/** The month for a tax adviser. */
export function statementRoutes({ db }: ApiDeps): Route[] {
  const query = z.strictObject({ month });
  const description =
    'Each thing in the month in which it happened, in UTC: a refund in the month in which it went back. A refund whose day is not known here (made before this version, and not looked at since) counts in the month of its payment. Fees are those of payments, as far as they are known; the fee of a dispute is not.';
  return [
    route({
      method: 'get',
      path: '/v1/payments/statement',
      tag: TAG,
      auth: 'coach',
      summary: 'What came in and went back in a month, by currency',
      description,
      query,
      answers: { 200: { description: 'The statement', schema: statementSchema } },
      handler: async ({ auth, query: { month: asked } }) => answer(200, await readStatement(db, auth, asked)),
    }),
    route({
      method: 'get',
      path: '/v1/payments/statement.csv',
      tag: TAG,
      auth: 'coach',
      summary: 'The same as a CSV file',
      description,
      query,
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      async handler({ auth, query: { month: asked } }) {
        return answer(
          200,
          new Download(`statement-${asked}.csv`, linesOf(await readStatement(db, auth, asked))),
        );
      },
    }),
  ];
}
