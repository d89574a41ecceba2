import { formatMoney, stepOf } from './money';
import type { MembershipEvidence, RefundChoices } from './membership-facts';
import type { PaymentStatus } from './payments';
import { ProblemError } from './problem';
import { REFUNDS_AT_STRIPE } from './stripe-facts';

/** Refunds of payments, asked for by the coach: what may go back, what is decided about access, and why Stripe says no. */

/** https://docs.stripe.com/api/refunds/create#create_refund-reason */
export const REFUND_REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** Stripe's words, between ours for before and instead. */
export const REFUND_STATUSES = ['requested', ...REFUNDS_AT_STRIPE, 'refused'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** Nothing went back, or it came back. */
export const GAVE_NOTHING: readonly RefundStatus[] = ['failed', 'canceled', 'refused'];

/** The newest choice of each payment counts, of those refunds that gave something back or are about to. */
export function choicesOf(
  refunds: readonly { paymentId: string; status: RefundStatus; access: 'keep' | 'end' | null }[],
): RefundChoices {
  return Object.fromEntries(
    refunds.flatMap(({ paymentId, status, access }) =>
      access === null || GAVE_NOTHING.includes(status) ? [] : [[paymentId, access]],
    ),
  );
}

/** Where the coach has chosen to leave the access, a refund counts for nothing in all that decides about it. */
export function asChosen(evidence: MembershipEvidence, choices: RefundChoices): MembershipEvidence {
  const isKept = (id: string) => choices[id] === 'keep';
  switch (evidence.kind) {
    case 'unreadable':
      return evidence;
    case 'payment': {
      const { payment } = evidence;
      return payment !== null && isKept(payment.id)
        ? { ...evidence, payment: { ...payment, amountRefunded: 0 } }
        : evidence;
    }
    case 'subscription': {
      const { subscription } = evidence;
      if (!subscription.invoices.some(({ id }) => isKept(id))) return evidence;
      const invoices = subscription.invoices.map((invoice) =>
        isKept(invoice.id) ? { ...invoice, amountRefunded: 0 } : invoice,
      );
      return { ...evidence, subscription: { ...subscription, invoices } };
    }
  }
}

/** The same evidence, had so much more of one payment gone back: for a preview. @param amount minor units */
export function hadGoneBack(
  evidence: MembershipEvidence,
  paymentId: string,
  amount: number,
): MembershipEvidence {
  const more = <T extends { id: string; amountRefunded: number }>(paid: T): T =>
    paid.id === paymentId ? { ...paid, amountRefunded: paid.amountRefunded + amount } : paid;
  switch (evidence.kind) {
    case 'unreadable':
      return evidence;
    case 'payment':
      return { ...evidence, payment: evidence.payment === null ? null : more(evidence.payment) };
    case 'subscription': {
      const { subscription } = evidence;
      return { ...evidence, subscription: { ...subscription, invoices: subscription.invoices.map(more) } };
    }
  }
}

/** The refusal of what was never paid. */
export const nothingPaid = (status: PaymentStatus): ProblemError =>
  new ProblemError('payment_not_refundable', 'Nothing was paid by it, so there is nothing to give back.', {
    status,
  });

/**
 * How much goes back. Minor units.
 * @param asked null: all that is left
 * @throws ProblemError `payment_not_refundable`, `refund_too_large` or `invalid_request`
 */
export function amountToRefund(asked: number | null, left: number, currency: string): number {
  if (left <= 0)
    throw new ProblemError('payment_not_refundable', 'All of this payment has gone back already.', {
      left: 0,
      currency,
    });
  const amount = asked ?? left;
  if (amount > left)
    throw new ProblemError(
      'refund_too_large',
      `Of this payment ${formatMoney(left, currency)} is left; ${formatMoney(amount, currency)} is more than that.`,
      { field: 'amount', left, currency },
    );
  const step = stepOf(currency);
  if (amount % step !== 0 && amount !== left)
    throw new ProblemError(
      'invalid_request',
      `Amounts in ${currency.toUpperCase()} are multiples of ${step} minor units.`,
      { field: 'amount' },
    );
  return amount;
}

/** Why Stripe gives nothing back, in a sentence for the coach. https://docs.stripe.com/error-codes, https://docs.stripe.com/refunds */
const REFUSALS: Readonly<Record<string, string>> = {
  charge_disputed:
    'The bank has disputed this payment, so Stripe does not refund it: the money goes back by the dispute, if you lose or accept it.',
  charge_already_refunded: 'All of this payment has gone back already.',
  balance_insufficient:
    'The balance of the Stripe account is not enough for this refund. Add funds at Stripe, then try again.',
  insufficient_funds:
    'The balance of the Stripe account is not enough for this refund. Add funds at Stripe, then try again.',
  charge_not_refundable:
    'Stripe does not refund this payment; it may be too long ago, or its method cannot be refunded.',
  refund_disputed_payment: 'The bank has disputed this payment, so Stripe does not refund it.',
  account_invalid:
    'The Stripe account that this was paid to is not connected any more. Refund it in the Stripe Dashboard.',
};

/** @param code Stripe's, or one of ours; null: Stripe gave none */
export function whyRefused(code: string | null): string {
  return (
    (code === null ? undefined : REFUSALS[code]) ??
    `Stripe refused the refund${code === null ? '' : ` (${code})`}. Nothing went back; the Stripe Dashboard says more about the payment.`
  );
}
