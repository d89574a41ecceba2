import { newId } from '../ids';
import type { BillingDetails, Metadata } from './common';
import type { PaymentMethod } from './payment-method';

export interface ChargeOutcome {
  advice_code: string | null;
  network_advice_code: string | null;
  network_decline_code: string | null;
  network_status: string | null;
  reason: string | null;
  risk_level: string;
  risk_score: number;
  seller_message: string | null;
  type: string;
}

/** How the money was taken, in the words of https://docs.stripe.com/api/charges/object#charge_object-payment_method_details */
export function paymentMethodDetails(method: PaymentMethod, threeDSecure: boolean) {
  if (method.type === 'sepa_debit') {
    const { generated_from: _unused, ...facts } = method.sepa_debit ?? {
      bank_code: null,
      branch_code: null,
      country: null,
      fingerprint: null,
      generated_from: null,
      last4: null,
    };
    return { type: 'sepa_debit', sepa_debit: { ...facts, mandate: null } };
  }
  const card = method.card;
  return {
    type: 'card',
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand: card?.brand ?? null,
      checks: card?.checks ?? null,
      country: card?.country ?? null,
      exp_month: card?.exp_month ?? 12,
      exp_year: card?.exp_year ?? 2034,
      extended_authorization: { status: 'disabled' },
      fingerprint: card?.fingerprint ?? null,
      funding: card?.funding ?? null,
      incremental_authorization: { status: 'unavailable' },
      installments: null,
      last4: card?.last4 ?? null,
      mandate: null,
      multicapture: { status: 'unavailable' },
      network: card?.brand ?? null,
      network_token: { used: false },
      network_transaction_id: null,
      overcapture: { maximum_amount_capturable: 0, status: 'unavailable' },
      regulated_status: card?.regulated_status ?? null,
      three_d_secure: threeDSecure
        ? {
            authentication_flow: 'challenge',
            electronic_commerce_indicator: '05',
            exemption_indicator: null,
            result: 'authenticated',
            result_reason: null,
            transaction_id: null,
            version: '2.2.0',
          }
        : null,
      wallet: null,
    },
  };
}

/** https://docs.stripe.com/api/charges/object */
export function newCharge(input: {
  amount: number;
  currency: string;
  billingDetails: BillingDetails;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('ch'),
    object: 'charge' as const,
    amount: input.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null as string | null,
    billing_details: input.billingDetails,
    calculated_statement_descriptor: 'EMULATOR' as string | null,
    captured: false as boolean,
    created: input.created,
    currency: input.currency,
    customer: null as string | null,
    description: null as string | null,
    disputed: false as boolean,
    failure_balance_transaction: null,
    failure_code: null as string | null,
    failure_message: null as string | null,
    fraud_details: {} as Record<string, string>,
    livemode: input.livemode,
    metadata: {} as Metadata,
    on_behalf_of: null,
    outcome: null as ChargeOutcome | null,
    paid: false as boolean,
    payment_intent: null as string | null,
    payment_method: null as string | null,
    payment_method_details: null as ReturnType<typeof paymentMethodDetails> | null,
    presentment_details: undefined,
    receipt_email: null as string | null,
    receipt_number: null as string | null,
    receipt_url: null as string | null,
    refunded: false as boolean,
    review: null,
    shipping: null,
    source_transfer: null,
    statement_descriptor: null as string | null,
    statement_descriptor_suffix: null as string | null,
    status: 'pending' as 'failed' | 'pending' | 'succeeded',
    transfer_data: null,
    transfer_group: null as string | null,
  };
}

export type Charge = ReturnType<typeof newCharge>;

/** https://docs.stripe.com/api/balance_transactions/object. The emulator takes no fees: net equals amount. */
export function newBalanceTransaction(input: {
  amount: number;
  currency: string;
  source: string;
  type: 'charge' | 'refund' | 'payment' | 'payment_refund' | 'adjustment' | 'refund_failure';
  description: string | null;
  created: number;
}) {
  const category = {
    charge: 'charge',
    payment: 'charge',
    refund: 'refund',
    payment_refund: 'refund',
    adjustment: 'dispute',
    refund_failure: 'refund_failure',
  };
  return {
    id: newId('txn'),
    object: 'balance_transaction' as const,
    amount: input.amount,
    available_on: input.created + 2 * 86400,
    balance_type: 'payments' as const,
    created: input.created,
    currency: input.currency,
    description: input.description,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: input.amount,
    reporting_category: category[input.type],
    source: input.source,
    status: 'pending' as 'available' | 'pending',
    type: input.type,
  };
}

export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>;

export type RefundStatus = 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';

/** https://docs.stripe.com/api/refunds/object */
export function newRefund(input: { amount: number; currency: string; charge: string; created: number }) {
  return {
    id: newId('re'),
    object: 'refund' as const,
    amount: input.amount,
    balance_transaction: null as string | null,
    charge: input.charge as string | null,
    created: input.created,
    currency: input.currency,
    customer: null as string | null,
    customer_account: null,
    destination_details: undefined as
      | { card: { type: 'refund'; reference_status: string; reference_type: string }; type: 'card' }
      | { type: string }
      | undefined,
    failure_balance_transaction: undefined as string | undefined,
    failure_reason: undefined as string | undefined,
    metadata: {} as Metadata,
    payment_intent: null as string | null,
    payment_method: null as string | null,
    reason: null as 'duplicate' | 'fraudulent' | 'requested_by_customer' | null,
    receipt_number: null as string | null,
    source_transfer_reversal: null,
    status: 'succeeded' as RefundStatus,
    transfer_reversal: null,
  };
}

export type Refund = ReturnType<typeof newRefund>;
