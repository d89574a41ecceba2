import { z } from 'zod';
import type { Membership } from '../../db/generated/client';
import type { MembershipItem } from '../../domain/items';
import type { MembershipEvidence } from '../../domain/membership-facts';
import { amountToRefund, nothingPaid } from '../../domain/refund';
import { ACCESS_AFTER, CHARGING_AFTER, effectOf, type RefundEffect } from '../../domain/refund-preview';
import { membershipFactsOf } from '../../store/membership-columns';
import { readPolicy } from '../../store/policy';
import { fetchPayment, fetchSubscription } from '../../stripe/facts';
import type { ApiDeps } from '../deps';
import { currency, money } from '../http/schemas';
import { atStripe } from '../http/stripe-call';
import type { WholePayment } from './view';

export const refundPreviewSchema = z
  .object({
    paymentId: z.string(),
    amount: money.meta({ description: 'What would go back, minor units' }),
    left: money.meta({ description: 'What Stripe has left of the payment now' }),
    currency,
    keepAccess: z.boolean(),
    access: z.enum(ACCESS_AFTER).meta({ description: '`none`: there is no access now either' }),
    charging: z.enum(CHARGING_AFTER).meta({
      description: 'Whether Stripe goes on charging for the purchase; `none`: it does not now either',
    }),
    isDisputed: z.boolean().meta({ description: 'The bank has disputed it: Stripe will refuse the refund' }),
    inWords: z.string(),
  })
  .meta({ id: 'RefundPreview' });

/** What a refund would do, by what Stripe says now. Changes nothing. @throws ProblemError of the refund, or of Stripe's */
export async function previewRefund(
  deps: ApiDeps,
  payment: WholePayment,
  asked: { amount: number | null; keepAccess: boolean | undefined },
): Promise<z.input<typeof refundPreviewSchema>> {
  const { membership, currency, stripeId: paymentId } = payment;
  if (membership === null || payment.status !== 'succeeded') throw nothingPaid(payment.status);
  const [evidence, now, policy] = await Promise.all([
    evidenceOf(deps, membership),
    deps.clock.now(membership.mode, membership.accountId),
    readPolicy(deps.db, membership.coachId, membership.mode),
  ]);
  const { left, isDisputed } = present(evidence, paymentId);
  const amount = amountToRefund(asked.amount, left, currency);
  const keepAccess = asked.keepAccess ?? policy.keepAfterRefund;
  const { productId, priceId, quantity } = membership;
  const effect = effectOf(
    {
      facts: membershipFactsOf(membership),
      sold: { productId, priceId, quantity },
      items: membership.items as unknown as MembershipItem[],
    },
    evidence,
    { paymentId, amount, access: keepAccess ? 'keep' : 'end' },
    now,
    policy,
  );
  return { paymentId, amount, left, currency, keepAccess, ...effect, isDisputed, inWords: inWords(effect) };
}

async function evidenceOf(deps: ApiDeps, row: Membership): Promise<MembershipEvidence> {
  const client = { stripe: deps.stripe.of(row.mode), accountId: row.accountId };
  const { stripeSubscriptionId, stripePaymentIntentId } = row;
  return atStripe(async () =>
    row.kind === 'subscription'
      ? { kind: 'subscription', subscription: await fetchSubscription(client, stripeSubscriptionId ?? '') }
      : { kind: 'payment', payment: await fetchPayment(client, stripePaymentIntentId ?? '') },
  );
}

/** How the payment stands at Stripe. */
function present(evidence: MembershipEvidence, paymentId: string): { left: number; isDisputed: boolean } {
  const paid =
    evidence.kind === 'payment'
      ? evidence.payment
      : evidence.kind === 'subscription'
        ? evidence.subscription.invoices.find(({ id }) => id === paymentId)
        : null;
  if (paid == null) return { left: 0, isDisputed: false };
  const amount = 'amountPaid' in paid ? paid.amountPaid : paid.amount;
  return {
    left: Math.max(0, amount - paid.amountRefunded),
    isDisputed: paid.dispute === 'open' || paid.dispute === 'lost',
  };
}

const ACCESS: Record<RefundEffect['access'], string> = {
  stays: 'Access stays.',
  ends: 'Access ends at once.',
  none: 'There is no access now either.',
};
const CHARGING: Record<RefundEffect['charging'], string> = {
  goes_on: 'Stripe goes on charging as before.',
  ends: 'The subscription is cancelled at once; nothing more is charged.',
  none: '',
};
const inWords = ({ access, charging }: RefundEffect) => `${ACCESS[access]} ${CHARGING[charging]}`.trim();
