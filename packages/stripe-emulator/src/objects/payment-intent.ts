import { newId, randomToken } from '../ids';
import type { Metadata, PaymentError } from './common';

export type PaymentIntentStatus =
  | 'canceled'
  | 'processing'
  | 'requires_action'
  | 'requires_capture'
  | 'requires_confirmation'
  | 'requires_payment_method'
  | 'succeeded';

/** https://docs.stripe.com/api/payment_intents/object */
export function newPaymentIntent(input: {
  amount: number;
  currency: string;
  livemode: boolean;
  created: number;
}) {
  const id = newId('pi');
  return {
    id,
    object: 'payment_intent' as const,
    allowed_payment_method_types: null,
    amount: input.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null as number | null,
    automatic_payment_methods: null as { allow_redirects?: 'always' | 'never'; enabled: boolean } | null,
    canceled_at: null as number | null,
    cancellation_reason: null as string | null,
    capture_method: 'automatic_async' as 'automatic' | 'automatic_async' | 'manual',
    client_secret: `${id}_secret_${randomToken(25)}`,
    confirmation_method: 'automatic' as 'automatic' | 'manual',
    created: input.created,
    currency: input.currency,
    customer: null as string | null,
    customer_account: null,
    description: null as string | null,
    excluded_payment_method_types: null,
    last_payment_error: null as PaymentError | null,
    latest_charge: null as string | null,
    livemode: input.livemode,
    managed_payments: null,
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
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: 'automatic' as 'any' | 'automatic' | 'challenge',
      },
    },
    payment_method_types: ['card'] as string[],
    processing: null,
    receipt_email: null as string | null,
    review: null,
    setup_future_usage: null as 'off_session' | 'on_session' | null,
    shipping: null,
    statement_descriptor: null as string | null,
    statement_descriptor_suffix: null as string | null,
    status: 'requires_payment_method' as PaymentIntentStatus,
    transfer_data: null,
    transfer_group: null as string | null,
    /** Which invoice or Checkout Session this payment serves. */
    _emu: { invoice: null as string | null, session: null as string | null },
  };
}

export type PaymentIntent = ReturnType<typeof newPaymentIntent>;
