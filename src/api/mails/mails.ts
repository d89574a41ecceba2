import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import { sendAgain } from '../../store/mails';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, route, type Route } from '../http/route';
import { id, listOf, nothing, page, text } from '../http/schemas';
import { findMember } from '../members/records';
import { mailKind, mailSchema, mailStatus, mailView, suppressionSchema, suppressionView, TAG } from './views';

const oneMail = z.strictObject({ id: id('mail') });
/** Of a coach in one mode; the newest are shown. */
const MOST_SUPPRESSIONS = 1000;

/** What was mailed, or not, and why; sending it again; and who is not written to. */
export function mailRoutes({ db }: ApiDeps): Route[] {
  async function show({ coachId, mode }: { coachId: string; mode: 'test' | 'live' }, mailId: string) {
    const row = await db.mail.findUnique({ where: { coachId_mode_id: { coachId, mode, id: mailId } } });
    if (row === null) throw new ProblemError('not_found', 'There is no mail with this id.');
    return row;
  }

  return [
    route({
      method: 'get',
      path: '/v1/mails',
      tag: TAG,
      auth: 'coach',
      summary: 'List mails, the newest first',
      description: 'Those that were sent, those that wait, and those that were not sent, with the reason.',
      query: z.strictObject({
        ...page,
        status: mailStatus.optional(),
        kind: mailKind.optional(),
        member: text(200).optional(),
      }),
      answers: { 200: { description: 'A page of mails', schema: listOf(mailSchema) } },
      async handler({ auth: { coachId, mode }, query }) {
        const member =
          query.member === undefined ? undefined : await findMember(db, { coachId, mode }, query.member);
        if (member === null) return answer(200, { data: [], nextCursor: null });
        const { after, order } = pageArgs(query);
        const rows = await db.mail.findMany({
          where: {
            coachId,
            mode,
            ...(member === undefined ? {} : { memberId: member.id }),
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(query.kind === undefined ? {} : { kind: query.kind }),
            ...after,
          },
          ...order,
        });
        return answer(200, pageOf(rows, query.limit, mailView));
      },
    }),
    route({
      method: 'get',
      path: '/v1/mails/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read what became of a mail',
      params: oneMail,
      answers: { 200: { description: 'The mail', schema: mailSchema } },
      handler: async ({ auth, params }) => answer(200, mailView(await show(auth, params.id))),
    }),
    route({
      method: 'post',
      path: '/v1/mails/{id}/send-again',
      tag: TAG,
      auth: 'coach',
      summary: 'Send a mail again',
      description:
        'One that is `unclear`, `failed`, `suppressed` or `stale`: it is looked at again as if its turn had just come. An unclear one may have arrived already; ask the member first.',
      params: oneMail,
      body: nothing,
      answers: { 200: { description: 'The mail, under way', schema: mailSchema } },
      problems: ['mail_not_sendable'],
      async handler({ auth, params }) {
        const row = await show(auth, params.id);
        if (!(await sendAgain(db, row)))
          throw new ProblemError(
            'mail_not_sendable',
            'It was sent, is under way, or said something that is not kept.',
          );
        return answer(200, mailView(await show(auth, params.id)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/mail-suppressions',
      tag: TAG,
      auth: 'coach',
      summary: 'List the addresses that are not written to',
      answers: { 200: { description: 'The newest first, 1000 at most', schema: listOf(suppressionSchema) } },
      async handler({ auth: { coachId, mode } }) {
        const rows = await db.mailSuppression.findMany({
          where: { coachId, mode },
          orderBy: { createdAt: 'desc' },
          take: MOST_SUPPRESSIONS,
        });
        return answer(200, { data: rows.map(suppressionView), nextCursor: null });
      },
    }),
    route({
      method: 'post',
      path: '/v1/mail-suppressions/{id}/lift',
      tag: TAG,
      auth: 'coach',
      summary: 'Write to an address again',
      description: 'Of those that have bounced. Who has unsubscribed is not written to until they want it.',
      params: z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the id of a suppression'),
      }),
      body: nothing,
      answers: { 200: { description: 'What was lifted', schema: suppressionSchema } },
      async handler({ auth: { coachId, mode }, params }) {
        const key = { coachId, mode, addressHash: params.id, reason: 'bounced' };
        const row = await db.mailSuppression.findUnique({
          where: { coachId_mode_addressHash_reason: key },
        });
        if (row === null) throw new ProblemError('not_found', 'No address of this id has bounced.');
        await db.mailSuppression.deleteMany({ where: key });
        return answer(200, suppressionView(row));
      },
    }),
  ];
}
