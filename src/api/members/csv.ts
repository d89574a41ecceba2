import { z } from 'zod';
import type { Cell } from '../../domain/csv';
import { plainAmount } from '../../domain/money';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { csvLines } from '../http/csv-file';
import { CSV, csvFile, datedCsv } from '../http/download';
import { answer, route, type Route } from '../http/route';
import { filters, findMembers } from './filters';
import type { WholeMember } from './view';
import { wholeMembers } from './whole-members';

const COLUMNS = [
  ...['member id', 'e-mail', 'your id', 'status', 'products', 'price ids'],
  ...['next charge', 'next charge currency', 'next charge amount', 'owed', 'total paid', 'since'],
];

const inWords = (sums: WholeMember['owed']) =>
  sums.map(({ currency, amount }) => `${plainAmount(amount, currency)} ${currency}`).join('; ');

function cellsOf({ nextCharge: next, ...member }: WholeMember): Cell[] {
  const amount =
    next === null || next.amount === null ? null : { amount: plainAmount(next.amount, next.currency) };
  return [
    ...[member.id, member.email, member.externalId, member.status],
    ...[
      member.products.map(({ name }) => name).join('; '),
      [...new Set(member.prices.map(({ id }) => id))].join(' '),
    ],
    ...[next?.at ?? null, next?.currency ?? null, amount],
    ...[inWords(member.owed), inWords(member.totalPaid), member.createdAt],
  ];
}

/** The list as a file for spreadsheets. */
export function memberCsvRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  return [
    route({
      method: 'get',
      path: '/v1/members.csv',
      tag: 'Members and access',
      auth: 'coach',
      summary: 'The members as a CSV file',
      description:
        'All that the filters leave, the newest first, sent while it is read. Amounts have a decimal point; times are UTC. A text that a spreadsheet would take for a formula begins with an apostrophe.',
      query: z.strictObject(filters),
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      async handler({ auth, query }) {
        const now = await coachNow(deps, auth.coachId, auth.mode);
        const read = async (last: WholeMember | null, take: number) => {
          const after = last === null ? null : { id: last.id, createdAt: new Date(last.createdAt) };
          const places = await findMembers(db, auth, { ...query, sort: 'newest', currency: null }, now, {
            take,
            after,
          });
          return wholeMembers(
            db,
            auth,
            places.map(({ id }) => id),
            now,
          );
        };
        return answer(200, datedCsv('members', csvLines(COLUMNS, read, cellsOf)));
      },
    }),
  ];
}
