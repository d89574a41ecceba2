import { z } from 'zod';
import type { Coach } from '../../db/generated/client';
import { isoTime } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, route, type Route } from '../http/route';
import { listOf, page, text, time } from '../http/schemas';

const coachSchema = z
  .object({
    id: z.string().meta({ example: 'coach_3kTMd0fWbJ9xQeN4vYzA' }),
    name: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Coach' });

const view = (coach: Coach) => ({ id: coach.id, name: coach.name, createdAt: isoTime(coach.createdAt) });

/** Coaches, as Session itself creates and lists them. */
export function coachRoutes({ db }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/coaches',
      tag: 'Platform',
      auth: 'platform',
      summary: 'Create a coach',
      body: z.strictObject({ name: text(200).meta({ example: 'Yoga with Ana' }) }),
      answers: { 201: { description: 'The coach', schema: coachSchema } },
      async handler({ body, newId }) {
        const id = newId('coach');
        const coach = await db.coach.upsert({ where: { id }, create: { id, name: body.name }, update: {} });
        return answer(201, view(coach));
      },
    }),
    route({
      method: 'get',
      path: '/v1/coaches',
      tag: 'Platform',
      auth: 'platform',
      summary: 'List the coaches',
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of coaches', schema: listOf(coachSchema) } },
      async handler({ query }) {
        const { after, order } = pageArgs(query);
        const rows = await db.coach.findMany({ where: after, ...order });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
  ];
}
