import { z } from 'zod';
import type { Member } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { coachNow, findConnected } from '../connection/connected-account';
import { pageOf, positionOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { timelineOf, timelinePage, timelineQuery } from './timeline';
import { ensureMember, findMember } from './records';
import { currency, email, externalId, id, listOf, page } from '../http/schemas';
import { filters, findMembers, isBySum, type Sort, sort } from './filters';
import { memberSchema, memberView, wholeMemberSchema } from './view';
import { wholeMembers } from './whole-members';

const TAG = 'Members and access';
const NOBODY = 'There is no member with this id.';

/** A coach's customers. */
export function memberRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const params = z.strictObject({ id: id('mbr') });
  const expectMember = async ({ coachId, mode }: CoachAuth, memberId: string): Promise<Member> => {
    const member = await findMember(db, { coachId, mode }, memberId);
    if (member === null) throw new ProblemError('not_found', NOBODY);
    return member;
  };
  /** What a sum is in that the members are ordered by; null: there is none. */
  const currencyOf = async (
    { coachId, mode }: CoachAuth,
    { sort: by, currency: asked }: { sort: Sort; currency?: string | undefined },
  ): Promise<string | null> => {
    if (asked !== undefined || !isBySum(by)) return asked ?? null;
    return (await findConnected(db, coachId, mode))?.defaultCurrency ?? null;
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
        return created ? answer(201, memberView(member)) : answer(200, memberView(member));
      },
    }),
    route({
      method: 'get',
      path: '/v1/members',
      tag: TAG,
      auth: 'coach',
      summary: 'List or search the members',
      description:
        'With what each of them has, owes and has paid, as of the last look at each purchase. Who was erased is not among them. A member whose place in the order changes between two pages may be on both, or on none.',
      query: z.strictObject({
        ...page,
        ...filters,
        sort,
        currency: currency.optional().meta({
          description:
            'Of the sums that `owed` and `total_paid` go by; left out: that of the connected account',
        }),
      }),
      answers: { 200: { description: 'A page of members', schema: listOf(wholeMemberSchema) } },
      async handler({ auth, query }) {
        const { limit, cursor, ...filtered } = query;
        const asked = { ...filtered, currency: await currencyOf(auth, query) };
        const now = await coachNow(deps, auth.coachId, auth.mode);
        const after = cursor === undefined ? null : positionOf(cursor);
        const places = await findMembers(db, auth, asked, now, { take: limit + 1, after });
        const { data: ids, nextCursor } = pageOf(places, limit, (place) => place.id);
        return answer(200, { data: await wholeMembers(db, auth, ids, now), nextCursor });
      },
    }),
    route({
      method: 'get',
      path: '/v1/members/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a member',
      params,
      answers: { 200: { description: 'The member', schema: wholeMemberSchema } },
      async handler({ auth, params }) {
        const member = await expectMember(auth, params.id);
        const now = await coachNow(deps, auth.coachId, auth.mode);
        const [whole] = await wholeMembers(db, auth, [member.id], now);
        if (whole === undefined) throw new ProblemError('not_found', NOBODY);
        return answer(200, whole);
      },
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
