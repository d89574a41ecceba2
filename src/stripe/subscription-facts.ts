import type Stripe from 'stripe';
import { latestEnd } from '../domain/paid-periods';
import type {
  InvoiceFacts,
  InvoiceLineFacts,
  ItemFacts,
  LastingDiscount,
  SubscriptionFacts,
} from '../domain/stripe-facts';
import type { ChargedCard } from './charged-card';
import { unitAmountIn } from './prices';
import { NO_REVERSALS, reversalOf, type Reversals } from './reversals';
import { idOf, oneOf } from './stripe-values';

/** An invoice with all of its lines and payments. */
export interface WholeInvoice {
  invoice: Stripe.Invoice;
  lines: Stripe.InvoiceLineItem[];
  payments: Stripe.InvoicePayment[];
}

/**
 * @see SubscriptionFacts. Periods sit on the items since the `basil` version.
 * @param items all of its items, and `invoices` all of its invoices with all lines.
 * @param card the one that paid last; null: none did, or nobody knows
 * @param lasting its discounts that never end
 */
export function subscriptionFacts(
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  invoices: readonly WholeInvoice[],
  reversals: Reversals = NO_REVERSALS,
  card: ChargedCard | null = null,
  lasting: LastingDiscount[] = [],
): SubscriptionFacts {
  return {
    id: subscription.id,
    status: oneOf('subscription status', subscription.status, [
      'trialing',
      'active',
      'past_due',
      'unpaid',
      'paused',
      'incomplete',
      'incomplete_expired',
      'canceled',
    ]),
    customerId: idOf(subscription.customer) ?? '',
    currency: subscription.currency,
    startedAt: subscription.start_date,
    items: items.map((item) => itemFacts(item, subscription.currency)),
    currentPeriodEnd: Math.max(0, ...items.map((item) => item.current_period_end)),
    trialStart: subscription.trial_start,
    trialEnd: subscription.trial_end,
    cancelAt: subscription.cancel_at,
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    endedAt: subscription.ended_at,
    collectionPaused: subscription.pause_collection !== null,
    resumesAt: subscription.pause_collection?.resumes_at ?? null,
    collectionMethod: collectionOf(subscription.collection_method),
    // Where another was chosen since, nothing is known of it until it has paid.
    cardExpiresAt:
      card !== null && idOf(subscription.default_payment_method) === card.paymentMethodId
        ? card.expiresAt
        : null,
    scheduleId: idOf(subscription.schedule),
    discounts: (subscription.discounts ?? []).map((discount) => idOf(discount) ?? ''),
    lasting,
    latestInvoiceId: idOf(subscription.latest_invoice),
    invoices: [...invoices]
      .sort((a, b) => b.invoice.created - a.invoice.created)
      .map((invoice) => invoiceFacts(invoice, reversals)),
  };
}

function collectionOf(method: string | null): SubscriptionFacts['collectionMethod'] {
  return oneOf('collection method', method ?? 'charge_automatically', [
    'charge_automatically',
    'send_invoice',
  ]);
}

function itemFacts(item: Stripe.SubscriptionItem, currency: string): ItemFacts {
  return {
    id: item.id,
    createdAt: item.created,
    stripePriceId: item.price.id,
    stripeProductId: idOf(item.price.product) ?? '',
    quantity: item.quantity ?? 1,
    charge: chargeOf(item.price, currency),
    periodStart: item.current_period_start,
    periodEnd: item.current_period_end,
  };
}

function chargeOf(price: Stripe.Price, currency: string): NonNullable<ItemFacts['charge']> | null {
  const { recurring } = price;
  const unitAmount = unitAmountIn(price, currency);
  if (unitAmount === null || recurring === null || recurring.usage_type === 'metered') return null;
  const interval = oneOf<NonNullable<ItemFacts['charge']>['interval']>('interval', recurring.interval, [
    'day',
    'week',
    'month',
    'year',
  ]);
  return { unitAmount, interval, intervalCount: recurring.interval_count };
}

function invoiceFacts({ invoice, lines, payments }: WholeInvoice, reversals: Reversals): InvoiceFacts {
  const facts = lines.map(lineFacts);
  return {
    id: invoice.id ?? '',
    createdAt: invoice.created,
    reason:
      invoice.billing_reason === 'subscription_create'
        ? 'create'
        : invoice.billing_reason === 'subscription_cycle'
          ? 'cycle'
          : 'other',
    status:
      invoice.status === null
        ? null
        : oneOf<NonNullable<InvoiceFacts['status']>>('invoice status', invoice.status, [
            'draft',
            'open',
            'paid',
            'void',
            'uncollectible',
          ]),
    collectionMethod: collectionOf(invoice.collection_method),
    total: invoice.total,
    amountDue: invoice.amount_due,
    amountPaid: invoice.amount_paid,
    amountRemaining: invoice.amount_remaining,
    // A negative balance is the customer's credit: https://docs.stripe.com/billing/customer/balance
    fromBalance: Math.max(0, (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance),
    creditNotes: invoice.post_payment_credit_notes_amount,
    ...reversalOf(
      payments.map(({ payment }) => idOf(payment.payment_intent)),
      reversals,
    ),
    finalizedAt: invoice.status_transitions.finalized_at,
    paidAt: invoice.status_transitions.paid_at,
    dueAt: invoice.due_date,
    attempted: invoice.attempted,
    nextAttemptAt: invoice.next_payment_attempt,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    periodEnd: latestEnd(facts),
    lines: facts,
  };
}

function lineFacts(line: Stripe.InvoiceLineItem): InvoiceLineFacts {
  const ofItem = line.parent?.subscription_item_details ?? null;
  const details = ofItem ?? line.parent?.invoice_item_details ?? null;
  const credited = details?.proration_details?.credited_items ?? null;
  const price = line.pricing?.price_details;
  return {
    id: line.id,
    itemId: ofItem?.subscription_item ?? null,
    stripePriceId: idOf(price?.price),
    stripeProductId: price?.product ?? null,
    quantity: line.quantity,
    amount: line.amount,
    discount: (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
    proration: details?.proration ?? false,
    periodStart: line.period.start,
    periodEnd: line.period.end,
    credits: credited === null ? null : { invoiceId: credited.invoice, lineIds: credited.invoice_line_items },
  };
}
