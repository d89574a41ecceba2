import { z } from 'zod';
import type { Checkout, Member, Membership, Payment, Product, Refund } from '../../db/generated/client';
import type { BuyerDetails } from '../../domain/buyer-details';
import { PAYMENT_STATUSES } from '../../domain/payments';
import { REFUND_STATUSES } from '../../domain/refund';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { refundWorkflowId } from '../../messages/ids';
import { leftOf } from '../../store/refunds';
import { currency, money, time } from '../http/schemas';
import { besideSchema } from './beside';

export const refundSchema = z
  .object({
    id: z.string().meta({ example: 'rfd_3kTMd0fWbJ9xQeN4vYzA' }),
    paymentId: z.string(),
    status: z.enum(REFUND_STATUSES).meta({
      description:
        '`requested`: Stripe is being asked for it. `pending`, `requires_action`, `succeeded`, `failed` and `canceled` are Stripe’s words. `refused`: nothing went back, and `failure` says why',
    }),
    amount: money,
    currency,
    reason: z.string().nullable().meta({ description: 'Stripe’s reason' }),
    keepAccess: z
      .boolean()
      .nullable()
      .meta({ description: 'What was chosen about access; null: made in Stripe, so your settings decide' }),
    askedHere: z.boolean().meta({ description: 'Asked for here; false: in the Stripe Dashboard' }),
    failure: z
      .object({ code: z.string().nullable(), message: z.string() })
      .nullable()
      .meta({ description: 'Why nothing went back' }),
    stripeRefundId: z.string().nullable(),
    createdAt: time,
    workflowId: z.string().nullable().meta({ description: 'The run, as the Temporal Web UI finds it' }),
  })
  .meta({ id: 'Refund' });

/** A refund as the API shows it. */
export function refundView(row: Refund): z.input<typeof refundSchema> {
  return {
    id: row.id,
    paymentId: row.paymentId,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    reason: row.reason,
    keepAccess: row.access === null ? null : row.access === 'keep',
    askedHere: row.askedHere,
    failure: row.failureMessage === null ? null : { code: row.failureCode, message: row.failureMessage },
    stripeRefundId: row.stripeRefundId,
    createdAt: isoTime(row.createdAt),
    workflowId: row.access === null ? null : refundWorkflowId(row.id),
  };
}

const fields = {
  id: z.string().meta({
    example: 'in_1QxYzABCDEFGHIJKLMNOP',
    description:
      "Stripe's id: of a subscription's invoice (`in_…`), or of the payment of what is bought once (`pi_…`)",
  }),
  status: z.enum(PAYMENT_STATUSES).meta({
    description:
      '`pending`: on its way, or not due yet. `failed`: it was tried; Stripe may try again. `canceled`: nobody pays it any more',
  }),
  amount: money.meta({ description: 'What was paid, or is to be; minor units of the currency' }),
  currency,
  amountRefunded: money.meta({ description: 'What went back, or is about to' }),
  refunded: z.enum(['no', 'in_part', 'in_full']),
  fee: z.object({ amount: money, currency }).nullable().meta({
    description:
      'What Stripe took for it, in the currency that the account is settled in. Null: not known here (not booked yet when it was last looked at, or not paid by a charge). Refunds give no fee back; the fee of a dispute is not in it',
  }),
  method: z
    .string()
    .nullable()
    .meta({ example: 'card', description: "Stripe's word for how it was paid; null: not known here" }),
  brand: z.string().nullable().meta({ example: 'visa', description: 'Of a card' }),
  failure: z.string().nullable().meta({ description: 'Why it failed, in Stripe’s code' }),
  member: z.object({ id: z.string(), externalId: z.string().nullable(), email: z.string().nullable() }),
  product: z.object({ id: z.string(), name: z.string() }),
  beside: besideSchema,
  membershipId: z.string().nullable().meta({ description: 'Null: nothing came of the purchase (yet)' }),
  dispute: z
    .object({
      outcome: z.enum(['open', 'won', 'lost']),
      openedAt: time.nullable(),
      evidenceDueAt: time.nullable().meta({ description: 'Until when Stripe takes evidence' }),
    })
    .nullable(),
  paidAt: time.nullable().meta({ description: 'Null: it is not paid' }),
  at: time.meta({ description: 'When it was paid; of what is not paid, when it was asked for' }),
  stripe: z.object({
    accountId: z.string(),
    invoiceId: z.string().nullable(),
    paymentIntentId: z.string().nullable(),
    chargeId: z.string().nullable(),
  }),
};

