import { z } from 'zod';
import { lockAccess, type TimelineFacts } from '../../store/access-change';
import { syncSeatOfSale } from '../../store/seat';
import type { Tx } from '../../db/client';
import type { Grant } from '../../db/generated/client';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull, type Seconds, toDateOrNull } from '../../domain/time';
import { membershipIdOf } from './access-answer';
import { coachNow } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { by, expectFuture, giveGift } from './gift';
import { ensureMember, listOfMember } from './records';
import { expectProduct } from '../catalog/products';
import { id, listOf, memberRef, moment, nothing, page, text, time } from '../http/schemas';

const TAG = 'Members and access';

const grantSchema = z
  .object({
    id: z.string().meta({ example: 'gnt_3kTMd0fWbJ9xQeN4vYzA' }),
    memberId: z.string(),
    productId: z.string(),
    cause: z.enum(['membership', 'gift', 'free']),
    membershipId: z.string().nullable(),
    checkoutId: z.string().nullable().meta({ description: 'Of what is free: the checkout that it came of' }),
    startsAt: time,
    until: time.nullable().meta({ description: 'Null: without an end' }),
    suspended: z.boolean(),
    revoked: z.boolean(),
    note: z.string().nullable(),
    createdAt: time,
  })
  .meta({ id: 'Grant' });

const view = (row: Grant) => ({
  id: row.id,
  memberId: row.memberId,
  productId: row.productId,
  cause: row.cause,
  membershipId: membershipIdOf(row),
  checkoutId: row.checkoutId,
  startsAt: isoTime(row.startsAt),
  until: isoTimeOrNull(row.until),
  suspended: row.suspended,
  revoked: row.revoked,
  note: row.note,
  createdAt: isoTime(row.createdAt),
});

/** Access without Stripe: gifts of the coach, and every cause of access to read. */
export function grantRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const params = z.strictObject({ id: id('gnt') });

  /** Changes a gift under the lock of member and product; what Stripe decides about is changed there. */
  const changeGift = async (
    auth: CoachAuth,
    grantId: string,
    change: (tx: Tx, row: Grant, now: Seconds) => Promise<Pick<TimelineFacts, 'kind' | 'details'> | null>,
  ) => {
    const { coachId, mode } = auth;
    const row = await db.grant.findFirst({ where: { id: grantId, coachId, mode } });
    if (row === null) throw new ProblemError('not_found', 'There is no grant with this id.');
    if (row.cause === 'membership')
      throw new ProblemError('grant_not_gift', 'This access comes from a purchase.', {
        membershipId: membershipIdOf(row),
      });
    const now = await coachNow(deps, coachId, mode);
    const key = { coachId, mode, memberId: row.memberId, productId: row.productId };
    await db.$transaction(async (tx) => {
      const access = await lockAccess(tx, key, now);
      const present = await tx.grant.findUniqueOrThrow({ where: { id: grantId } });
      const facts = await change(tx, present, now);
      if (facts !== null) await access.record({ ...facts, ...by(auth), at: now });
    });
    return answer(200, view(await db.grant.findUniqueOrThrow({ where: { id: grantId } })));
  };

  return [
    route({
      method: 'post',
      path: '/v1/grants',
      tag: TAG,
      auth: 'coach',
      summary: 'Give a member access as a gift',
      body: z.strictObject({
        member: memberRef,
        productId: id('pdt'),
        until: moment.nullable().default(null).meta({ description: 'Null: without an end' }),
        note: text(500).nullable().default(null),
      }),
      answers: { 201: { description: 'The gift', schema: grantSchema } },
      problems: ['not_found'],
      async handler({ auth, body, newId }) {
        const { coachId, mode } = auth;
        await expectProduct(db, auth, body.productId);
        const now = await coachNow(deps, coachId, mode);
        expectFuture(body.until, now);
        const { member } = await ensureMember(db, { coachId, mode }, body.member, () => newId('member'));
        const key = { coachId, mode, memberId: member.id, productId: body.productId };
        const grantId = newId('grant');
        await giveGift(db, auth, { grantId, key, until: body.until, note: body.note, now });
        return answer(201, view(await db.grant.findUniqueOrThrow({ where: { id: grantId } })));
      },
    }),
    route({
      method: 'get',
      path: '/v1/grants',
      tag: TAG,
      auth: 'coach',
      summary: 'List the causes of access',
      query: z.strictObject({ ...page, member: text(200).optional(), product: id('pdt').optional() }),
      answers: { 200: { description: 'A page of grants', schema: listOf(grantSchema) } },
      async handler({ auth, query }) {
        const asked = await listOfMember(db, auth, query);
        if (asked === null) return answer(200, { data: [], nextCursor: null });
        const rows = await db.grant.findMany({
          where: {
            ...asked.where,
            ...(query.product === undefined ? {} : { productId: query.product }),
          },
          ...asked.order,
        });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'post',
      path: '/v1/grants/{id}/extend',
      tag: TAG,
      auth: 'coach',
      summary: 'Move the end of a gift or a free product',
      description: 'A later or an earlier end, or none. What was revoked is given again.',
      params,
      body: z.strictObject({ until: moment.nullable() }),
      answers: { 200: { description: 'The gift now', schema: grantSchema } },
      problems: ['not_found', 'grant_not_gift'],
      handler: ({ auth, params, body }) =>
        changeGift(auth, params.id, async (tx, row, now) => {
          expectFuture(body.until, now);
          const until = toDateOrNull(body.until);
          if (!row.revoked && row.until?.getTime() === until?.getTime()) return null;
          await tx.grant.update({ where: { id: row.id }, data: { until, revoked: false } });
          // The coach decides: a seat that was given back is taken again, even beyond the limit.
          if (row.checkoutId !== null) await syncSeatOfSale(tx, row.checkoutId, false);
          return {
            kind: row.cause === 'free' ? 'free_extended' : 'gift_extended',
            details: { grantId: row.id },
          };
        }),
    }),
    route({
      method: 'post',
      path: '/v1/grants/{id}/revoke',
      tag: TAG,
      auth: 'coach',
      summary: 'Take a gift or a free product back',
      description: 'Other causes of access stay, and a limited seat is free again. `extend` gives it again.',
      params,
      body: nothing,
      answers: { 200: { description: 'The gift now', schema: grantSchema } },
      problems: ['not_found', 'grant_not_gift'],
      handler: ({ auth, params }) =>
        changeGift(auth, params.id, async (tx, row) => {
          if (row.revoked) return null;
          await tx.grant.update({ where: { id: row.id }, data: { revoked: true } });
          if (row.checkoutId !== null) await syncSeatOfSale(tx, row.checkoutId, true);
          return {
            kind: row.cause === 'free' ? 'free_revoked' : 'gift_revoked',
            details: { grantId: row.id },
          };
        }),
    }),
  ];
}
