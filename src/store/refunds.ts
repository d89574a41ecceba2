import type { Tx } from '../db/client';
import type { Payment, Refund } from '../db/generated/client';
import { newId } from '../domain/ids';
import { formatMoney } from '../domain/money';
import type { PaymentSeen } from '../domain/payments';
import { ProblemError } from '../domain/problem';
import {
  amountToRefund,
  choicesOf,
  GAVE_NOTHING,
  nothingPaid,
  type RefundReason,
  whyRefused,
} from '../domain/refund';
import type { RefundFacts } from '../domain/stripe-facts';
import { type Seconds, toDate } from '../domain/time';
import type { TimelineKind } from '../domain/timeline';
import { hintId, insertHints } from './hints';

type Of = Pick<Payment, 'coachId' | 'mode' | 'accountId' | 'membershipId'>;

/**
 * Writes down what goes back of payments, as Stripe has it: of those that were asked for here what became of them, and
 * those that were made elsewhere. Reads nothing where nothing has gone back.
 */
export async function recordRefunds(tx: Tx, of: Of, seen: readonly PaymentSeen[]): Promise<void> {
  const all = seen.flatMap(({ stripeId, refunds }) => refunds.map((refund) => ({ ...refund, stripeId })));
  if (all.length === 0) return;
  const { coachId, mode, accountId } = of;
  const ofPayments = { mode, accountId, paymentId: { in: all.map(({ stripeId }) => stripeId) } };
  const [rows, payments] = await Promise.all([
    tx.refund.findMany({ where: ofPayments }),
    tx.payment.findMany({ where: { mode, accountId, stripeId: { in: ofPayments.paymentId.in }, coachId } }),
  ]);
  let hasFailed = false;
  for (const refund of all) {
    const payment = payments.find(({ stripeId }) => stripeId === refund.stripeId);
    if (payment === undefined) continue;
    const row =
      rows.find(({ stripeRefundId }) => stripeRefundId === refund.id) ??
      rows.find(({ id, stripeRefundId }) => stripeRefundId === null && id === refund.refundId);
    const data = columnsOf(refund);
    if (row === undefined) {
      await tx.refund.createMany({
        skipDuplicates: true,
        data: [
          {
            ...{ id: newId('refund'), coachId, mode, accountId, paymentId: refund.stripeId },
            ...{ currency: payment.currency, askedHere: refund.refundId !== null },
            ...data,
            createdAt: toDate(refund.createdAt),
          },
        ],
      });
      continue;
    }
    // Its run is at work on it, and writes down what becomes of it.
    if (row.status === 'requested') continue;
    const isKnown = row.stripeRefundId === refund.id;
    if (isKnown && row.status === data.status && row.amount === data.amount) continue;
    row.stripeRefundId = refund.id;
    await tx.refund.update({ where: { id: row.id }, data });
    hasFailed ||= GAVE_NOTHING.includes(data.status) && row.access !== null;
  }
  if (hasFailed && of.membershipId !== null) await writeChoices(tx, { ...of, membershipId: of.membershipId });
}

function columnsOf({ id, status, amount, reason, failure }: RefundFacts) {
  return {
    stripeRefundId: id,
    status,
    amount,
    reason,
    failureCode: failure,
    failureMessage:
      failure === null
        ? null
        : `The bank could not take the money (${failure}); it is back in the Stripe balance.`,
  };
}

/** Says for each payment of a membership what was chosen last, so that every look knows. */
async function writeChoices(tx: Tx, of: Of & { membershipId: string }): Promise<void> {
  const { coachId, mode, accountId, membershipId } = of;
  const refunds = await tx.refund.findMany({
    where: { coachId, mode, accountId, access: { not: null }, payment: { membershipId } },
    orderBy: [{ requestedAt: 'asc' }, { id: 'asc' }],
  });
  await tx.membership.update({
    where: { id: membershipId },
    data: { refundChoices: { ...choicesOf(refunds) } },
  });
}

/** What a coach asks for. */
export interface AskedRefund {
  id: string;
  /** Minor units; null: all that is left. */
  amount: number | null;
  reason: RefundReason | null;
  /** What becomes of the access, should all that was paid for the newest period have gone back. */
  access: 'keep' | 'end';
}

/**
 * Writes down that a payment is to go back, with what was chosen about access; its run does it. A look that is under way
 * begins again, as the membership's revision rises.
 * @returns the row; the one that is there already where the request is repeated
 * @throws ProblemError `payment_not_refundable`, `refund_too_large`, `refund_in_progress`, `invalid_request`
 */
