import { randomToken } from '../ids';
import type { Price } from './catalog';
import type { Address, Metadata } from './common';

/** What a payer gave who buys as a business. */
export interface Business {
  name: string;
  taxId: TaxIdGiven | null;
}

export interface TaxIdGiven {
  type: string;
  value: string;
}

/** https://docs.stripe.com/api/checkout/sessions/line_items */
export function newSessionLine(input: {
  price: Price;
  quantity: number;
  description: string;
  unitAmount: number;
  currency: string;
}) {
  const amount = input.unitAmount * input.quantity;
  return {
    id: `li_${randomToken(24)}`,
    object: 'item' as const,
    adjustable_quantity: null as { enabled: boolean; maximum: number | null; minimum: number | null } | null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: input.currency,
    description: input.description as string | null,
    metadata: {} as Metadata,
    price: input.price as Price | null,
    quantity: input.quantity as number | null,
  };
}

export type SessionLine = ReturnType<typeof newSessionLine>;

/** What the creator asked for and the session object does not show. */
export interface SessionPlan {
  lines: SessionLine[];
  /** What is offered beside; what is taken of it is among the lines. Left out: nothing, or stored before there was any. */
  optional?: SessionLine[];
  /** Ids of the discounts that count, whether asked for by the creator or by the payer. */
  discounts: string[];
  /** Which of the customer's fields take what the payer gives. */
  customerUpdate: { address: boolean; name: boolean };
  setupMetadata: Metadata;
  setupDescription: string | null;
  paymentIntentMetadata: Metadata;
  paymentIntentDescription: string | null;
  paymentIntentReceiptEmail: string | null;
  setupFutureUsage: 'off_session' | 'on_session' | null;
  subscriptionMetadata: Metadata;
  subscriptionDescription: string | null;
  trialDays: number | null;
  trialEnd: number | null;
  missingPaymentMethod: 'cancel' | 'create_invoice' | 'pause';
  billingMode: 'classic' | 'flexible';
  /** The intent of a declined or unauthenticated attempt, used again by the next one. */
  pendingIntent: string | null;
  business: Business | null;
  /** The payment method that waits for its 3-D Secure challenge. */
  challengedMethod: string | null;
}

/** https://docs.stripe.com/api/checkout/sessions/object */
export function newCheckoutSession(input: {
  mode: 'payment' | 'subscription' | 'setup';
  currency: string | null;
  url: (id: string) => string;
  plan: SessionPlan;
  livemode: boolean;
  created: number;
}) {
  const id = `cs_${input.livemode ? 'live' : 'test'}_a1${randomToken(56)}`;
  const subtotal = input.plan.lines.reduce((sum, line) => sum + line.amount_subtotal, 0);
  return {
    id,
    object: 'checkout.session' as const,
    adaptive_pricing: { enabled: false } as { enabled: boolean } | null,
    after_expiration: null as {
      recovery: {
        allow_promotion_codes: boolean;
        enabled: boolean;
        expires_at: number | null;
        url: string | null;
      } | null;
    } | null,
    allow_promotion_codes: null as boolean | null,
    amount_subtotal: subtotal as number | null,
    amount_total: subtotal as number | null,
    automatic_tax: {
      enabled: false as boolean,
      liability: null as { account?: string; type: 'account' | 'self' } | null,
      provider: null as string | null,
      status: null as 'complete' | 'failed' | 'requires_location_inputs' | null,
    },
    billing_address_collection: null as 'auto' | 'required' | null,
    cancel_url: null as string | null,
    client_reference_id: null as string | null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: input.created,
    currency: input.currency as string | null,
    currency_conversion: null,
    custom_fields: [] as never[],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null as { message: string } | null,
      terms_of_service_acceptance: null,
    },
    customer: null as string | null,
    customer_account: null,
    customer_creation: null as 'always' | 'if_required' | null,
    customer_details: null as {
      address: Address | null;
      business_name: string | null;
      email: string | null;
      individual_name: string | null;
      name: string | null;
      phone: string | null;
      tax_exempt: 'exempt' | 'none' | 'reverse' | null;
      tax_ids: TaxIdGiven[] | null;
    } | null,
    customer_email: null as string | null,
    discounts: [] as { coupon: string | null; promotion_code: string | null }[] | null,
    expires_at: input.created + 86400,
    integration_identifier: null,
    invoice: null as string | null,
    invoice_creation: null as {
      enabled: boolean;
      invoice_data: { description: string | null; footer: string | null; metadata: Metadata } & Record<
        string,
        unknown
      >;
    } | null,
    livemode: input.livemode,
    locale: null as string | null,
    managed_payments: null,
    metadata: {} as Metadata | null,
    mode: input.mode,
    // Only where it was asked for.
    optional_items: undefined as
      | {
          adjustable_quantity: SessionLine['adjustable_quantity'];
          price: string;
          quantity: number;
        }[]
      | undefined,
    origin_context: null,
    payment_intent: null as string | null,
    payment_link: null,
    payment_method_collection: null as 'always' | 'if_required' | null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { request_three_d_secure: 'automatic' as 'any' | 'automatic' | 'challenge' },
    },
    payment_method_types: ['card'] as string[],
    payment_status: 'unpaid' as 'no_payment_required' | 'paid' | 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null as string | null,
    saved_payment_method_options: null,
    setup_intent: null as string | null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [] as never[],
    status: 'open' as 'complete' | 'expired' | 'open' | null,
    submit_type: null as 'auto' | 'book' | 'donate' | 'pay' | 'subscribe' | null,
    subscription: null as string | null,
    success_url: null as string | null,
    // Only where it was asked for.
    tax_id_collection: undefined as { enabled: boolean; required: 'if_supported' | 'never' } | undefined,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page' as 'elements' | 'embedded_page' | 'hosted_page' | null,
    url: input.url(id) as string | null,
    wallet_options: null,
    _emu: input.plan,
  };
}

export type CheckoutSession = ReturnType<typeof newCheckoutSession>;
