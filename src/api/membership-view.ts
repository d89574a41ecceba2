import { z } from 'zod';
import type { Membership } from '../db/generated/client';
import { REASONS } from '../domain/membership';
import { time } from './schemas';

/** The words of a membership's reason. */
export function reasonInWords(reason: string): string {
  return reason in REASONS ? REASONS[reason as keyof typeof REASONS] : reason;
}

/** What happens next to it by itself, and when; null when nothing does. */
export const nextSchema = z
  .object({
    at: time.nullable(),
    what: z.enum(['renewal', 'trial_end', 'access_end', 'grace_end', 'resumption', 'payment_outcome']),
    inWords: z.string(),
  })
  .nullable();

export type Next = z.output<typeof nextSchema>;

const next = (what: NonNullable<Next>['what'], at: Date | null, inWords: string): Next => ({
  what,
  at: at?.toISOString() ?? null,
  inWords,
});

/** What a member and their coach should expect next. `until` is the end of the membership's grant. */
export function nextOf(membership: Membership, until: Date | null): Next {
  const { paidThrough, installmentsDue, installmentsPaid } = membership;
  if (membership.reason === 'collection_paused') return nextOfPause(membership);
  if (membership.reason === 'awaiting_payment')
    return next('renewal', null, 'Stripe charges the next period; access comes back when it is paid.');
  if (RENEWS.includes(membership.status) && paidThrough !== null && paidThrough <= membership.verifiedAt)
    return next(
      'access_end',
      until,
      'The payment of the present period is on its way; without it, access ends.',
    );
  switch (membership.status) {
    case 'active':
      return next(
        'renewal',
        paidThrough,
        installmentsDue === null
          ? 'Stripe charges the renewal.'
          : `Stripe charges installment ${(installmentsPaid ?? 0) + 1} of ${installmentsDue}.`,
      );
    case 'trialing':
      return next('trial_end', paidThrough, 'The trial ends and Stripe charges for the first time.');
    case 'canceling':
      return isPaidBefore(membership, until)
        ? next('renewal', paidThrough, 'Stripe charges the renewal; the subscription ends later.')
        : next('access_end', until, 'Access ends.');
    case 'past_due':
      return next(
        'grace_end',
        until,
        'The grace period ends, and access with it, unless the renewal is paid.',
      );
    case 'suspended':
      if (membership.reason === 'trial_ended_without_card')
        return next(
          'payment_outcome',
          null,
          'Access comes back when the member has given a card and the membership is resumed.',
        );
      return COMES_BACK.includes(membership.reason)
        ? next('payment_outcome', null, 'Access comes back when the open payment is made.')
        : membership.reason === 'disputed'
          ? next('payment_outcome', null, 'The bank decides about the dispute.')
          : null;
    case 'owned':
    case 'ended':
      return null;
  }
}

/** Whoever is so is charged when a period is over; until that is paid, there is the leeway. */
const RENEWS: Membership['status'][] = ['active', 'trialing'];

/** A cancellation for a date so far ahead that renewals come before it: access lasts as long as they are paid. */
function isPaidBefore(
  { reason, cancelAt, paidThrough, verifiedAt }: Membership,
  until: Date | null,
): boolean {
  if (reason !== 'scheduled_to_cancel' || cancelAt === null || paidThrough === null || until === null)
    return false;
  // While collection is paused nothing is charged, and there is no leeway.
  return cancelAt > until && until > paidThrough && paidThrough > verifiedAt;
}

/** Reasons for which a payment is all that is missing. */
const COMES_BACK = ['grace_over', 'unpaid', 'first_payment_pending'];

/** Whichever comes first: the end of the pause, or of what was paid. */
function nextOfPause({ status, paidThrough, pauseUntil }: Membership): Next {
  const isOpen = status === 'active' && paidThrough !== null;
  if (isOpen && (pauseUntil === null || pauseUntil > paidThrough))
    return next('access_end', paidThrough, 'Access ends with what was paid, unless the pause ends first.');
  if (pauseUntil === null) return null;
  return next('resumption', pauseUntil, 'Stripe resumes collecting payments.');
}

export const membershipSchema = z
  .object({
    id: z.string().meta({ example: 'msp_3kTMd0fWbJ9xQeN4vYzA' }),
    memberId: z.string(),
    productId: z.string(),
    priceId: z.string(),
    checkoutId: z.string(),
    kind: z.enum(['subscription', 'one_off']),
    status: z.enum(['trialing', 'active', 'canceling', 'past_due', 'suspended', 'owned', 'ended']),
    reason: z.string().meta({ example: 'paid', description: 'Why it is so, a stable code' }),
    reasonInWords: z.string().meta({ example: 'Paid for the present period.' }),
    quantity: z.int(),
    startedAt: time,
    paidThrough: time.nullable(),
    cancelAt: time.nullable().meta({ description: 'The end that a cancellation has set' }),
    pauseUntil: time.nullable().meta({ description: 'When a pause of collection ends by itself' }),
    installments: z
      .object({ due: z.int(), paid: z.int().meta({ description: 'Paid and not given back' }) })
      .nullable()
      .meta({ description: 'Null: not paid in installments' }),
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
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'Membership' });

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
    reasonInWords: reasonInWords(row.reason),
    quantity: row.quantity,
    startedAt: row.startedAt.toISOString(),
    paidThrough: row.paidThrough?.toISOString() ?? null,
    cancelAt: row.cancelAt?.toISOString() ?? null,
    pauseUntil: row.pauseUntil?.toISOString() ?? null,
    installments:
      row.installmentsDue === null ? null : { due: row.installmentsDue, paid: row.installmentsPaid ?? 0 },
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
    createdAt: row.createdAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