export async function askForRefund(
  tx: Tx,
  payment: Payment,
  asked: AskedRefund,
  now: Seconds,
): Promise<Refund> {
  const { coachId, mode, accountId, stripeId, membershipId, currency } = payment;
  if (membershipId === null) throw nothingPaid(payment.status);
  // Locks the membership: two who ask at once ask one after the other, and looks begin again.
  await tx.membership.update({ where: { id: membershipId }, data: { revision: { increment: 1 } } });
  const repeated = await tx.refund.findUnique({ where: { id: asked.id } });
  if (repeated !== null) return repeated;
  const present = await tx.payment.findUniqueOrThrow({
    where: { mode_accountId_stripeId: { mode, accountId, stripeId } },
    include: { refunds: true },
  });
  if (present.status !== 'succeeded') throw nothingPaid(present.status);
  const underWay = present.refunds.find(({ status }) => status === 'requested');
  if (underWay !== undefined)
    throw new ProblemError(
      'refund_in_progress',
      `A refund of ${formatMoney(underWay.amount, currency)} of this payment is being made.`,
      { refundId: underWay.id },
    );
  const amount = amountToRefund(asked.amount, leftOf(present), currency);
  const row = await tx.refund.create({
    data: {
      ...{ id: asked.id, coachId, mode, accountId, paymentId: stripeId, currency, amount },
      ...{ reason: asked.reason, access: asked.access, askedHere: true },
      ...{ status: 'requested', createdAt: toDate(now) },
    },
  });
  await writeChoices(tx, { coachId, mode, accountId, membershipId });
  await noteRefund(tx, row, present, 'refund_requested', now, 'person');
  return row;
}

/**
 * What is left of a payment, as far as it is known here: what Stripe has, and what was made since the last look.
 * Minor units.
 */
export function leftOf({
  amount,
  amountRefunded,
  refunds,
}: Payment & { refunds: readonly Refund[] }): number {
  const known = refunds
    .filter(({ status }) => !GAVE_NOTHING.includes(status) && status !== 'requested')
    .reduce((sum, refund) => sum + refund.amount, 0);
  return Math.max(0, amount - Math.max(amountRefunded, known));
}

/** What became of it at Stripe. */
export type RefundOutcome = { refund: RefundFacts } | { refused: string | null; message?: string };

/** Writes down what became of a refund that was asked for here, and has its membership looked at. */
export async function settleRefund(
  tx: Tx,
  refundId: string,
  outcome: RefundOutcome,
  now: Seconds,
  run: { workflowId: string; runId: string } | null,
): Promise<void> {
  const row = await tx.refund.findUniqueOrThrow({ where: { id: refundId }, include: { payment: true } });
  const { coachId, mode, accountId, payment } = row;
  const { membershipId } = payment;
  // The same order as everywhere: the membership, then what belongs to it.
  if (membershipId !== null)
    await tx.membership.update({ where: { id: membershipId }, data: { revision: { increment: 1 } } });
  if ('refused' in outcome) {
    const { count } = await tx.refund.updateMany({
      where: { id: refundId, status: 'requested' },
      data: {
        status: 'refused',
        failureCode: outcome.refused,
        failureMessage: outcome.message ?? whyRefused(outcome.refused),
      },
    });
    if (count === 0) return;
    if (membershipId !== null) await writeChoices(tx, { coachId, mode, accountId, membershipId });
    await noteRefund(tx, row, payment, 'refund_refused', now, 'system', run);
    return;
  }
  const { count } = await tx.refund.updateMany({
    where: { id: refundId, status: 'requested' },
    data: columnsOf(outcome.refund),
  });
  if (count === 1) await noteRefund(tx, row, payment, 'refund_made', now, 'system', run);
  if (membershipId === null) return;
  const eventId = hintId('internal.refunded', refundId, 0);
  await insertHints(tx, [
    { mode, accountId, type: 'internal.refunded', eventId, target: { kind: 'membership', id: membershipId } },
  ]);
}

const EFFECTS = {
  refund_requested: 'The coach gives money back; Stripe is asked for it.',
  refund_made: 'Stripe has taken the refund.',
  refund_refused: 'Nothing went back.',
} as const satisfies Partial<Record<TimelineKind, string>>;

async function noteRefund(
  tx: Tx,
  { id, amount, currency, access }: Refund,
  { coachId, mode, memberId, membershipId, productId, stripeId }: Payment,
  kind: keyof typeof EFFECTS,
  at: Seconds,
  cause: 'person' | 'system',
  run: { workflowId: string; runId: string } | null = null,
): Promise<void> {
  await tx.timelineEntry.create({
    data: {
      ...{ coachId, mode, memberId, membershipId, productId },
      ...{ at: toDate(at), kind, cause, effect: EFFECTS[kind] },
      details: { refundId: id, paymentId: stripeId, amount, currency, access },
      workflowId: run?.workflowId ?? null,
      runId: run?.runId ?? null,
    },
  });
}
