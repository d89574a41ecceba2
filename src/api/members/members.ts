import { z } from 'zod';
import type { Member } from '../../db/generated/client';
import { literally } from '../../db/like';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { timelineOf, timelinePage, timelineQuery } from './timeline';
import { ensureMember, findMember } from './records';
import { email, externalId, id, listOf, page, text, time } from '../http/schemas';

const TAG = 'Members and access';

const memberSchema = z
  .object({
    id: z.string().meta({ example: 'mbr_3kTMd0fWbJ9xQeN4vYzA' }),
    externalId: z.string().nullable().meta({ description: "The coach's own id for this person" }),
    email: z.string().nullable(),
    createdAt: time,
    erasedAt: time.nullable().meta({ description: 'Since when nothing here names them any more' }),
  })
  .meta({ id: 'Member' });

const view = (member: Member) => ({
  id: member.id,
  externalId: member.externalId,
  email: member.email,
  createdAt: isoTime(member.createdAt),
  erasedAt: isoTimeOrNull(member.erasedAt),
});

/** A coach's customers. */
export function memberRoutes({ db }: ApiDeps): Route[] {
  const params = z.strictObject({ id: id('mbr') });
  const expectMember = async ({ coachId, mode }: CoachAuth, memberId: string): Promise<Member> => {
    const member = await findMember(db, { coachId, mode }, memberId);
    if (member === null) throw new ProblemError('not_found', 'There is no member with this id.');
    return member;
  };
  return [
    route({
      method: 'post',
      path: '/v1/members',
      tag: TAG,
      auth: 'coach',
      summary: 'Create a member, or update the one with this id of yours',
      description:
        'A member who bought with this e-mail address before, without an id of yours, becomes the one with your id; if there is one with your id already, the two are joined, and the other id of ours goes on leading to the one.',
      body: z
        .strictObject({ externalId: externalId.optional(), email: email.optional() })
        .refine(
          (body) => body.externalId !== undefined || body.email !== undefined,
          'needs externalId or email',
        )
        .meta({ anyOf: [{ required: ['externalId'] }, { required: ['email'] }] }),
      answers: {
        200: { description: 'The member, who was there already', schema: memberSchema },
        201: { description: 'The member, new', schema: memberSchema },
      },
      async handler({ auth: { coachId, mode }, body, newId }) {
        const { member, created } = await ensureMember(db, { coachId, mode }, body, () => newId('member'));
        return created ? answer(201, view(member)) : answer(200, view(member));
      },
    }),
    route({
      method: 'get',
      path: '/v1/members',
      tag: TAG,
      auth: 'coach',
      summary: 'List or search the members',
      description: 'Who was erased is not among them.',
      query: z.strictObject({
        ...page,
        externalId: externalId.optional(),
        search: text(254)
          .optional()
          .meta({ description: 'A part of the e-mail address or of your id, or our id' }),
      }),
      answers: { 200: { description: 'A page of members', schema: listOf(memberSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const { after, order } = pageArgs(query);
        const part = { contains: literally(query.search ?? ''), mode: 'insensitive' as const };
        const rows = await db.member.findMany({
          where: {
            coachId,
            mode,
            erasedAt: null,
            ...(query.externalId === undefined ? {} : { externalId: query.externalId }),
            AND: [
              after,
              query.search === undefined
                ? {}
                : { OR: [{ email: part }, { externalId: part }, { id: query.search }] },
            ],
          },
          ...order,
        });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'get',
      path: '/v1/members/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a member',
      params,
      answers: { 200: { description: 'The member', schema: memberSchema } },
      handler: async ({ auth, params }) => answer(200, view(await expectMember(auth, params.id))),
    }),
    route({
      method: 'get',
      path: '/v1/members/{id}/timeline',
      tag: TAG,
      auth: 'coach',
      summary: 'All that happened to a member, in order, with causes',
      params,
      query: timelineQuery,
      answers: { 200: { description: 'A page of the timeline', schema: timelinePage } },
      async handler({ auth, params, query }) {
        const { id: memberId } = await expectMember(auth, params.id);
        return answer(200, await timelineOf(db, auth, { memberId }, query));
      },
    }),
  ];
}
