import { z } from 'zod';
import type { Membership } from '../../db/generated/client';
import { MEMBERSHIP_STATUSES } from '../../domain/membership-facts';
import type { MembershipItem } from '../../domain/items';
import { BEING_CHARGED, REASONS } from '../../domain/membership-reasons';
import { isBeingCharged, NEXT_STEPS, type NextStep, nextStep } from '../../domain/next-step';
import type { OpenInvoice } from '../../domain/open-invoice';
import type { CollectionMethod } from '../../domain/stripe-facts';
import { isoTime, isoTimeOrNull, type Seconds, toDate } from '../../domain/time';
import { currency, time } from '../http/schemas';
import { comparisonSchema, comparisonView } from './comparison';

/** Why a membership is as it is. What is paid for is not said of a period whose payment is still on its way. */
export function whyInWords(
  row: Pick<Membership, 'reason' | 'status' | 'paidThrough' | 'verifiedAt'>,
): string {
  return row.reason === 'paid' && isBeingCharged(row) ? BEING_CHARGED : reasonInWords(row.reason);
}

/** The words of a membership's reason. */
export function reasonInWords(reason: string): string {
  return reason in REASONS ? REASONS[reason as keyof typeof REASONS] : reason;
}

/** What happens next by itself, and when; null when nothing does. */
export const nextSchema = z
  .object({ at: time.nullable(), what: z.enum(NEXT_STEPS), inWords: z.string() })
  .nullable();

export type Next = z.output<typeof nextSchema>;

/** A step as the API shows it. */
export function nextView(step: NextStep | null): Next {
  return step === null ? null : { ...step, at: isoTimeOrNull(step.at) };
}

/** What a member and their coach should expect next. `until` is the end of the membership's grant. */
export function nextOf(membership: Membership, until: Date | null): Next {
  return nextView(nextStep(membership, until));
}

