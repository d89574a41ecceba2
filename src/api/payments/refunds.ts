import { z } from 'zod';
import { REFUND_REASONS } from '../../domain/refund';
import { askForRefund } from '../../store/refunds';
import { readPolicy } from '../../store/policy';
import type { ApiDeps } from '../deps';
import { answer, route, type Route } from '../http/route';
import { amount } from '../http/schemas';
import { whenSettled } from '../http/wait';
import { expectPayment, params, TAG } from './payments';
import { previewRefund, refundPreviewSchema } from './refund-preview';
import { refundSchema, refundView } from './view';

/** Milliseconds that a request waits for Temporal; the row is there, so a run comes anyhow. */
const TEMPORAL_TIMEOUT_MS = 5_000;
/** Seconds that a request waits for what Stripe says. */
const WAIT_SECONDS = 10;

const asked = {
  amount: amount.optional().meta({ description: 'Minor units; all that is left unless told' }),
  keepAccess: z.boolean().optional().meta({
    description:
      'Whether access, and the charging of a subscription, go on when all that was paid for the newest period has gone back. Your setting `keepAfterRefund` unless told. It counts for this payment from now on, until another refund of it says otherwise',
  }),
  reason: z.enum(REFUND_REASONS).optional().meta({
    description: 'Stripe’s reason. `fraudulent` also adds the card and the address to Stripe’s block lists',
  }),
};
const PROBLEMS = [
  'payment_not_refundable',
  'refund_too_large',
  'not_connected',
  'stripe_refused',
  'stripe_unavailable',
];

/** Giving money back. https://docs.stripe.com/refunds */
export function refundRoutes(deps: ApiDeps): Route[] {
  const { db, clock, workflows } = deps;
  return [
    route({
      method: 'post',
      path: '/v1/payments/{id}/refund/preview',
      tag: TAG,
      auth: 'coach',
      summary: 'What a refund would do to access, and to the subscription',
      description:
        'By what Stripe says now, and by the rules that every later look goes by. Takes the same body as the refund, and changes nothing.',
      params,
      body: z.strictObject(asked),
      answers: { 200: { description: 'The preview', schema: refundPreviewSchema } },
      problems: PROBLEMS,
      async handler({ auth, params, body }) {
        const payment = await expectPayment(deps, auth, params.id);
        const { amount = null, keepAccess } = body;
        return answer(200, await previewRefund(deps, payment, { amount, keepAccess }));
      },
    }),
    route({
      method: 'post',
      path: '/v1/payments/{id}/refunds',
      tag: TAG,
      auth: 'coach',
      summary: 'Refund a payment, in full or in part',
      description:
        'One at a time for a payment; Stripe is asked for exactly this amount, or nothing goes back. The answer waits a few seconds for what Stripe says: `requested` means that it is still being asked (GET /v1/payments/{id}), `refused` that it said no, and why.',
      params,
      body: z.strictObject(asked),
      answers: { 201: { description: 'The refund', schema: refundSchema } },
      problems: ['payment_not_refundable', 'refund_too_large', 'refund_in_progress'],
      async handler({ auth, params, body, newId, log }) {
        const payment = await expectPayment(deps, auth, params.id);
        const { coachId, mode, accountId, memberId } = payment;
        const [now, policy] = await Promise.all([clock.now(mode, accountId), readPolicy(db, coachId, mode)]);
        const wanted = {
          id: newId('refund'),
          amount: body.amount ?? null,
          reason: body.reason ?? null,
          access: (body.keepAccess ?? policy.keepAfterRefund) ? ('keep' as const) : ('end' as const),
        };
        const row = await db.$transaction((tx) => askForRefund(tx, payment, wanted, now));
        // Where Temporal is down, the worker's sweep starts its run later.
        await workflows
          .withDeadline(TEMPORAL_TIMEOUT_MS, () =>
            workflows.startRefund(row.id, { coachId, mode, accountId, memberId }),
          )
          .catch((error: unknown) => {
            log.warn(
              { refundId: row.id, err: error instanceof Error ? error.name : 'unknown' },
              'A refund waits for its run',
            );
          });
        const present = await whenSettled(
          WAIT_SECONDS,
          () => db.refund.findUniqueOrThrow({ where: { id: row.id } }),
          ({ status }) => status !== 'requested',
        );
        return answer(201, refundView(present));
      },
    }),
  ];
}
