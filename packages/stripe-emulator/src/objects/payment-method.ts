import { newId } from '../ids';
import type { BillingDetails, Metadata } from './common';

/** What a payment method does when it is charged; known from its test number. */
export type ChargeBehavior =
  | 'succeeds'
  | 'generic_decline'
  | 'insufficient_funds'
  | 'lost_card'
  | 'stolen_card'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'processing_error'
  | 'requires_authentication'
  | 'fails_off_session'
  | 'disputed'
  | 'disputed_not_received'
  | 'disputed_inquiry'
  | 'delayed_success'
  | 'delayed_failure';

export interface CardFacts {
  brand: string;
  checks: {
    address_line1_check: string | null;
    address_postal_code_check: string | null;
    cvc_check: string | null;
  } | null;
  country: string | null;
  display_brand: string | null;
  exp_month: number;
  exp_year: number;
  fingerprint: string | null;
  funding: string;
  generated_from: null;
  last4: string;
  networks: { available: string[]; preferred: string | null } | null;
  regulated_status: 'regulated' | 'unregulated' | null;
  three_d_secure_usage: { supported: boolean } | null;
  wallet: null;
}

export interface SepaDebitFacts {
  bank_code: string | null;
  branch_code: string | null;
  country: string | null;
  fingerprint: string | null;
  generated_from: { charge: null; setup_attempt: null } | null;
  last4: string | null;
}

/** https://docs.stripe.com/api/payment_methods/object. `_emu` holds what only the emulator knows. */
export function newPaymentMethod(input: {
  type: 'card' | 'sepa_debit';
  card?: CardFacts;
  sepaDebit?: SepaDebitFacts;
  billingDetails: BillingDetails;
  behavior: ChargeBehavior;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('pm'),
    object: 'payment_method' as const,
    allow_redisplay: 'unspecified' as 'always' | 'limited' | 'unspecified',
    billing_details: input.billingDetails,
    ...(input.card ? { card: input.card } : {}),
    created: input.created,
    customer: null as string | null,
    customer_account: null,
    livemode: input.livemode,
    metadata: {} as Metadata,
    ...(input.sepaDebit ? { sepa_debit: input.sepaDebit } : {}),
    type: input.type,
    _emu: { behavior: input.behavior, failing: false as boolean },
  };
}

export type PaymentMethod = ReturnType<typeof newPaymentMethod>;
