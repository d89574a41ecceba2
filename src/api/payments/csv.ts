import { z } from 'zod';
import type { Db } from '../../db/client';
import { csvLine } from '../../domain/csv';
import { plainAmount } from '../../domain/money';
import type { ApiDeps } from '../deps';
import { CSV, csvFile, datedCsv } from '../http/download';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { type Filters, filters, whereOf } from './filters';
import { TAG } from './payments';
import { type ListedPayment, paymentView } from './view';

/** Payments that are in memory at once. */
const PAGE = 500;

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
  ],
];

function lineOf(row: ListedPayment): string {
  const { id, status, at, currency, amount, amountRefunded, fee, method, product, member, ...more } =
    paymentView(row);
  const money = (value: number, of: string) => ({ amount: plainAmount(value, of) });
  return csvLine([
    ...[id, status, at, currency, money(amount, currency), money(amountRefunded, currency)],
    ...[fee === null ? null : money(fee.amount, fee.currency), fee?.currency ?? null, method],
    ...[product.name, product.id, member.email, member.externalId, member.id, more.membershipId],
    ...[more.dispute?.outcome ?? null, more.dispute?.evidenceDueAt ?? null, more.failure],
  ]);
}

/** All of them, the newest first, a page at a time. */
async function* linesOf(db: Db, auth: CoachAuth, asked: Filters): AsyncGenerator<string> {
  const where = await whereOf(db, auth, asked);
  yield csvLine(COLUMNS);
  for (let last: ListedPayment | undefined; ;) {
    const rows: ListedPayment[] = await db.payment.findMany({
      where: {
        AND: [
          where,
          last === undefined
            ? {}
            : {
                paidAt: { lte: last.paidAt },
                OR: [{ paidAt: { lt: last.paidAt } }, { stripeId: { lt: last.stripeId } }],
              },
        ],
      },
      include: { member: true, product: true },
      orderBy: [{ paidAt: 'desc' }, { stripeId: 'desc' }],
      take: PAGE,
    });
    yield rows.map(lineOf).join('');
    last = rows.at(-1);
    if (rows.length < PAGE) return;
  }
}

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
      handler: ({ auth, query }) =>
        Promise.resolve(answer(200, datedCsv('payments', linesOf(db, auth, query)))),
    }),
  ];
}
