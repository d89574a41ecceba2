import { z } from 'zod';
import type { Db } from '../../db/client';
import type { Prisma } from '../../db/generated/client';
import type { Cell } from '../../domain/csv';
import { plainAmount } from '../../domain/money';
import type { ApiDeps } from '../deps';
import { csvLines } from '../http/csv-file';
import { CSV, csvFile, datedCsv } from '../http/download';
import { answer, route, type Route } from '../http/route';
import { withBeside } from './beside';
import { filters, whereOf } from './filters';
import { TAG } from './payments';
import { type ListedPayment, paymentView } from './view';

const COLUMNS = [
  ...['id', 'status', 'date', 'currency', 'amount', 'refunded', 'fee', 'fee currency', 'method'],
  ...[
    'product',
    'product id',
    'member',
    'your id',
    'member id',
    'membership id',
    'dispute',
    'evidence due',
    'failure',
    'taken beside',
  ],
];

function cellsOf(row: ListedPayment): Cell[] {
  const { id, status, at, currency, amount, amountRefunded, fee, method, product, member, ...more } =
    paymentView(row);
  const money = (value: number, of: string) => ({ amount: plainAmount(value, of) });
  return [
    ...[id, status, at, currency, money(amount, currency), money(amountRefunded, currency)],
    ...[fee === null ? null : money(fee.amount, fee.currency), fee?.currency ?? null, method],
    ...[product.name, product.id, member.email, member.externalId, member.id, more.membershipId],
    ...[more.dispute?.outcome ?? null, more.dispute?.evidenceDueAt ?? null, more.failure],
    more.beside.map((taken) => taken.product.name).join(', ') || null,
  ];
}

/** The next of them after one, the newest first. */
const pageOf =
  (db: Db, where: Prisma.PaymentWhereInput) => async (last: ListedPayment | null, take: number) => {
    const rows = await db.payment.findMany({
      where: {
        AND: [
          where,
          last === null
            ? {}
            : {
                paidAt: { lte: last.paidAt },
                OR: [{ paidAt: { lt: last.paidAt } }, { stripeId: { lt: last.stripeId } }],
              },
        ],
      },
      include: { member: true, product: true },
      orderBy: [{ paidAt: 'desc' }, { stripeId: 'desc' }],
      take,
    });
    return withBeside(db, rows);
  };

/** The list as a file for spreadsheets. */
export function paymentCsvRoutes({ db }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/payments.csv',
      tag: TAG,
      auth: 'coach',
      summary: 'The payments as a CSV file',
      description:
        'All that the filters leave, the newest first, sent while it is read. Amounts have a decimal point; times are UTC. A text that a spreadsheet would take for a formula begins with an apostrophe.',
      query: z.strictObject(filters),
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      handler: async ({ auth, query }) =>
        answer(
          200,
          datedCsv('payments', csvLines(COLUMNS, pageOf(db, await whereOf(db, auth, query)), cellsOf)),
        ),
    }),
  ];
}
