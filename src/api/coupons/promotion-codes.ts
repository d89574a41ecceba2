import { z } from 'zod';
import { isUniqueViolation } from '../../db/errors';
import { codeProblem } from '../../domain/coupons';
import { ProblemError } from '../../domain/problem';
import { toDateOrNull, toSecondsOrNull } from '../../domain/time';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { amount, currency, id, listOf, moment, nothing, page } from '../http/schemas';
import { wait, whenSettled } from '../http/wait';
import { redemptions, refuse, TAG } from './coupons';
import { expectCoupon, pushCoupon } from './rows';
import { promotionCodeSchema, promotionCodeView, status } from './view';
import { promotionCodeWord } from './word';

/** The words by which buyers use a coupon. */
export function promotionCodeRoutes(deps: ApiDeps): Route[] {
  const { db, clock } = deps;
  const params = z.strictObject({ id: id('pcd') });
  const expectCode = async ({ coachId, mode }: CoachAuth, codeId: string) => {
    const row = await db.promotionCode.findFirst({ where: { id: codeId, coachId, mode } });
    if (row === null) throw new ProblemError('not_found', 'There is no promotion code with this id.');
    return row;
  };

  return [
    route({
      method: 'post',
      path: '/v1/coupons/{id}/promotion-codes',
      tag: TAG,
      auth: 'coach',
      summary: 'Create a promotion code',
      description:
        "A word that buyers type, or that a link brings (`/buy/{priceId}?code=WORD`). `firstPurchaseOnly` is Stripe's rule for what is typed at Stripe: it goes by the customer, and a guest is a new one; for what is brought to us we look at the member as well. One for each member (`onePerMember`) is held by us, before the payment.",
      params: z.strictObject({ id: id('cpn') }),
      body: z.strictObject({
        code: promotionCodeWord,
        firstPurchaseOnly: z.boolean().default(false),
        onePerMember: z.boolean().default(false),
        maxRedemptions: redemptions.nullable().default(null),
        expiresAt: moment.nullable().default(null),
        minimumAmount: amount.nullable().default(null),
        minimumCurrency: currency.nullable().default(null),
      }),
      answers: { 202: { description: 'The code, being made at Stripe', schema: promotionCodeSchema } },
      problems: ['not_found', 'coupon_not_active', 'promotion_code_exists'],
      async handler({ auth, params, body, newId, log }) {
        const { coachId, mode } = auth;
        const coupon = await expectCoupon(db, auth, params.id);
        const codeId = newId('promotionCode');
        const { accountId } = coupon;
        if ((await db.promotionCode.findUnique({ where: { id: codeId } })) === null) {
          if (coupon.status !== 'active' && coupon.status !== 'pending')
            throw new ProblemError('coupon_not_active', `The coupon is ${coupon.status}.`);
          const limits = { ...coupon, expiresAt: toSecondsOrNull(coupon.expiresAt) };
          refuse(codeProblem(body, limits, await clock.now(mode, accountId)));
          const { expiresAt, ...terms } = body;
          try {
            await db.promotionCode.create({
              data: {
                ...{ id: codeId, coachId, mode, accountId, couponId: coupon.id },
                ...terms,
                expiresAt: toDateOrNull(expiresAt),
              },
            });
          } catch (error) {
            if (!isUniqueViolation(error)) throw error;
            throw new ProblemError('promotion_code_exists', 'There is a code of this word already.', {
              field: 'code',
            });
          }
        }
        await pushCoupon(deps, auth, coupon, log);
        return answer(202, promotionCodeView(await expectCode(auth, codeId)));
      },
    }),
    route({
      method: 'get',
      path: '/v1/promotion-codes',
      tag: TAG,
      auth: 'coach',
      summary: 'List the promotion codes',
      query: z.strictObject({
        ...page,
        couponId: id('cpn').optional(),
        status: status.optional(),
        code: promotionCodeWord
          .optional()
          .meta({ description: 'The code of this word, in whatever letters' }),
      }),
      answers: { 200: { description: 'A page of codes', schema: listOf(promotionCodeSchema) } },
      async handler({ auth, query }) {
        const { coachId, mode } = auth;
        const { after, order } = pageArgs(query);
        const rows = await db.promotionCode.findMany({
          where: {
            coachId,
            mode,
            ...(query.couponId === undefined ? {} : { couponId: query.couponId }),
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(query.code === undefined
              ? {}
              : { code: { equals: query.code, mode: 'insensitive' as const } }),
            ...after,
          },
          ...order,
        });
        return answer(200, pageOf(rows, query.limit, promotionCodeView));
      },
    }),
    route({
      method: 'get',
      path: '/v1/promotion-codes/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a promotion code',
      description: 'With `wait`, once buyers can use it or it has failed.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'The code', schema: promotionCodeSchema } },
      async handler({ auth, params, query }) {
        const row = await whenSettled(
          query.wait,
          () => expectCode(auth, params.id),
          (present) => present.status !== 'pending',
        );
        return answer(200, promotionCodeView(row));
      },
    }),
    route({
      method: 'post',
      path: '/v1/promotion-codes/{id}/archive',
      tag: TAG,
      auth: 'coach',
      summary: 'Archive a promotion code',
      description: 'Nobody can use it any more; its word is free for another one.',
      params,
      body: nothing,
      answers: { 200: { description: 'The code, archived', schema: promotionCodeSchema } },
      async handler({ auth, params, log }) {
        const { id: codeId, couponId, accountId } = await expectCode(auth, params.id);
        await db.promotionCode.updateMany({
          where: { id: codeId, status: { not: 'archived' } },
          data: { status: 'archived', archivedAt: new Date() },
        });
        await pushCoupon(deps, auth, { id: couponId, accountId }, log);
        return answer(200, promotionCodeView(await expectCode(auth, codeId)));
      },
    }),
  ];
}
