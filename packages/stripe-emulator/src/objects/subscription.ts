import { newId, randomToken } from '../ids';
import type { Price } from './catalog';
import { listOf, type Metadata } from './common';

export type SubscriptionStatus =
  'active' | 'canceled' | 'incomplete' | 'incomplete_expired' | 'past_due' | 'paused' | 'trialing' | 'unpaid';

export type CollectionPause = {
  behavior: 'keep_as_draft' | 'mark_uncollectible' | 'void';
  resumes_at: number | null;
};

export type CancellationReason = 'cancellation_requested' | 'payment_disputed' | 'payment_failed';

export interface BillingMode {
  type: 'classic' | 'flexible';
  flexible: { proration_discounts?: 'included' | 'itemized' } | null;
  updated_at?: number;
}

/** https://docs.stripe.com/api/subscription_items/object; the periods are Unix seconds. */
export function newSubscriptionItem(input: {
  subscription: string;
  price: Price;
  quantity: number;
  periodStart: number;
  periodEnd: number;
  metadata?: Metadata;
  created: number;
}) {
  return {
    id: `si_${randomToken(14)}`,
    object: 'subscription_item' as const,
    billing_thresholds: null,
    created: input.created,
    current_period_end: input.periodEnd,
    current_period_start: input.periodStart,
    discounts: [] as string[],
    metadata: input.metadata ?? {},
    price: input.price,
    quantity: input.quantity,
    subscription: input.subscription,
    tax_rates: [] as never[],
  };
}

export type SubscriptionItem = ReturnType<typeof newSubscriptionItem>;

/** https://docs.stripe.com/api/subscriptions/object */
export function newSubscription(input: {
  customer: string;
  currency: string;
  billingMode: 'classic' | 'flexible';
  livemode: boolean;
  created: number;
}) {
  const id = newId('sub');
  return {
    id,
    object: 'subscription' as const,
    application: null as string | null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: false as boolean,
      liability: null as { account?: string; type: 'account' | 'self' } | null,
    },
    billing_cycle_anchor: input.created,
    billing_cycle_anchor_config: null,
    billing_mode: (input.billingMode === 'flexible'
      ? { flexible: { proration_discounts: 'included' }, type: 'flexible', updated_at: input.created }
      : { flexible: null, type: 'classic' }) as BillingMode,
    billing_schedules: [] as never[],
    billing_thresholds: null,
    cancel_at: null as number | null,
    cancel_at_period_end: false as boolean,
    canceled_at: null as number | null,
    cancellation_details: {
      comment: null as string | null,
      feedback: null as string | null,
      reason: null as CancellationReason | null,
    },
    collection_method: 'charge_automatically' as 'charge_automatically' | 'send_invoice',
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    days_until_due: null as number | null,
    default_payment_method: null as string | null,
    default_source: null,
    default_tax_rates: [] as never[],
    description: null as string | null,
    discounts: [] as string[],
    ended_at: null as number | null,
    invoice_settings: { account_tax_ids: null, issuer: { type: 'self' as const } },
    items: listOf<SubscriptionItem>([], `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null as string | null,
    livemode: input.livemode,
    managed_payments: null,
    metadata: {} as Metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null as CollectionPause | null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null as string[] | null,
      save_default_payment_method: 'off' as 'off' | 'on_subscription',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null as string | null,
    start_date: input.created,
    status: 'incomplete' as SubscriptionStatus,
    test_clock: null,
    transfer_data: null,
    trial_end: null as number | null,
    trial_settings: {
      end_behavior: {
        missing_payment_method: 'create_invoice' as 'cancel' | 'create_invoice' | 'pause',
      },
    },
    trial_start: null as number | null,
  };
}

export type Subscription = ReturnType<typeof newSubscription>;
