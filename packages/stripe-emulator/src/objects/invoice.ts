import { newId } from '../ids';
import { listOf, type Address, type Metadata } from './common';

export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
export type BillingReason =
  'manual' | 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'upcoming';

export interface ProrationDetails {
  credited_items: { invoice: string; invoice_line_items: string[] } | null;
}

export type LineParent =
  | {
      type: 'subscription_item_details';
      invoice_item_details: null;
      subscription_item_details: {
        invoice_item: string | null;
        proration: boolean;
        proration_details: ProrationDetails | null;
        subscription: string | null;
        subscription_item: string;
      };
    }
  | {
      type: 'invoice_item_details';
      invoice_item_details: {
        invoice_item: string;
        proration: boolean;
        proration_details: ProrationDetails | null;
        subscription: string | null;
      };
      subscription_item_details: null;
    };

export interface Pricing {
  price_details: { price: string; product: string };
  type: 'price_details';
  unit_amount_decimal: string | null;
}

/** https://docs.stripe.com/api/invoice-line-item/object; `period` in Unix seconds. */
export function newInvoiceLine(input: {
  invoice: string;
  amount: number;
  currency: string;
  description: string | null;
  period: { start: number; end: number };
  parent: LineParent;
  pricing: Pricing | null;
  quantity: number | null;
  metadata: Metadata;
  livemode: boolean;
}) {
  return {
    id: newId('il'),
    object: 'line_item' as const,
    amount: input.amount,
    currency: input.currency,
    description: input.description,
    discount_amounts: [] as { amount: number; discount: string }[],
    discountable: input.amount >= 0,
    discounts: [] as string[],
    invoice: input.invoice as string | null,
    livemode: input.livemode,
    metadata: input.metadata,
    parent: input.parent as LineParent | null,
    period: input.period,
    pretax_credit_amounts: [] as never[],
    pricing: input.pricing,
    quantity: input.quantity,
    quantity_decimal: input.quantity === null ? null : String(input.quantity),
    subscription:
      input.parent.subscription_item_details?.subscription ??
      input.parent.invoice_item_details?.subscription ??
      null,
    subtotal: input.amount,
    taxes: [] as never[],
  };
}

export type InvoiceLine = ReturnType<typeof newInvoiceLine>;

/** https://docs.stripe.com/api/invoices/object */
export function newInvoice(input: {
  id?: string;
  customer: string;
  currency: string;
  billingReason: BillingReason;
  accountCountry: string;
  accountName: string | null;
  livemode: boolean;
  created: number;
}) {
  const id = input.id ?? newId('in');
  return {
    id,
    object: 'invoice' as const,
    account_country: input.accountCountry as string | null,
    account_name: input.accountName,
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null as string | null,
    attempt_count: 0,
    attempted: false as boolean,
    auto_advance: true as boolean,
    automatic_tax: {
      disabled_reason: null,
      enabled: false as boolean,
      liability: null as { account?: string; type: 'account' | 'self' } | null,
      provider: null as string | null,
      status: null as 'complete' | 'failed' | 'requires_location_inputs' | null,
    },
    automatically_finalizes_at: null as number | null,
    billing_reason: input.billingReason as BillingReason | null,
    collection_method: 'charge_automatically' as 'charge_automatically' | 'send_invoice',
    created: input.created,
    currency: input.currency,
    custom_fields: null,
    customer: input.customer,
    customer_account: null,
    customer_address: null as Address | null,
    customer_email: null as string | null,
    customer_name: null as string | null,
    customer_phone: null as string | null,
    customer_shipping: null,
    customer_tax_exempt: 'none' as 'exempt' | 'none' | 'reverse' | null,
    customer_tax_ids: [] as { type: string; value: string }[],
    default_payment_method: null as string | null,
    default_source: null,
    default_tax_rates: [] as never[],
    description: null as string | null,
    discounts: [] as string[],
    due_date: null as number | null,
    effective_at: null as number | null,
    ending_balance: null as number | null,
    footer: null as string | null,
    from_invoice: null,
    hosted_invoice_url: null as string | null,
    invoice_pdf: null as string | null,
    issuer: { type: 'self' as const },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf<InvoiceLine>([], `/v1/invoices/${id}/lines`),
    livemode: input.livemode,
    metadata: {} as Metadata,
    next_payment_attempt: null as number | null,
    number: null as string | null,
    on_behalf_of: null,
    parent: null as {
      quote_details: null;
      subscription_details: {
        metadata: Metadata;
        subscription: string;
        subscription_proration_date?: number;
      };
      type: 'subscription_details';
    } | null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.created,
    period_start: input.created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null as string | null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null as string | null,
    status: 'draft' as InvoiceStatus,
    status_transitions: {
      finalized_at: null as number | null,
      marked_uncollectible_at: null as number | null,
      paid_at: null as number | null,
      voided_at: null as number | null,
    },
    subtotal: 0,
    subtotal_excluding_tax: 0 as number | null,
    test_clock: null,
    total: 0,
    total_discount_amounts: [] as { amount: number; discount: string }[],
    total_excluding_tax: 0 as number | null,
    total_pretax_credit_amounts: [] as never[],
    total_taxes: [] as never[],
    webhooks_delivered_at: null as number | null,
  };
}

export type Invoice = ReturnType<typeof newInvoice>;

/** https://docs.stripe.com/api/invoice-payment/object */
export function newInvoicePayment(input: {
  invoice: string;
  paymentIntent: string;
  amount: number;
  currency: string;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('inpay'),
    object: 'invoice_payment' as const,
    amount_paid: null as number | null,
    amount_requested: input.amount,
    created: input.created,
    currency: input.currency,
    invoice: input.invoice,
    is_default: true,
    livemode: input.livemode,
    payment: { payment_intent: input.paymentIntent, type: 'payment_intent' as const },
    status: 'open' as 'open' | 'paid' | 'canceled',
    status_transitions: { canceled_at: null as number | null, paid_at: null as number | null },
  };
}

export type InvoicePayment = ReturnType<typeof newInvoicePayment>;

/** https://docs.stripe.com/api/invoiceitems/object */
export function newInvoiceItem(input: {
  customer: string;
  amount: number;
  currency: string;
  description: string | null;
  period: { start: number; end: number };
  pricing: Pricing | null;
  proration: boolean;
  quantity: number;
  subscription: string | null;
  subscriptionItem: string | null;
  metadata: Metadata;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('ii'),
    object: 'invoiceitem' as const,
    amount: input.amount,
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    date: input.created,
    description: input.description,
    discountable: !input.proration,
    discounts: [] as string[],
    invoice: null as string | null,
    livemode: input.livemode,
    metadata: input.metadata,
    net_amount: input.amount,
    parent: input.subscription
      ? {
          subscription_details: {
            subscription: input.subscription,
            ...(input.subscriptionItem ? { subscription_item: input.subscriptionItem } : {}),
          },
          type: 'subscription_details' as const,
        }
      : null,
    period: input.period,
    pricing: input.pricing,
    proration: input.proration,
    quantity: input.quantity,
    quantity_decimal: String(input.quantity),
    tax_rates: [] as never[],
    test_clock: null,
    /** The charge that a proration credits, and the invoice that it is on. */
    _emu: undefined as { credits: string; of: string | null } | undefined,
  };
}

export type InvoiceItem = ReturnType<typeof newInvoiceItem>;
