import { newId } from '../ids';
import type { BalanceTransaction } from './charge';
import type { Metadata } from './common';

export type DisputeStatus =
  | 'lost'
  | 'needs_response'
  | 'prevented'
  | 'under_review'
  | 'warning_closed'
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'won';

const EVIDENCE = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;

export type EvidenceField = (typeof EVIDENCE)[number];

export function isEvidenceField(name: string): name is EvidenceField {
  return (EVIDENCE as readonly string[]).includes(name);
}

/** https://docs.stripe.com/api/disputes/object; `dueBy` in Unix seconds. */
export function newDispute(input: {
  charge: string;
  paymentIntent: string | null;
  amount: number;
  currency: string;
  reason: string;
  status: DisputeStatus;
  brand: string;
  caseType: 'chargeback' | 'inquiry' | 'resolution';
  dueBy: number | null;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('du'),
    object: 'dispute' as const,
    amount: input.amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: input.charge,
    created: input.created,
    currency: input.currency,
    enhanced_eligibility_types: [] as never[],
    evidence: {
      ...(Object.fromEntries(EVIDENCE.map((field) => [field, null])) as Record<EvidenceField, string | null>),
      enhanced_evidence: {},
    },
    evidence_details: {
      due_by: input.dueBy,
      enhanced_eligibility: {},
      has_evidence: false as boolean,
      past_due: false as boolean,
      submission_count: 0,
    },
    is_charge_refundable: input.caseType === 'inquiry',
    livemode: input.livemode,
    metadata: {} as Metadata,
    payment_intent: input.paymentIntent,
    payment_method_details: {
      card: {
        brand: input.brand,
        case_type: input.caseType as 'chargeback' | 'inquiry' | 'resolution',
        network: input.brand,
        network_reason_code: REASON_CODES[input.reason] ?? null,
      },
      type: 'card' as const,
    },
    reason: input.reason,
    status: input.status,
  };
}

export type Dispute = ReturnType<typeof newDispute>;

/** Visa's codes: https://docs.stripe.com/disputes/reason-codes-defense-requirements */
const REASON_CODES: Record<string, string> = {
  fraudulent: '10.4',
  product_not_received: '13.1',
  subscription_canceled: '13.2',
  product_unacceptable: '13.3',
  credit_not_processed: '13.6',
  duplicate: '12.6.1',
};

export const DISPUTE_REASONS = [
  'bank_cannot_process',
  'check_returned',
  'credit_not_processed',
  'customer_initiated',
  'debit_not_authorized',
  'duplicate',
  'fraudulent',
  'general',
  'incorrect_account_details',
  'insufficient_funds',
  'noncompliant',
  'product_not_received',
  'product_unacceptable',
  'subscription_canceled',
  'unrecognized',
];
