import { z } from 'zod';
import type { Db } from '../../db/client';
import type { AuditEntry } from '../../db/generated/client';
import { AuditOutcome, Role } from '../../db/generated/enums';
import { isoTime, isoTimeOrNull, toDate } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { actorSchema, actorsOf, type ActorView } from './actors';
import { csvLines } from '../http/csv-file';
import { CSV, csvFile, datedCsv } from '../http/download';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { listOf, mode, moment, page, text, time } from '../http/schemas';

const TAG = 'Audit log';

const entrySchema = z
  .object({
    id: z.string(),
    mode: mode.nullable().meta({ description: 'Null: what the platform did for both' }),
    at: time.meta({ description: "By the database's clock" }),
    operation: z
      .string()
      .meta({ description: 'The `operationId` of this document', example: 'postV1Products' }),
    actor: actorSchema,
    role: z.enum(Role).nullable().meta({ description: 'What they were at that moment' }),
    subjectId: z.string().nullable().meta({ description: 'What it was done to, or what it made' }),
    fields: z
      .array(z.string())
      .meta({ description: 'The fields that the request had; what they said is not kept' }),
    outcome: z.enum(AuditOutcome).nullable().meta({
      description:
        'Null: it was asked for, and nobody knows what came of it, as the process or the database went away in the middle',
    }),
    code: z.string().nullable().meta({ description: 'Of a refusal or a failure: see /problems' }),
    requestId: z.string().meta({ description: 'The `X-Request-Id` of its answer; of several, of the last' }),
    times: z.int().meta({
      description:
        'How often: an hour of the same is one line where a role or a scope forbade it, and of signing in and out',
    }),
    lastAt: time.nullable().meta({ description: 'When last, of several; null: once' }),
  })
  .meta({ id: 'AuditEntry' });

const filters = {
  actor: text(100).optional().meta({ description: 'The id of a user or a key' }),
  operation: text(200).optional(),
  subject: text(100).optional().meta({ description: 'An id' }),
  outcome: z.enum(AuditOutcome).optional(),
  from: moment.optional().meta({ description: 'Not before then' }),
  until: moment.optional().meta({ description: 'Before then' }),
};
type Filters = z.output<z.ZodObject<typeof filters>>;

function whereOf({ coachId, mode: of }: CoachAuth, query: Filters) {
  const { actor, operation, subject, outcome, from, until } = query;
  return {
    coachId,
    ...(actor === undefined ? {} : { actorId: actor }),
    ...(operation === undefined ? {} : { operation }),
    ...(subject === undefined ? {} : { subjectId: subject }),
    ...(outcome === undefined ? {} : { outcome }),
    AND: [
      { OR: [{ mode: of }, { mode: null }] },
      from === undefined ? {} : { at: { gte: toDate(from) } },
      until === undefined ? {} : { at: { lt: toDate(until) } },
    ],
  };
}

const view = (actorView: ActorView) => (row: AuditEntry) => ({
  id: row.id,
  mode: row.mode,
  at: isoTime(row.at),
  operation: row.operation,
  actor: actorView(row.actor, row.actorId),
  role: row.role,
  subjectId: row.subjectId,
  fields: row.fields,
  outcome: row.outcome,
  code: row.code,
  requestId: row.requestId,
  times: row.times,
  lastAt: isoTimeOrNull(row.lastAt),
});

const COLUMNS = [
  ...['at', 'operation', 'outcome', 'code', 'actor', 'actor id', 'email', 'key', 'role'],
  ...['subject id', 'fields', 'request id', 'id', 'times', 'last at'],
];

type Shown = ReturnType<ReturnType<typeof view>>;

/** The next of them after one, the newest first. */
const pageAfter =
  (db: Db, where: ReturnType<typeof whereOf>) =>
  async (last: Shown | null, take: number): Promise<Shown[]> => {
    const at = last === null ? null : new Date(last.at);
    const after =
      last === null || at === null
        ? {}
        : { at: { lte: at }, OR: [{ at: { lt: at } }, { id: { lt: last.id } }] };
    const rows = await db.auditEntry.findMany({
      where: { AND: [where, after] },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take,
    });
    return rows.map(
      view(
        await actorsOf(
          db,
          rows.map(({ actor, actorId }) => ({ kind: actor, id: actorId })),
        ),
      ),
    );
  };

const cellsOf = ({ actor, fields, at, operation, outcome, code, role, ...more }: Shown) => [
  ...[at, operation, outcome, code, actor.kind, actor.id, actor.email, actor.key, role],
  ...[more.subjectId, fields.join(' '), more.requestId, more.id, more.times, more.lastAt],
];

/** What people and keys have asked for. */
export function auditLogRoutes({ db }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/audit-log',
      tag: TAG,
      auth: 'coach',
      summary: 'What people and keys have changed, or were refused; the newest first',
      description:
        'Every change that somebody asked for in this mode, whatever came of it, and everything that a role or a scope forbade; who asked for a link to the console, signed in and out. What a server does for its buyers (checkouts) is not here: it is in the timelines and in /v1/events.',
      query: z.strictObject({ ...page, ...filters }),
      answers: { 200: { description: 'A page of entries', schema: listOf(entrySchema) } },
      async handler({ auth, query }) {
        const { after, order } = pageArgs(query, { at: 'at', id: 'id' });
        const rows = await db.auditEntry.findMany({
          where: { AND: [whereOf(auth, query), after] },
          ...order,
        });
        const show = view(
          await actorsOf(
            db,
            rows.map(({ actor, actorId }) => ({ kind: actor, id: actorId })),
          ),
        );
        const placed = rows.map((row) => ({ ...row, createdAt: row.at }));
        return answer(200, pageOf(placed, query.limit, show));
      },
    }),
    route({
      method: 'get',
      path: '/v1/audit-log.csv',
      tag: TAG,
      auth: 'coach',
      summary: 'The audit log as a CSV file',
      description: 'All that the filters leave, the newest first, sent while it is read. Times are UTC.',
      query: z.strictObject(filters),
      answers: { 200: { description: 'The file', schema: csvFile, type: CSV } },
      handler: ({ auth, query }) =>
        Promise.resolve(
          answer(200, datedCsv('audit-log', csvLines(COLUMNS, pageAfter(db, whereOf(auth, query)), cellsOf))),
        ),
    }),
  ];
}