export const membershipSchema = z
  .object({
    id: z.string().meta({ example: 'msp_3kTMd0fWbJ9xQeN4vYzA' }),
    memberId: z.string(),
    productId: z.string(),
    priceId: z.string(),
    checkoutId: z.string(),
    kind: z.enum(['subscription', 'one_off']),
    status: z.enum(MEMBERSHIP_STATUSES),
    reason: z.string().meta({ example: 'paid', description: 'Why it is so, a stable code' }),
    reasonInWords: z.string().meta({ example: 'Paid for the present period.' }),
    quantity: z.int(),
    startedAt: time,
    accessStartsAt: time.nullable().meta({
      description: 'Access begins then if it was bought before; null: with the purchase',
    }),
    paidThrough: time.nullable(),
    cancelAt: time.nullable().meta({ description: 'The end that a cancellation has set' }),
    pauseUntil: time.nullable().meta({ description: 'When a pause of collection ends by itself' }),
    installments: z
      .object({ due: z.int(), paid: z.int().meta({ description: 'Paid and not given back' }) })
      .nullable()
      .meta({ description: 'Null: not paid in installments' }),
    items: z
      .array(
        z.object({
          itemId: z.string().meta({ description: "Stripe's id of the subscription item" }),
          productId: z.string().nullable(),
          priceId: z.string().nullable().meta({ description: 'Null: a price that was made in Stripe' }),
          stripePriceId: z.string(),
          stripeProductId: z.string(),
          quantity: z.int(),
          periodEnd: time.meta({ description: 'The end of its present period, paid or not' }),
          foreign: z.boolean().meta({ description: 'Not sold here: it gives nothing' }),
        }),
      )
      .meta({ description: 'What the subscription is for at Stripe; each product of yours is given' }),
    collectionMethod: z
      .enum(['charge_automatically', 'send_invoice'])
      .nullable()
      .meta({ description: 'Whether Stripe charges by itself or sends invoices' }),
    trialEnd: time.nullable(),
    openInvoice: z
      .object({
        id: z.string(),
        amountRemaining: z.int().meta({ description: 'Minor units' }),
        currency,
        dueAt: time.nullable().meta({ description: 'When it is to be paid; null: Stripe charges it' }),
        nextAttemptAt: time.nullable().meta({ description: 'When Stripe tries to charge it next' }),
        url: z.string().nullable().meta({ description: "Stripe's page on which the member can pay it" }),
      })
      .nullable()
      .meta({ description: 'The invoice that waits for its payment' }),
    dispute: z
      .object({
        openedAt: time,
        evidenceDueAt: time.nullable().meta({ description: 'Until when Stripe takes evidence' }),
      })
      .nullable()
      .meta({ description: 'A dispute that the bank has not decided yet' }),
    next: nextSchema,
    duplicate: z.boolean().meta({ description: 'The member holds another purchase of the same product too' }),
    repeatedTrial: z
      .boolean()
      .meta({ description: 'Bought anonymously with a trial by a member who had had one of this product' }),
    stripe: z.object({
      accountId: z.string(),
      status: z.string().nullable().meta({ description: "Stripe's own word" }),
      subscriptionId: z.string().nullable(),
      customerId: z.string().nullable(),
      paymentIntentId: z.string().nullable(),
    }),
    comparison: comparisonSchema,
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Membership' });

const iso = (seconds: Seconds) => isoTime(toDate(seconds));

/** What Stripe's subscription is for, as the last look found it; empty for what was bought once. */
export function itemsOf({ items }: Pick<Membership, 'items'>): MembershipItem[] {
  return Array.isArray(items) ? (items as unknown as MembershipItem[]) : [];
}

function collectionMethodOf({ collectionMethod }: Membership): CollectionMethod | null {
  if (collectionMethod === null) return null;
  return collectionMethod === 'send_invoice' ? 'send_invoice' : 'charge_automatically';
}

function openInvoiceView({ openInvoice, endedAt }: Membership) {
  if (openInvoice === null || endedAt !== null) return null;
  const { id, amountRemaining, currency, dueAt, nextAttemptAt, url } = openInvoice as unknown as OpenInvoice;
  return {
    id,
    amountRemaining,
    currency,
    dueAt: dueAt === null ? null : iso(dueAt),
    nextAttemptAt: nextAttemptAt === null ? null : iso(nextAttemptAt),
    url,
  };
}

/** A membership as the API shows it. */
export function membershipView(row: Membership & { grants: { until: Date | null }[] }) {
  return {
    id: row.id,
    memberId: row.memberId,
    productId: row.productId,
    priceId: row.priceId,
    checkoutId: row.checkoutId,
    kind: row.kind,
    status: row.status,
    reason: row.reason,
    reasonInWords: whyInWords(row),
    quantity: row.quantity,
    startedAt: isoTime(row.startedAt),
    accessStartsAt: isoTimeOrNull(row.accessStartsAt),
    paidThrough: isoTimeOrNull(row.paidThrough),
    cancelAt: isoTimeOrNull(row.cancelAt),
    pauseUntil: isoTimeOrNull(row.pauseUntil),
    installments:
      row.installmentsDue === null ? null : { due: row.installmentsDue, paid: row.installmentsPaid ?? 0 },
    items: itemsOf(row).map((item) => ({
      itemId: item.itemId,
      productId: item.productId,
      priceId: item.priceId,
      stripePriceId: item.stripePriceId,
      stripeProductId: item.stripeProductId,
      quantity: item.quantity,
      periodEnd: iso(item.periodEnd),
      foreign: item.productId === null,
    })),
    collectionMethod: collectionMethodOf(row),
    trialEnd: isoTimeOrNull(row.trialEnd),
    openInvoice: openInvoiceView(row),
    dispute:
      row.disputedAt === null
        ? null
        : {
            openedAt: isoTime(row.disputedAt),
            evidenceDueAt: isoTimeOrNull(row.evidenceDueAt),
          },
    next: nextOf(row, row.grants[0]?.until ?? null),
    duplicate: row.duplicate,
    repeatedTrial: row.repeatedTrial,
    stripe: {
      accountId: row.accountId,
      status: row.stripeStatus,
      subscriptionId: row.stripeSubscriptionId,
      customerId: row.stripeCustomerId,
      paymentIntentId: row.stripePaymentIntentId,
    },
    comparison: comparisonView(row),
    createdAt: isoTime(row.createdAt),
    endedAt: isoTimeOrNull(row.endedAt),
  };
}
