import { z } from 'zod';
import type { Checkout, CheckoutItem } from '../../db/generated/client';
import { CHECKOUT_STATUSES, isClosed } from '../../domain/checkout';
import { CONSENT_KINDS } from '../../domain/withdrawal';
import { ProblemError } from '../../domain/problem';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { cancelOpen } from './run';
import { openCheckout } from './opening';
import type { ApiDeps } from '../deps';
import { closeUnverifiable } from './unverifiable';
import { pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { ensureMember, listOfMember } from '../members/records';
import { withOutcome } from './return-page';
import {
  currency,
  externalId,
  id,
  listOf,
  memberRef,
  nothing,
  page,
  text,
  time,
  webAddress,
} from '../http/schemas';
import { promotionCodeWord } from '../coupons/word';
import { wait, whenSettled } from '../http/wait';

const TAG = 'Checkouts';

const checkoutSchema = z
  .object({
    id: z.string().meta({ example: 'chk_3kTMd0fWbJ9xQeN4vYzA' }),
    status: z.enum(CHECKOUT_STATUSES).meta({
      description:
        '`open`: waits for the member. `pending`: ordered, the money is on its way. `needs_review`: money came that does not match what was sold; look at it in Stripe. `unverifiable`: the account was disconnected, or the session deleted at Stripe, before the outcome was known. `refunding`, `refunded`: the payment came when all seats were taken, and goes back.',
    }),
    url: z.string().nullable().meta({
      description:
        "Where to send the member: Stripe's hosted page, while it is open; of what is free, the success address",
    }),
    productId: z.string(),
    priceId: z.string(),
    memberId: z.string().nullable(),
    membershipId: z
      .string()
      .nullable()
      .meta({ description: 'What came of it, once it is completed; null for what is free' }),
    grantId: z.string().nullable().meta({ description: 'The access that came of something free' }),
    quantity: z.int(),
    unitAmount: z.int().meta({ description: 'Minor units, for one' }),
    currency,
    recurring: z.boolean(),
    successUrl: z.string(),
    cancelUrl: z.string(),
    couponId: z
      .string()
      .nullable()
      .meta({ description: 'The coupon that makes it cheaper: as it was brought, then as it was paid with' }),
    promotionCodeId: z.string().nullable(),
    discountAmount: z.int().nullable().meta({
      description: 'Minor units off the first payment; null until it is completed, and without a coupon',
    }),
    beside: z
      .array(
        z.object({ priceId: z.string(), productId: z.string(), unitAmount: z.int(), taken: z.boolean() }),
      )
      .meta({ description: "What is offered beside on Stripe's page, and whether it was taken and paid" }),
    expiresAt: time.nullable(),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Checkout' });

type Row = Checkout & {
  membership: { id: string } | null;
  grant: { id: string } | null;
  beside: CheckoutItem[];
};
const withOutcomes = {
  membership: { select: { id: true } },
  grant: { select: { id: true } },
  beside: { orderBy: { position: 'asc' } },
} as const;

const view = (row: Row) => ({
  id: row.id,
  status: row.status,
  url: row.status === 'open' ? row.url : row.accountId === null ? withOutcome(row.successUrl, row) : null,
  productId: row.productId,
  priceId: row.priceId,
  memberId: row.memberId,
  membershipId: row.membership?.id ?? null,
  grantId: row.grant?.id ?? null,
  quantity: row.quantity,
  unitAmount: row.unitAmount,
  currency: row.currency,
  recurring: row.recurring,
  successUrl: row.successUrl,
  cancelUrl: row.cancelUrl,
  couponId: row.couponId,
  promotionCodeId: row.promotionCodeId,
  discountAmount: row.discountAmount,
  beside: row.beside.map(({ priceId, productId, unitAmount, takenAt }) => ({
    ...{ priceId, productId, unitAmount },
    taken: takenAt !== null,
  })),
  expiresAt: isoTimeOrNull(row.expiresAt),
  failure:
    row.failureCode === null
      ? null
      : { code: row.failureCode, message: row.failureMessage ?? row.failureCode },
  createdAt: isoTime(row.createdAt),
  endedAt: isoTimeOrNull(row.endedAt),
});

/** Statuses of a query. */
const statuses = z
  .string()
  .transform((value) => value.split(','))
  .pipe(z.array(checkoutSchema.shape.status).min(1));
const ONE = `(${CHECKOUT_STATUSES.join('|')})`;

/** How many of a thing one purchase may be of. */
export const quantity = z.int().min(1, 'must be at least 1').max(999, 'must be at most 999');

/** Purchases under way, and what became of them. */
export function checkoutRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const params = z.strictObject({ id: id('chk') });
  const expectCheckout = async ({ coachId, mode }: CoachAuth, checkoutId: string): Promise<Row> => {
    const row = await db.checkout.findFirst({
      where: { id: checkoutId, coachId, mode },
      include: withOutcomes,
    });
    if (row === null) throw new ProblemError('not_found', 'There is no checkout with this id.');
    return row;
  };
  return [
    route({
      method: 'post',
      path: '/v1/checkouts',
      tag: TAG,
      auth: 'coach',
      summary: 'Open a checkout for a member',
      description:
        "Answers with the address of Stripe's hosted page: send the member there. Clicking twice gives the same checkout; another price, quantity or currency closes the old one first. What is free is given at once: the checkout is `completed`, and its address is the success address.",
      body: z.strictObject({
        priceId: id('amt'),
        member: z
          .union([externalId, memberRef])
          .meta({ description: 'Your id for the member, or `{ id | externalId, email? }`' }),
        quantity: quantity.default(1),
        currency: currency.optional().meta({
          description: 'One of the currencies of the price; its own unless told',
        }),
        successUrl: webAddress.optional().meta({ description: 'The default of the settings unless told' }),
        cancelUrl: webAddress.optional().meta({ description: 'The default of the settings unless told' }),
        promotionCode: promotionCodeWord.optional().meta({
          description:
            "A promotion code for the buyer, on any price that can be made cheaper. Nothing else can be typed on Stripe's page then",
        }),
        consent: z
          .strictObject({ kind: z.enum(CONSENT_KINDS), text: text(2000) })
          .optional()
          .meta({
            description:
              'What your own page has asked the buyer to agree to, in the words that they saw: that a service begins at once, or that the right of withdrawal from digital content is lost',
          }),
      }),
      answers: {
        200: { description: 'The checkout that was open already', schema: checkoutSchema },
        201: { description: 'The checkout, open', schema: checkoutSchema },
      },
      problems: [
        'not_found',
        'product_archived',
        'price_not_active',
        'sales_not_started',
        'sales_ended',
        'not_connected',
        'mode_off',
        'charges_not_enabled',
        'redirect_not_allowed',
        'already_subscribed',
        'already_owned',
        'payment_open',
        'amount_too_small',
        'checkout_in_progress',
        'free_already_had',
        'sold_out',
        'promotion_code_refused',
        'too_many_holds',
        'stripe_refused',
        'stripe_unavailable',
      ],
      async handler({ auth, body, newId }) {
        const ref = typeof body.member === 'string' ? { externalId: body.member } : body.member;
        const { checkoutId, created } = await openCheckout(
          deps,
          {
            coachId: auth.coachId,
            mode: auth.mode,
            priceId: body.priceId,
            async buyer() {
              const owner = { coachId: auth.coachId, mode: auth.mode };
              const { member } = await ensureMember(db, owner, ref, () => newId('member'));
              return { kind: 'member', memberId: member.id };
            },
            quantity: body.quantity,
            currency: body.currency,
            successUrl: body.successUrl,
            cancelUrl: body.cancelUrl,
            keyId: auth.keyId,
            addressHash: null,
            consent: body.consent ?? null,
            promotionCode: body.promotionCode ?? null,
          },
          () => newId('checkout'),
        );
        const row = view(await expectCheckout(auth, checkoutId));
        return created ? answer(201, row) : answer(200, row);
      },
    }),
    route({
      method: 'get',
      path: '/v1/checkouts',
      tag: TAG,
      auth: 'coach',
      summary: 'List the checkouts',
      query: z.strictObject({
        ...page,
        member: text(200).optional().meta({ description: "Our id for the member, or the coach's own" }),
        status: statuses.optional().meta({
          pattern: `^${ONE}(,${ONE})*$`,
          description:
            'One or several, with commas between: `pending,failed` lists the payments that are on their way and those that did not come',
        }),
      }),
      answers: { 200: { description: 'A page of checkouts', schema: listOf(checkoutSchema) } },
      async handler({ auth, query }) {
        const asked = await listOfMember(db, auth, query);
        if (asked === null) return answer(200, { data: [], nextCursor: null });
        const rows = await db.checkout.findMany({
          where: {
            ...asked.where,
            ...(query.status === undefined ? {} : { status: { in: query.status } }),
          },
          include: withOutcomes,
          ...asked.order,
        });
        return answer(200, pageOf(rows, query.limit, view));
      },
    }),
    route({
      method: 'get',
      path: '/v1/checkouts/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a checkout',
      description: 'With `wait`, once its outcome is known: it was completed, say, or has expired.',
      params,
      query: z.strictObject(wait),
      answers: { 200: { description: 'The checkout', schema: checkoutSchema } },
      async handler({ auth, params, query }) {
        const row = await whenSettled(
          query.wait,
          () => expectCheckout(auth, params.id),
          ({ status }) => isClosed(status),
        );
        return answer(200, view(row));
      },
    }),
    route({
      method: 'post',
      path: '/v1/checkouts/{id}/cancel',
      tag: TAG,
      auth: 'coach',
      summary: 'Close an open checkout',
      description:
        'Expires the session at Stripe. A member who pays at that very moment wins: the answer says `completed` then. One that is `unverifiable` is given up, and its seat with it; if it turns out to be paid later, that is recorded all the same.',
      params,
      body: nothing,
      answers: { 200: { description: 'The checkout, closed', schema: checkoutSchema } },
      problems: ['checkout_not_open', 'not_connected', 'stripe_refused', 'stripe_unavailable'],
      async handler({ auth, params, requestId }) {
        const row = await expectCheckout(auth, params.id);
        // Cancelling twice is no mistake.
        if (row.status === 'cancelled') return answer(200, view(row));
        if (row.status === 'unverifiable') {
          await closeUnverifiable(deps, auth, row);
          return answer(200, view(await expectCheckout(auth, params.id)));
        }
        if (isClosed(row.status) || row.status === 'pending')
          throw new ProblemError('checkout_not_open', `The checkout is ${row.status}.`);
        await cancelOpen(deps, row, requestId);
        return answer(200, view(await expectCheckout(auth, params.id)));
      },
    }),
  ];
}
