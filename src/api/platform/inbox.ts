import { z } from 'zod';
import type { Inbox } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { rowNumber } from '../http/paging';
import { answer, route, type Route } from '../http/route';
import { listOf, mode, nothing, page, text, time } from '../http/schemas';

const rowSchema = z
  .object({
    id: z.string(),
    mode,
    eventId: z.string().meta({ description: "Stripe's event, or `hint_…` for one of our own" }),
    type: z.string().meta({ example: 'invoice.paid' }),
    accountId: z.string().nullable(),
    objectId: z.string().nullable(),
    status: z.enum(['waiting', 'done', 'ignored', 'parked']),
    target: z.object({ kind: z.string(), id: z.string() }).nullable(),
    attempts: z.int(),
    note: z.string().nullable().meta({ description: 'Why it waits or is parked' }),
    receivedAt: time,
    doneAt: time.nullable(),
  })
  .meta({ id: 'InboxRow' });

const view = (row: Inbox) => ({
  id: row.id.toString(),
  mode: row.mode,
  eventId: row.eventId,
  type: row.type,
  accountId: row.accountId,
  objectId: row.objectId,
  status: row.status,
  target:
    row.targetKind === null || row.targetId === null ? null : { kind: row.targetKind, id: row.targetId },
  attempts: row.attempts,
  note: row.note,
  receivedAt: isoTime(row.receivedAt),
  doneAt: isoTimeOrNull(row.doneAt),
});

/** Stripe's events as they wait, for operators: what is parked can be driven again. */
export function inboxRoutes({ db, log }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/inbox',
      tag: 'Operations',
      auth: 'platform',
      summary: "List Stripe's events as they were received",
      query: z.strictObject({
        limit: page.limit,
        cursor: rowNumber.optional(),
        status: rowSchema.shape.status.optional(),
        accountId: text(100).optional(),
      }),
      answers: { 200: { description: 'A page of rows, without their payload', schema: listOf(rowSchema) } },
      async handler({ query }) {
        const rows = await db.inbox.findMany({
          where: {
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(query.accountId === undefined ? {} : { accountId: query.accountId }),
            ...(query.cursor === undefined ? {} : { id: { lt: BigInt(query.cursor) } }),
          },
          orderBy: { id: 'desc' },
          take: query.limit + 1,
        });
        const shown = rows.slice(0, query.limit);
        const nextCursor = rows.length > query.limit ? (shown.at(-1)?.id.toString() ?? null) : null;
        return answer(200, { data: shown.map(view), nextCursor });
      },
    }),
    route({
      method: 'post',
      path: '/v1/inbox/{id}/redrive',
      tag: 'Operations',
      auth: 'platform',
      summary: 'Drive a parked event again',
      params: z.strictObject({ id: rowNumber }),
      body: nothing,
      answers: { 200: { description: 'The row, waiting again', schema: rowSchema } },
      problems: ['not_parked'],
      async handler({ params }) {
        const id = BigInt(params.id);
        const row = await db.$transaction(async (tx) => {
          const { count } = await tx.inbox.updateMany({
            where: { id, status: 'parked' },
            data: { status: 'waiting', attempts: 0, leaseUntil: new Date(), note: null },
          });
          // The relays listen for new rows; this one is as good as new.
          if (count === 1) await tx.$queryRaw`SELECT pg_notify('inbox', '')::text`;
          const present = await tx.inbox.findUnique({ where: { id } });
          if (present === null) throw new ProblemError('not_found', 'There is no inbox row with this id.');
          if (count === 0) throw new ProblemError('not_parked', `The row is ${present.status}, not parked.`);
          return present;
        });
        log.info({ inboxId: params.id, eventId: row.eventId }, 'parked event driven again');
        return answer(200, view(row));
      },
    }),
  ];
}
