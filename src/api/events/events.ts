import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import { FACT_TYPES } from '../../domain/facts';
import { readFacts } from '../../store/facts';
import { presentStateOf } from '../../store/webhook-deliveries';
import type { ApiDeps } from '../deps';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { id, listOf, moment, page, text } from '../http/schemas';
import { findMember, memberIdsOf } from '../members/records';
import { factNowSchema, factSchema, factView } from './fact-schema';

const TAG = 'Events';

/** What became true, to read and to read on. */
export function eventRoutes({ db }: ApiDeps): Route[] {
  const factOf = ({ coachId, mode }: CoachAuth, factId: string) =>
    db.fact.findUnique({ where: { coachId_mode_id: { coachId, mode, id: factId } } });

  return [
    route({
      method: 'get',
      path: '/v1/events',
      tag: TAG,
      auth: 'coach',
      summary: 'List what has happened',
      description:
        'Each event is written in the transaction that makes it true, and kept for 90 days. To follow them, read `oldest_first` and give the id of the last event that you have as `cursor`: nothing is left out, and none comes in behind it later. The newest may be held back for a moment that way, while something else is still being written.',
      query: z.strictObject({
        limit: page.limit,
        cursor: id('fct').optional().meta({
          description: '`nextCursor` of the page before, or the id of the last event that you have',
        }),
        order: z.enum(['newest_first', 'oldest_first']).default('newest_first'),
        type: z.enum(FACT_TYPES).optional().meta({ description: 'Only events of this type' }),
        member: text(200)
          .optional()
          .meta({ description: "Our id for a member, or the coach's own", example: 'user-42' }),
        since: moment.optional().meta({ description: 'Written then or later' }),
        until: moment.optional().meta({ description: 'Written earlier' }),
      }),
      answers: { 200: { description: 'A page of events', schema: listOf(factSchema) } },
      async handler({ auth, query }) {
        const after = query.cursor === undefined ? null : await factOf(auth, query.cursor);
        if (query.cursor !== undefined && after === null)
          throw new ProblemError('invalid_request', 'The cursor names no event that is still kept.', {
            field: 'cursor',
          });
        const member = query.member === undefined ? null : await findMember(db, auth, query.member);
        if (query.member !== undefined && member === null) return answer(200, { data: [], nextCursor: null });
        const rows = await readFacts(db, {
          coachId: auth.coachId,
          mode: auth.mode,
          types: query.type === undefined ? null : [query.type],
          memberIds: member === null ? null : await memberIdsOf(db, auth, member.id),
          since: query.since ?? null,
          until: query.until ?? null,
          after,
          oldestFirst: query.order === 'oldest_first',
          limit: query.limit + 1,
        });
        const shown = rows.slice(0, query.limit);
        return answer(200, {
          data: shown.map(factView),
          nextCursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/events/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'One event, as webhooks tell it',
      description: 'With `present`: what it was about, as that is now.',
      params: z.strictObject({ id: id('fct') }),
      answers: { 200: { description: 'The event', schema: factNowSchema } },
      async handler({ auth, params }) {
        const row = await factOf(auth, params.id);
        if (row === null)
          throw new ProblemError('not_found', 'There is no event with this id, or it is kept no longer.');
        const present = (await presentStateOf(db, row)) as z.input<typeof factNowSchema>['present'];
        return answer(200, { ...factView(row), present });
      },
    }),
  ];
}
