import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { pageArgs, pageOf } from '../http/paging';
import { answer, type CoachAuth, route, type Route } from '../http/route';
import { listOf, page } from '../http/schemas';
import { withBeside } from './beside';
import { filters, whereOf } from './filters';
import { paymentSchema, paymentView, type WholePayment, wholePaymentSchema, wholePaymentView } from './view';

export const TAG = 'Payments';

/** An id of Stripe's, of an invoice or a payment. */
export const params = z.strictObject({
  id: z
    .string()
    .regex(/^(in|pi)_[A-Za-z0-9_]{1,250}$/, 'must be an id that begins with in_ or pi_')
    .meta({ example: 'in_1QxYzABCDEFGHIJKLMNOP' }),
});

/** One of the coach's payments, with its refunds. @throws ProblemError `not_found` */
export async function expectPayment(
  { db }: ApiDeps,
  { coachId, mode }: CoachAuth,
  stripeId: string,
): Promise<WholePayment> {
  const row = await db.payment.findFirst({
    where: { coachId, mode, stripeId },
    include: { member: true, product: true, refunds: true, membership: { include: { checkout: true } } },
  });
  if (row === null) throw new ProblemError('not_found', 'There is no payment with this id.');
  const [whole] = await withBeside(db, [row]);
  if (whole === undefined) throw new Error('One payment, one view');
  return whole;
}

/** What members have paid, or are to pay, for the coach to look at: from Postgres alone. */
export function paymentRoutes(deps: ApiDeps): Route[] {
  const { db } = deps;
  return [
    route({
      method: 'get',
      path: '/v1/payments',
      tag: TAG,
      auth: 'coach',
      summary: 'List or search the payments',
      description:
        'What was paid, is on its way, or has failed: the invoices of subscriptions, and the payments of what is bought once. As of the last look at each purchase.',
      query: z.strictObject({ ...page, ...filters }),
      answers: { 200: { description: 'A page of payments', schema: listOf(paymentSchema) } },
      async handler({ auth, query }) {
        const { after, order } = pageArgs(query, { at: 'paidAt', id: 'stripeId' });
        const rows = await db.payment.findMany({
          where: { AND: [await whereOf(db, auth, query), after] },
          include: { member: true, product: true },
          ...order,
        });
        return answer(
          200,
          pageOf(
            (await withBeside(db, rows)).map((row) => ({ ...row, createdAt: row.paidAt, id: row.stripeId })),
            query.limit,
            paymentView,
          ),
        );
      },
    }),
    route({
      method: 'get',
      path: '/v1/payments/{id}',
      tag: TAG,
      auth: 'coach',
      summary: 'Read a payment, with its refunds',
      params,
      answers: { 200: { description: 'The payment', schema: wholePaymentSchema } },
      handler: async ({ auth, params }) =>
        answer(200, wholePaymentView(await expectPayment(deps, auth, params.id))),
    }),
  ];
}
