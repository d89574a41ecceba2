import { z } from 'zod';
import { couponProblem, LONGEST_NAME, MOST_MONTHS } from '../../domain/coupons';
import { ProblemError } from '../../domain/problem';
import { isoTime, toDateOrNull } from '../../domain/time';
import { makeCouponAnew } from '../../store/coupon-anew';
import { expectConnected, findConnected } from '../connection/connected-account';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { amount, currency, id, listOf, moment, money, nothing, page, text, time } from '../http/schemas';
import { wait, whenSettled } from '../http/wait';
import { expectCoupon, pushCoupon } from './rows';
import { couponSchema, couponView, status } from './view';

export const TAG = 'Coupons';

/** How many products one coupon may be limited to. */
const MOST_PRODUCTS = 100;

export const redemptions = z.int().min(1).max(1_000_000);

const withProducts = { products: { select: { productId: true } } } as const;

const redemptionSchema = z
  .object({
    checkoutId: z.string(),
    couponId: z.string(),
    promotionCodeId: z.string().nullable(),
    code: z.string().nullable(),
    memberId: z.string().nullable(),
    membershipId: z.string().nullable(),
    productId: z.string(),
    amount: money.meta({ description: 'Minor units: what was taken off the first payment' }),
    currency: z.string(),
    redeemedAt: time,
  })
  .meta({ id: 'Redemption' });

