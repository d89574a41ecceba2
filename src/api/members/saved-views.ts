import { z } from 'zod';
import type { MemberView } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime } from '../../domain/time';
import { lockCoach } from '../../store/coach-lock';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, route, type Route } from '../http/route';
import { id, listOf, nothing, page, text, time } from '../http/schemas';
import { expectProduct } from '../catalog/products';
import { MEMBER_SORTS, MEMBERS_WHO } from './filters';

const TAG = 'Members and access';
const MOST = 50;

const filtersSchema = z.strictObject({
  who: z.enum(MEMBERS_WHO).nullable().default(null),
  product: id('pdt').nullable().default(null),
  sort: z.enum(MEMBER_SORTS).default('newest'),
});

const viewSchema = z
  .object({
    id: z.string().meta({ example: 'mvw_3kTMd0fWbJ9xQeN4vYzA' }),
    name: z.string(),
    who: z.enum(MEMBERS_WHO).nullable(),
    product: z.string().nullable(),
    sort: z.enum(MEMBER_SORTS),
    createdAt: time,
  })
  .meta({ id: 'MemberView' });

const view = ({ id: viewId, name, who, productId, sort, createdAt }: MemberView) => ({
  id: viewId,
  name,
  who: MEMBERS_WHO.find((one) => one === who) ?? null,
  product: productId,
  sort: MEMBER_SORTS.find((one) => one === sort) ?? 'newest',
  createdAt: isoTime(createdAt),
});

/** Filters of the members' list that a coach's people keep under a name, in one mode. */
export function memberViewRoutes({ db }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/member-views',
      tag: TAG,
      auth: 'coach',
      summary: 'Keep filters of the members under a name',
      description: `For everybody who works for the coach in this mode, ${MOST} at most. A name that is there already gets these filters. A search is not kept: it may name somebody.`,
      body: z.strictObject({ name: text(60), ...filtersSchema.shape }),
      answers: {
        200: { description: 'The view, which was there already', schema: viewSchema },
        201: { description: 'The view, new', schema: viewSchema },
      },
      problems: ['not_found', 'too_many_views'],
      async handler({ auth, body: { name, who, product, sort }, newId }) {
        const { coachId, mode } = auth;
        if (product !== null) await expectProduct(db, auth, product);
        const kept = { who, productId: product, sort };
        return db.$transaction(async (tx) => {
          await lockCoach(tx, coachId);
          const key = { coachId_mode_name: { coachId, mode, name } };
          const present = await tx.memberView.findUnique({ where: key });
          if (present !== null)
            return answer(200, view(await tx.memberView.update({ where: key, data: kept })));
          if ((await tx.memberView.count({ where: { coachId, mode } })) >= MOST)
            throw new ProblemError('too_many_views', `There are ${MOST} saved views already.`);
          const made = { coachId, mode, id: newId('memberView'), name, ...kept };
          return answer(201, view(await tx.memberView.create({ data: made })));
        });
      },
    }),
    route({
      method: 'get',
      path: '/v1/member-views',
      tag: TAG,
      auth: 'coach',
      summary: 'List the filters that are kept',
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of views', schema: listOf(viewSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const rows = await db.memberView.findMany({ where: { coachId, mode, ...after }, ...order });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'post',
      path: '/v1/member-views/{id}/remove',
      tag: TAG,
      auth: 'coach',
      summary: 'Forget filters that were kept',
      params: z.strictObject({ id: id('mvw') }),
      body: nothing,
      answers: { 200: { description: 'Which they were', schema: viewSchema } },
      async handler({ auth: { coachId, mode }, params }) {
        const key = { coachId_mode_id: { coachId, mode, id: params.id } };
        const row = await db.memberView.findUnique({ where: key });
        if (row === null) throw new ProblemError('not_found', 'There is no saved view with this id.');
        await db.memberView.deleteMany({ where: { coachId, mode, id: params.id } });
        return answer(200, view(row));
      },
    }),
  ];
}