export const paymentSchema = z.object(fields).meta({ id: 'Payment' });

const line = z.string().nullable();

const billingSchema = z
  .object({
    company: line,
    name: line,
    taxIds: z.array(z.object({ type: z.string().meta({ example: 'eu_vat' }), value: z.string() })),
    address: z
      .object({ line1: line, line2: line, postalCode: line, city: line, state: line, country: line })
      .nullable(),
  })
  .meta({ id: 'BillingDetails' });

export const wholePaymentSchema = z
  .object({
    ...fields,
    amountLeft: money.meta({ description: 'What may still be refunded, as far as it is known here' }),
    refunds: z.array(refundSchema).meta({ description: 'The newest first' }),
    billing: billingSchema.nullable().meta({
      description:
        'What the buyer gave at Checkout for the invoice, where your settings ask businesses (`businessBuyers`); Stripe may still be checking a tax id',
    }),
  })
  .meta({ id: 'WholePayment' });

export type ListedPayment = Payment & {
  member: Member;
  product: Product;
  beside: z.input<typeof besideSchema>;
};
export type WholePayment = ListedPayment & {
  refunds: Refund[];
  membership: (Membership & { checkout: Checkout }) | null;
};

/** A payment as a list shows it. */
export function paymentView(row: ListedPayment): z.input<typeof paymentSchema> {
  const isInvoice = row.stripeId.startsWith('in_');
  return {
    id: row.stripeId,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    amountRefunded: row.amountRefunded,
    refunded: row.amountRefunded === 0 ? 'no' : row.amountRefunded < row.amount ? 'in_part' : 'in_full',
    fee: row.fee === null || row.feeCurrency === null ? null : { amount: row.fee, currency: row.feeCurrency },
    method: row.method,
    brand: row.brand,
    failure: row.failure,
    member: { id: row.memberId, externalId: row.member.externalId, email: row.member.email },
    product: { id: row.productId, name: row.product.name },
    beside: row.beside,
    membershipId: row.membershipId,
    dispute:
      row.dispute === null
        ? null
        : {
            outcome: row.dispute,
            openedAt: isoTimeOrNull(row.disputedAt),
            evidenceDueAt: isoTimeOrNull(row.evidenceDueAt),
          },
    paidAt: row.status === 'succeeded' ? isoTime(row.paidAt) : null,
    at: isoTime(row.paidAt),
    stripe: {
      accountId: row.accountId,
      invoiceId: isInvoice ? row.stripeId : null,
      paymentIntentId: isInvoice ? null : row.stripeId,
      chargeId: row.chargeId,
    },
  };
}

/** A payment with all that is known of it. */
export function wholePaymentView(row: WholePayment): z.input<typeof wholePaymentSchema> {
  const view = paymentView(row);
  const bought = row.membership?.checkout ?? null;
  return {
    ...view,
    stripe: { ...view.stripe, invoiceId: view.stripe.invoiceId ?? bought?.stripeInvoiceId ?? null },
    billing: bought === null ? null : (bought.buyerDetails as BuyerDetails | null),
    amountLeft: row.status === 'succeeded' ? leftOf(row) : 0,
    refunds: [...row.refunds].sort(newestFirst).map(refundView),
  };
}

const newestFirst = (a: Refund, b: Refund) =>
  b.createdAt.getTime() - a.createdAt.getTime() || b.requestedAt.getTime() - a.requestedAt.getTime();
