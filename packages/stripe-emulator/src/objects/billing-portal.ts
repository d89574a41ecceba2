import { newId } from '../ids';
import type { Metadata } from './common';

export type CancellationFeedback =
  | 'customer_service'
  | 'low_quality'
  | 'missing_features'
  | 'other'
  | 'switched_service'
  | 'too_complex'
  | 'too_expensive'
  | 'unused';

export type CustomerField = 'address' | 'email' | 'name' | 'phone' | 'shipping' | 'tax_id';
type Proration = 'always_invoice' | 'create_prorations' | 'none';

interface PortalProduct {
  adjustable_quantity: { enabled: boolean; maximum: number | null; minimum: number };
  prices: string[];
  product: string;
}

/** https://docs.stripe.com/api/customer_portal/configurations/object */
export function newPortalConfiguration(input: { isDefault: boolean; livemode: boolean; created: number }) {
  return {
    id: newId('bpc'),
    object: 'billing_portal.configuration' as const,
    active: true as boolean,
    application: null as string | null,
    business_profile: {
      headline: null as string | null,
      privacy_policy_url: null as string | null,
      terms_of_service_url: null as string | null,
    },
    created: input.created,
    default_return_url: null as string | null,
    features: {
      customer_update: { allowed_updates: [] as CustomerField[], enabled: false as boolean },
      invoice_history: { enabled: false as boolean },
      payment_method_update: {
        enabled: false as boolean,
        payment_method_configuration: null as string | null,
      },
      subscription_cancel: {
        cancellation_reason: {
          enabled: false as boolean,
          feedback_options: null,
          options: [] as CancellationFeedback[],
        },
        enabled: false as boolean,
        mode: 'at_period_end' as 'at_period_end' | 'immediately',
        proration_behavior: 'none' as Proration,
      },
      subscription_update: {
        billing_cycle_anchor: 'unchanged' as 'now' | 'unchanged' | null,
        default_allowed_updates: [] as ('price' | 'promotion_code' | 'quantity')[],
        enabled: false as boolean,
        products: null as PortalProduct[] | null,
        proration_behavior: 'none' as Proration,
        schedule_at_period_end: {
          conditions: [] as { type: 'decreasing_item_amount' | 'shortening_interval' }[],
        },
        trial_update_behavior: 'end_trial' as 'continue_trial' | 'end_trial',
      },
    },
    is_default: input.isDefault,
    livemode: input.livemode,
    login_page: { enabled: false as boolean, url: null as string | null },
    metadata: {} as Metadata,
    name: null as string | null,
    updated: input.created,
  };
}

export type PortalConfiguration = ReturnType<typeof newPortalConfiguration>;

/** What a session is opened for; without one it shows everything. */
export interface PortalFlow {
  after_completion: {
    hosted_confirmation: { custom_message: string | null } | null;
    redirect: { return_url: string } | null;
    type: 'hosted_confirmation' | 'portal_homepage' | 'redirect';
  };
  customer_update: null;
  subscription_cancel: { retention: null; subscription: string } | null;
  subscription_update: null;
  subscription_update_confirm: null;
  type: 'payment_method_update' | 'subscription_cancel';
}

/** https://docs.stripe.com/api/customer_portal/sessions/object */
export function newPortalSession(input: {
  configuration: string;
  customer: string;
  publicUrl: string;
  livemode: boolean;
  created: number;
}) {
  const id = newId('bps');
  return {
    id,
    object: 'billing_portal.session' as const,
    configuration: input.configuration,
    created: input.created,
    customer: input.customer,
    customer_account: null,
    flow: null as PortalFlow | null,
    livemode: input.livemode,
    locale: null as string | null,
    on_behalf_of: null as string | null,
    return_url: null as string | null,
    url: `${input.publicUrl}/p/session/${id}`,
    /** A card whose bank asks for 3-D Secure. */
    _emu: { challengedMethod: null as string | null },
  };
}

export type PortalSession = ReturnType<typeof newPortalSession>;
