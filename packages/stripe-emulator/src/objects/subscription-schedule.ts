import { newId } from '../ids';
import type { Metadata } from './common';
import type { BillingMode } from './subscription';

export type ScheduleStatus = 'active' | 'canceled' | 'completed' | 'not_started' | 'released';
export type ScheduleEnd = 'cancel' | 'none' | 'release' | 'renew';
export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none';

/** What a phase charges for. */
export function newPhaseItem(input: { price: string; quantity: number; metadata: Metadata }) {
  return {
    billing_thresholds: null,
    discounts: [] as never[],
    metadata: input.metadata,
    price: input.price,
    quantity: input.quantity,
    tax_rates: [] as never[],
  };
}

export type PhaseItem = ReturnType<typeof newPhaseItem>;

/** One phase of a schedule; `start` and `end` in Unix seconds. */
export function newPhase(input: { currency: string; items: PhaseItem[]; start: number; end: number }) {
  return {
    add_invoice_items: [] as never[],
    application_fee_percent: null,
    billing_cycle_anchor: null as 'automatic' | 'phase_start' | null,
    billing_thresholds: null,
    collection_method: null as 'charge_automatically' | 'send_invoice' | null,
    currency: input.currency,
    default_payment_method: null as string | null,
    default_tax_rates: [] as never[],
    description: null as string | null,
    discounts: [] as never[],
    end_date: input.end,
    invoice_settings: null,
    items: input.items,
    metadata: {} as Metadata,
    on_behalf_of: null,
    proration_behavior: 'create_prorations' as ProrationBehavior,
    start_date: input.start,
    transfer_data: null,
    trial_end: null as number | null,
  };
}

export type Phase = ReturnType<typeof newPhase>;

/** https://docs.stripe.com/api/subscription_schedules/object */
export function newSubscriptionSchedule(input: {
  customer: string;
  billingMode: BillingMode;
  phases: Phase[];
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('sub_sched'),
    object: 'subscription_schedule' as const,
    application: null as string | null,
    billing_mode: input.billingMode,
    canceled_at: null as number | null,
    completed_at: null as number | null,
    created: input.created,
    current_phase: null as { end_date: number; start_date: number } | null,
    customer: input.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: 'automatic' as 'automatic' | 'phase_start',
      billing_thresholds: null,
      collection_method: 'charge_automatically' as 'charge_automatically' | 'send_invoice',
      default_payment_method: null as string | null,
      description: null as string | null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null as number | null,
        description: null,
        footer: null,
        issuer: { type: 'self' as const },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release' as ScheduleEnd,
    livemode: input.livemode,
    metadata: {} as Metadata,
    phases: input.phases,
    released_at: null as number | null,
    released_subscription: null as string | null,
    status: 'not_started' as ScheduleStatus,
    subscription: null as string | null,
    test_clock: null as string | null,
  };
}

export type SubscriptionSchedule = ReturnType<typeof newSubscriptionSchedule>;