/** What makes purchases cheaper. https://docs.stripe.com/billing/subscriptions/coupons */
export function couponRoutes(deps: ApiDeps): Route[] {
  const { db, clock } = deps;
  const params = z.strictObject({ id: id('cpn') });
  const viewer = async ({ coachId, mode }: CoachAuth) =>
    (await findConnected(db, coachId, mode))?.accountId ?? null;
  const viewOf = async (auth: CoachAuth, couponId: string) =>
    couponView(await expectCoupon(db, auth, couponId), await viewer(auth));

  /** Which of the products are not at Stripe yet: a coupon can only be limited to what is there. */
  async function expectAtStripe(auth: CoachAuth, accountId: string, productIds: string[]): Promise<void> {
    const { coachId, mode } = auth;
    const there = await db.stripeProduct.findMany({
      where: { coachId, mode, accountId, productId: { in: productIds } },
      select: { productId: true },
    });
    const missing = productIds.find((productId) => !there.some((one) => one.productId === productId));
    if (missing === undefined) return;
    throw new ProblemError(
      'invalid_request',
      `The product ${missing} is not at Stripe. Give it a price that costs something first.`,
      { field: 'productIds' },
    );
  }

  return [
    route({
      method: 'post',
      path: '/v1/coupons',
      tag: TAG,
      auth: 'coach',
      summary: 'Create a coupon',
      description:
        'A percentage, or an amount in one currency, for one payment, some months, or for ever. Answered at once with status `pending`; a workflow makes it on the connected Stripe account. GET it with `wait` to see `active`, or `failed` with the reason. Buyers use it by a promotion code.',
      body: z.strictObject({
        name: text(LONGEST_NAME).meta({
          example: 'Spring',
          description: 'As buyers read it at Stripe and on invoices',
        }),
        percentOff: z
          .number()
          .gt(0)
          .max(100)
          .nullable()
          .default(null)
          .meta({ example: 20, description: 'With two decimals at most' }),
        amountOff: amount.nullable().default(null),
        currency: currency.nullable().default(null),
        duration: z.enum(['once', 'repeating', 'forever']).default('once'),
        months: z.int().min(1).max(MOST_MONTHS).nullable().default(null),
        productIds: z
          .array(id('pdt'))
          .max(MOST_PRODUCTS)
          .default([])
          .meta({ description: 'What it is limited to; everything unless told' }),
        maxRedemptions: redemptions.nullable().default(null),
        expiresAt: moment.nullable().default(null),
      }),
      answers: { 202: { description: 'The coupon, being made at Stripe', schema: couponSchema } },
      problems: ['not_connected'],
      async handler({ auth, body, newId, log }) {
        const { coachId, mode } = auth;
        const { accountId } = await expectConnected(db, coachId, mode);
        const { productIds: named, expiresAt, ...terms } = body;
        const couponId = newId('coupon');
        const present = await db.coupon.findUnique({ where: { id: couponId } });
        if (present === null) {
          refuse(couponProblem({ ...terms, expiresAt }, await clock.now(mode, accountId)));
          const productIds = [...new Set(named)];
          await expectAtStripe(auth, accountId, productIds);
          await db.coupon.create({
            data: {
              ...{ id: couponId, coachId, mode, accountId, stripeCouponId: couponId },
              ...terms,
              expiresAt: toDateOrNull(expiresAt),
              products: { create: productIds.map((productId) => ({ productId })) },
            },
          });
        }
        await pushCoupon(deps, auth, { id: couponId, accountId }, log);
        return answer(202, await viewOf(auth, couponId));
      },
    }),
    route({
      method: 'get',
      path: '/v1/coupons',
      tag: TAG,
      auth: 'coach',
      summary: 'List the coupons',
      query: z.strictObject({ ...page, status: status.optional() }),
      answers: { 200: { description: 'A page of coupons', schema: listOf(couponSchema) } },
      async handler({ auth, query }) {
        const { coachId, mode } = auth;
        const { after, order } = pageArgs(query);
        const only = query.status === undefined ? {} : { status: query.status };
        const rows = await db.coupon.findMany({
          where: { coachId, mode, ...only, ...after },
          include: withProducts,
          ...order,
        });
        const accountId = await viewer(auth);
        return answer(
          200,
          pageOf(rows, query.limit, (row) => couponView(row, accountId)),
        );
      },
    }),
    route({
      method: 'get',
      path: '/v1/coupons/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a coupon',
      description: 'With `wait`, once it can be used or has failed.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'The coupon', schema: couponSchema } },
      async handler({ auth, params, query }) {
        const row = await whenSettled(
          query.wait,
          () => expectCoupon(db, auth, params.id),
          (present) => present.status !== 'pending',
        );
        return answer(200, couponView(row, await viewer(auth)));
      },
    }),
    route({
      method: 'post',
      path: '/v1/coupons/{id}/archive',
      tag: TAG,
      auth: 'coach',
      summary: 'Archive a coupon',
      description:
        'Nobody can use it, or a code of it, any more: it is deleted at Stripe. Subscriptions that have it keep it.',
      params,
      body: nothing,
      answers: { 200: { description: 'The coupon, archived', schema: couponSchema } },
      async handler({ auth, params, log }) {
        const row = await expectCoupon(db, auth, params.id);
        const archived = { status: 'archived', archivedAt: new Date() } as const;
        await db.$transaction([
          db.coupon.updateMany({
            where: { id: row.id, status: { not: 'archived' } },
            data: { ...archived, revision: { increment: 1 } },
          }),
          db.promotionCode.updateMany({
            where: { couponId: row.id, status: { not: 'archived' } },
            data: archived,
          }),
        ]);
        await pushCoupon(deps, auth, row, log);
        return answer(200, await viewOf(auth, row.id));
      },
    }),
    route({
      method: 'post',
      path: '/v1/coupons/{id}/retry',
      tag: TAG,
      auth: 'coach',
      summary: 'Try again to make a coupon at Stripe',
      description:
        'After a failure, after it was deleted in the Stripe Dashboard, or on another account than the one it was made on. Its codes are made again with it.',
      params,
      body: nothing,
      answers: { 202: { description: 'The coupon, being made at Stripe', schema: couponSchema } },
      problems: ['not_connected', 'coupon_not_retryable'],
      async handler({ auth, params, newId, log }) {
        const { coachId, mode } = auth;
        const { accountId } = await expectConnected(db, coachId, mode);
        const row = await expectCoupon(db, auth, params.id);
        const elsewhere = row.accountId !== accountId && row.status !== 'archived';
        if (row.status !== 'pending' && row.status !== 'failed' && !elsewhere)
          throw new ProblemError('coupon_not_retryable', `The coupon is ${row.status}.`);
        if (row.status === 'failed' || elsewhere) {
          await expectAtStripe(
            auth,
            accountId,
            row.products.map(({ productId }) => productId),
          );
          const at = { accountId, stripeCouponId: newId('coupon') };
          await db.$transaction((tx) => makeCouponAnew(tx, row, at));
        }
        await pushCoupon(deps, auth, { id: row.id, accountId }, log);
        return answer(202, await viewOf(auth, row.id));
      },
    }),
    route({
      method: 'get',
      path: '/v1/coupons/{id}/redemptions',
      tag: TAG,
      auth: 'coach',
      summary: 'List who has used a coupon',
      description:
        'The purchases that were made here with it, as Stripe says them: with which code, by whom, when, and what it took off the first payment. What is given in the Stripe Dashboard is counted in `timesRedeemed` only.',
      params,
      query: z.strictObject(page),
      answers: { 200: { description: 'A page of redemptions', schema: listOf(redemptionSchema) } },
      async handler({ auth, params, query }) {
        const { coachId, mode } = auth;
        await expectCoupon(db, auth, params.id);
        const { after, order } = pageArgs(query);
        const rows = await db.checkout.findMany({
          where: { coachId, mode, couponId: params.id, status: 'completed', ...after },
          include: { promotionCode: { select: { code: true } }, membership: { select: { id: true } } },
          ...order,
        });
        return answer(
          200,
          pageOf(rows, query.limit, (row) => ({
            checkoutId: row.id,
            couponId: params.id,
            promotionCodeId: row.promotionCodeId,
            code: row.promotionCode?.code ?? null,
            memberId: row.memberId,
            membershipId: row.membership?.id ?? null,
            productId: row.productId,
            amount: row.discountAmount ?? 0,
            currency: row.currency,
            redeemedAt: isoTime(row.endedAt ?? row.createdAt),
          })),
        );
      },
    }),
  ];
}

/** @throws ProblemError `invalid_request` with the field */
export function refuse(problem: { field: string; message: string } | null): void {
  if (problem !== null) throw new ProblemError('invalid_request', problem.message, { field: problem.field });
}
