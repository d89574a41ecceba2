import { newId, randomToken } from '../ids';
import type { Metadata, PaymentError } from './common';

export type SetupIntentStatus =
  | 'canceled'
  | 'processing'
  | 'requires_action'
  | 'requires_confirmation'
  | 'requires_payment_method'
  | 'succeeded';

/** https://docs.stripe.com/api/setup_intents/object */
export function newSetupIntent(input: { livemode: boolean; created: number }) {
  const id = newId('seti');
  return {
    id,
    object: 'setup_intent' as const,
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null as { allow_redirects?: 'always' | 'never'; enabled: boolean } | null,
    cancellation_reason: null as 'abandoned' | 'duplicate' | 'requested_by_customer' | null,
    client_secret: `${id}_secret_${randomToken(25)}` as string | null,
    created: input.created,
    customer: null as string | null,
    customer_account: null,
    description: null as string | null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null as PaymentError | null,
    latest_attempt: null,
    livemode: input.livemode,
    managed_payments: null,
    mandate: null,
    metadata: {} as Metadata,
    next_action: null as {
      type: string;
      redirect_to_url?: { return_url: string | null; url: string | null };
      use_stripe_sdk?: Record<string, string>;
    } | null,
    on_behalf_of: null,
    payment_method: null as string | null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic' as 'any' | 'automatic' | 'challenge',
      },
    },
    payment_method_types: ['card'] as string[],
    single_use_mandate: null,
    status: 'requires_payment_method' as SetupIntentStatus,
    usage: 'off_session' as 'off_session' | 'on_session',
    /** Which Checkout Session this setup belongs to. */
    _emu: { session: null as string | null },
  };
}

export type SetupIntent = ReturnType<typeof newSetupIntent>;
