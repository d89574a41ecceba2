import { activityInfo } from '@temporalio/activity';
import type { Refund } from '../db/generated/client';
import { formatMoney } from '../domain/money';
import type { PaymentRefundInput } from '../messages/messages';
import { type RefundOutcome, settleRefund } from '../store/refunds';
import { finalRefusalOf, toActivityFailure } from '../stripe/errors';
import { refundPayment } from '../stripe/payment-refund';
import type { ActivityDeps } from './deps';

/** How a refund stands, for its run and for operators. */
export interface RefundState {
  status: Refund['status'];
  waitsFor: string;
  accountId: string;
  memberId: string;
}

const WAITS_FOR: Partial<Record<Refund['status'], string>> = {
  requested: 'Stripe, which is asked for the refund.',
  refused: 'Nothing: it was refused, and the coach is told why.',
};

/** Activities of a refund that a coach has asked for. */
export function createPaymentRefundActivities(deps: ActivityDeps) {
  const { db, clock } = deps;

  const load = ({ refundId }: PaymentRefundInput) =>
    db.refund.findUniqueOrThrow({ where: { id: refundId }, include: { payment: true } });

  async function present(input: PaymentRefundInput): Promise<RefundState> {
    const { status, accountId, payment } = await load(input);
    const waitsFor = WAITS_FOR[status] ?? 'Nothing: Stripe has taken it.';
    return { status, waitsFor, accountId, memberId: payment.memberId };
  }

  async function settle(input: PaymentRefundInput, outcome: RefundOutcome): Promise<RefundState> {
    const { mode, accountId } = await load(input);
    const now = await clock.now(mode, accountId);
    const run = activityInfo().workflowExecution ?? null;
    await db.$transaction((tx) => settleRefund(tx, input.refundId, outcome, now, run));
    return present(input);
  }

  return {
    /** How it stands. */
    lookAtRefund: present,

    /** Has it made at Stripe, and writes down what became of it. @throws what may be tried again */
    async makeRefund(input: PaymentRefundInput): Promise<RefundState> {
      const row = await load(input);
      const { id, status, paymentId, amount, reason, currency, accountId } = row;
      if (status !== 'requested') return present(input);
      const client = { stripe: deps.stripe.of(row.mode), accountId };
      let outcome: RefundOutcome;
      try {
        const done = await refundPayment(client, { id, paymentId, amount, reason });
        const [refund] = 'made' in done ? done.made : [];
        outcome =
          refund === undefined
            ? {
                refused: 'refund_too_large',
                message: whyTooLarge('left' in done ? done.left : 0, currency),
              }
            : { refund };
      } catch (error) {
        const refusal = finalRefusalOf(error);
        if (refusal === null) throw toActivityFailure(error);
        deps.log.warn({ refundId: id, accountId, code: refusal.code }, 'Stripe refused a refund');
        outcome = { refused: refusal.code };
      }
      return settle(input, outcome);
    },

    /** It could not be made in time; should Stripe have made it all the same, the next look finds it. */
    async giveUpRefund(input: PaymentRefundInput & { code: string }): Promise<RefundState> {
      return settle(input, {
        refused: input.code,
        message:
          'Stripe could not be reached for a day. Look at the payment in the Stripe Dashboard before you try again.',
      });
    },
  };
}

const whyTooLarge = (left: number, currency: string) =>
  left === 0
    ? 'Nothing of this payment is left at Stripe: it has gone back already, or was not paid through Stripe.'
    : `Of this payment only ${formatMoney(left, currency)} is left at Stripe: some of it has gone back meanwhile.`;
