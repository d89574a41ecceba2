import { z } from 'zod';
import type { Member, TimelineEntry } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf, rowNumber } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { ensureMember, findMember } from './records';
import { email, externalId, id, listOf, page, text, time } from '../http/schemas';

const TAG = 'Members and access';

const memberSchema = z
  .object({
    id: z.string().meta({ example: 'mbr_3kTMd0fWbJ9xQeN4vYzA' }),
    externalId: z.string().nullable().meta({ description: "The coach's own id for this person" }),
    email: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'Member' });

const view = (member: Member) => ({
  id: member.id,
  externalId: member.externalId,
  email: member.email,
  createdAt: isoTime(member.createdAt),
});

const entrySchema = z
  .object({
    id: z.string(),
    at: time.meta({ description: "When it happened, on the Stripe account's clock" }),
    kind: z.string().meta({ example: 'renewed', description: 'What happened, a stable code' }),
    effect: z.string().meta({
      example: 'Access goes on, until 2026-12-26T06:00:00.000Z.',
      description: 'What it did to access, in words',
    }),
    cause: z.string().meta({
      example: 'stripe_event',
      description: '`stripe_event`, `timer`, `member_returned`, `person` or `system`',
    }),
    causeId: z.string().nullable().meta({ description: "Stripe's event, when one was the cause" }),
    productId: z.string().nullable(),
    checkoutId: z.string().nullable(),
    membershipId: z.string().nullable(),
    workflowId: z
      .string()
      .nullable()
      .meta({ description: 'The run that did it, as the Temporal Web UI finds it' }),
    runId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'TimelineEntry' });

const entryView = (entry: TimelineEntry) => ({
  id: entry.id.toString(),
  at: isoTime(entry.at),
  kind: entry.kind,
  effect: entry.effect,
  cause: entry.cause,
  causeId: entry.causeId,
  productId: entry.productId,
  checkoutId: entry.checkoutId,
  membershipId: entry.membershipId,
  workflowId: entry.workflowId,
  runId: entry.runId,
  details: entry.details as Record<string, unknown> | null,
});

/** What was typed, without the meaning that LIKE gives to some characters. */
const literally = (typed: string) => typed.replaceAll(/[\\%_]/g, '\\$&');

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
      query: z.strictObject({
        limit: page.limit,
        cursor: rowNumber.optional().meta({ description: '`nextCursor` of the page before' }),
        order: z.enum(['oldest_first', 'newest_first']).default('oldest_first'),
      }),
      answers: { 200: { description: 'A page of the timeline', schema: listOf(entrySchema) } },
      async handler({ auth, params, query }) {
        const { id: memberId } = await expectMember(auth, params.id);
        const oldestFirst = query.order === 'oldest_first';
        const from = query.cursor === undefined ? undefined : BigInt(query.cursor);
        const rows = await db.timelineEntry.findMany({
          where: {
            coachId: auth.coachId,
            mode: auth.mode,
            memberId,
            ...(from === undefined ? {} : { id: oldestFirst ? { gt: from } : { lt: from } }),
          },
          orderBy: { id: oldestFirst ? 'asc' : 'desc' },
          take: query.limit + 1,
        });
        const shown = rows.slice(0, query.limit);
        const nextCursor = rows.length > query.limit ? (shown.at(-1)?.id.toString() ?? null) : null;
        return answer(200, { data: shown.map(entryView), nextCursor });
      },
    }),
  ];
}
