import { z } from 'zod';
import type { ApiDeps } from '../deps';
import { timelineOf, timelinePage, timelineQuery } from '../members/timeline';
import { pageOf } from '../http/paging';
import { toProblemError } from '../http/problem';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { listOfMember } from '../members/records';
import { membershipSchema, membershipView } from './view';
import { createMembershipActions } from './actions';
import { priceChangeBody } from './price-change';
import { previewSchema } from './price-change-preview';
import { id, listOf, moment, nothing, page, text } from '../http/schemas';

const TAG = 'Memberships';

/** Why another price or quantity is refused, by the change and by its preview alike. */
const PROBLEMS_OF_A_CHANGE = [
  'membership_ended',
  'membership_not_subscription',
  'membership_in_installments',
  'membership_paused',
  'membership_disputed',
  'membership_payment_due',
  'membership_items_unclear',
  'payment_declined',
  'price_not_active',
  'not_connected',
  'stripe_refused',
  'stripe_unavailable',
];

/** What every change of a subscription answers, and why it may be refused. */
const change = {
  answers: { 200: { description: 'The membership after it', schema: membershipSchema } },
  problems: [
    'membership_ended',
    'membership_not_subscription',
    'membership_in_installments',
    'not_connected',
    'stripe_refused',
    'stripe_unavailable',
  ],
} satisfies Pick<Route, 'answers' | 'problems'>;

/** The lives of purchases and subscriptions. */
export function membershipRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  const params = z.strictObject({ id: id('msp') });
  const actions = createMembershipActions(deps);
  const present = async (auth: CoachAuth, membershipId: string) =>
    answer(200, membershipView(await actions.expectMembership(auth, membershipId)));

  return [
    route({
      method: 'get',
      path: '/v1/memberships',
      tag: TAG,
      auth: 'coach',
      summary: 'List the memberships',
      query: z.strictObject({
        ...page,
        member: text(200).optional().meta({ description: "Our id for the member, or the coach's own" }),
        product: id('pdt').optional(),
        status: membershipSchema.shape.status.optional(),
        differs: z
          .literal('true')
          .optional()
          .meta({ description: 'Only those that differed from Stripe when they were last compared' }),
      }),
      answers: { 200: { description: 'A page of memberships', schema: listOf(membershipSchema) } },
      async handler({ auth, query }) {
        const asked = await listOfMember(db, auth, query);
        if (asked === null) return answer(200, { data: [], nextCursor: null });
        const rows = await db.membership.findMany({
          where: {
            ...asked.where,
            ...(query.product === undefined ? {} : { productId: query.product }),
            ...(query.status === undefined ? {} : { status: query.status }),
            ...(query.differs === undefined ? {} : { differsSince: { not: null } }),
          },
          include: { grants: true },
          ...asked.order,
        });
        return answer(200, pageOf(rows, query.limit, membershipView));
      },
    }),
    route({
      method: 'get',
      path: '/v1/memberships/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a membership',
      params,
      answers: { 200: { description: 'The membership', schema: membershipSchema } },
      handler: ({ auth, params }) => present(auth, params.id),
    }),
    route({
      method: 'get',
      path: '/v1/memberships/{id}/timeline',
      tag: TAG,
      auth: 'coach',
      summary: 'All that happened to a membership, and to the checkout that it began with',
      params,
      query: timelineQuery,
      answers: { 200: { description: 'A page of the timeline', schema: timelinePage } },
      async handler({ auth, params, query }) {
        const { body } = await present(auth, params.id);
        const where = { OR: [{ membershipId: body.id }, { checkoutId: body.checkoutId }] };
        return answer(200, await timelineOf(db, auth, where, query));
      },
    }),
    route({
      method: 'post',
      path: '/v1/memberships/{id}/cancel',
      tag: TAG,
      auth: 'coach',
      summary: 'Cancel a subscription, now or at the end of the paid period',
      params,
      body: z.strictObject({
        at: z.enum(['now', 'period_end']).meta({ description: 'When charging, and access with it, ends' }),
      }),
      ...change,
      async handler({ auth, params, body, requestId, isTakenOver }) {
        try {
          await actions.cancel(auth, params.id, { requestId, at: body.at });
        } catch (error) {
          // What this request's first try has ended is what it asks for.
          const isDone =
            isTakenOver && body.at === 'now' && toProblemError(error)?.code === 'membership_ended';
          if (!isDone) throw error;
        }
        return present(auth, params.id);
      },
    }),
    route({
      method: 'post',
      path: '/v1/memberships/{id}/resume',
      tag: TAG,
      auth: 'coach',
      summary: 'Take a cancellation that is still ahead, or a pause, back',
      description:
        'A membership whose trial ended without a way to pay begins with its first payment, once the member has given a card (the portal).',
      params,
      body: nothing,
      ...change,
      async handler({ auth, params, requestId }) {
        await actions.resume(auth, params.id, { requestId });
        return present(auth, params.id);
      },
    }),
    route({
      method: 'post',
      path: '/v1/memberships/{id}/pause',
      tag: TAG,
      auth: 'coach',
      summary: 'Pause the collection of payments',
      description:
        'Access lasts to the end of what was paid; the invoices of the pause are void. `resume` ends it, or `until`.',
      params,
      body: z.strictObject({
        until: moment.nullable().optional().meta({
          description:
            'When Stripe resumes by itself; null: when told. Left out: when told, and a pause that there is already keeps its end',
        }),
      }),
      ...change,
      async handler({ auth, params, body, requestId }) {
        await actions.pause(auth, params.id, { requestId, until: body.until });
        return present(auth, params.id);
      },
    }),
    route({
      method: 'post',
      path: '/v1/memberships/{id}/change-price',
      tag: TAG,
      auth: 'coach',
      summary: 'Move a membership to another price or quantity of its product',
      description:
        'With `prorate` the difference of the running period is charged or credited at once; without it the new price counts from the next period on.',
      params,
      body: priceChangeBody,
      answers: { 200: { description: 'The membership after it', schema: membershipSchema } },
      problems: PROBLEMS_OF_A_CHANGE,
      async handler({ auth, params, body, requestId }) {
        await actions.changePrice(auth, params.id, body, requestId);
        return present(auth, params.id);
      },
    }),
    route({
      method: 'post',
      path: '/v1/memberships/{id}/change-price/preview',
      tag: TAG,
      auth: 'coach',
      summary: 'What another price or quantity would cost, now and next',
      description:
        'Calculated by Stripe; nothing changes. Send `prorationDate` of the answer along with the same body to `change-price`, and exactly what was shown is charged.',
      params,
      body: priceChangeBody,
      answers: { 200: { description: 'The preview', schema: previewSchema } },
      problems: PROBLEMS_OF_A_CHANGE,
      async handler({ auth, params, body }) {
        return answer(200, await actions.previewPrice(auth, params.id, body));
      },
    }),
  ];
}
