import type {
  ChargeFacts,
  DisputeDates,
  DisputeOutcome,
  InvoiceFacts,
  PaymentFacts,
  RefundFacts,
  SubscriptionFacts,
} from './stripe-facts';
import type { Seconds } from './time';

export const PAYMENT_STATUSES = ['pending', 'succeeded', 'failed', 'canceled'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Money that reached the coach's account, or was to. Minor units; seconds, UTC. */
export interface PaymentSeen {
  /** `in_…` of a subscription's invoice, `pi_…` of what is bought once. */
  stripeId: string;
  status: PaymentStatus;
  /** What was paid, or is to be. */
  amount: number;
  amountRefunded: number;
  dispute: DisputeOutcome | null;
  disputeDates: DisputeDates | null;
  /** When it was paid; of what is not paid, when it was asked for. Null: Stripe does not say when. */
  at: Seconds | null;
  charge: ChargeFacts | null;
  refunds: RefundFacts[];
  /** Why it failed, in Stripe's code. */
  failure: string | null;
}

/** What Stripe says about a purchase, whichever of the two it is. */
export interface PurchaseFacts {
  subscription?: SubscriptionFacts | null;
  payment?: PaymentFacts | null;
}

/**
 * The payments of a purchase. A trial's or a voucher's zero invoice is none, nor is a draft; of what was voided or written
 * off only what was seen before is one.
 */
export function paymentsOf({ subscription, payment }: PurchaseFacts): PaymentSeen[] {
  const invoices = (subscription?.invoices ?? []).flatMap(ofInvoice);
  if (payment == null || payment.amount === 0) return invoices;
  const { id: stripeId, status, amount, paidAt, failure } = payment;
  const seen = { stripeId, amount, ...reversalOf(payment) };
  if (paidAt !== null) return [...invoices, { ...seen, status: 'succeeded', at: paidAt, failure: null }];
  if (status === 'processing') return [...invoices, { ...seen, status: 'pending', at: null, failure: null }];
  if (status === 'failed')
    return [
      ...invoices,
      { ...seen, status: 'failed', at: null, failure: failure ?? seen.charge?.failure ?? null },
    ];
  return invoices;
}

function ofInvoice(invoice: InvoiceFacts): PaymentSeen[] {
  const {
    id: stripeId,
    status,
    amountPaid,
    amountRemaining,
    attempted,
    finalizedAt,
    createdAt,
    paidAt,
  } = invoice;
  const seen = { stripeId, ...reversalOf(invoice) };
  if (status === 'paid')
    return amountPaid === 0 || paidAt === null
      ? []
      : [{ ...seen, status: 'succeeded', amount: amountPaid, at: paidAt, failure: null }];
  if (status === null || status === 'draft' || amountRemaining === 0) return [];
  const asked = { ...seen, amount: amountRemaining, at: finalizedAt ?? createdAt };
  if (status !== 'open') return [{ ...asked, status: 'canceled', failure: null }];
  // A debit takes days, in which it has been tried, and has not failed.
  const isFailed = attempted && seen.charge?.status !== 'pending';
  return [
    {
      ...asked,
      status: isFailed ? 'failed' : 'pending',
      failure: isFailed ? (seen.charge?.failure ?? null) : null,
    },
  ];
}

const reversalOf = ({
  amountRefunded,
  dispute,
  disputeDates,
  charge,
  refunds,
}: InvoiceFacts | PaymentFacts) => ({
  amountRefunded,
  dispute,
  disputeDates,
  charge: charge ?? null,
  refunds: refunds ?? [],
});
