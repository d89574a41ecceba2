import type { Offer } from '../../src/domain/checkout';
import type { MembershipFacts } from '../../src/domain/membership-facts';
import { latestEnd } from '../../src/domain/paid-periods';
import type {
  InvoiceFacts,
  InvoiceLineFacts,
  ItemFacts,
  PaymentFacts,
  SessionFacts,
  SubscriptionFacts,
} from '../../src/domain/stripe-facts';
import { DAY, HOUR, type Seconds } from '../../src/domain/time';

/** A Tuesday at noon, UTC: the "now" of tests that need no real clock. */
export const NOW: Seconds = Date.UTC(2027, 1, 16, 12) / 1000;

/** A line for the month that NOW is in, of the subscription's only item, at 49.00. */
export function line(over: Partial<InvoiceLineFacts> = {}): InvoiceLineFacts {
  return {
    id: 'il_1',
    itemId: 'si_1',
    stripePriceId: 'price_1',
    stripeProductId: 'prod_1',
    quantity: 1,
    amount: 4900,
    discount: 0,
    proration: false,
    periodStart: NOW - 10 * DAY,
    periodEnd: NOW + 20 * DAY,
    credits: null,
    ...over,
  };
}

/** A paid invoice for the month that NOW is in. `periodEnd` alone makes its only line. */
export function invoice(over: Partial<InvoiceFacts> = {}): InvoiceFacts {
  const end = over.periodEnd === undefined ? NOW + 20 * DAY : over.periodEnd;
  const lines =
    over.lines ??
    (end === null
      ? []
      : [line({ id: `il_${over.id ?? 'in_1'}`, periodStart: end - 30 * DAY, periodEnd: end })]);
  return {
    id: 'in_1',
    createdAt: over.finalizedAt ?? NOW - 10 * DAY,
    status: 'paid',
    reason: 'cycle',
    collectionMethod: 'charge_automatically',
    total: 4900,
    amountDue: 4900,
    amountPaid: 4900,
    amountRemaining: 0,
    fromBalance: 0,
    creditNotes: 0,
    amountRefunded: 0,
    dispute: null,
    disputeDates: null,
    finalizedAt: NOW - 10 * DAY,
    paidAt: NOW - 10 * DAY,
    dueAt: null,
    attempted: true,
    nextAttemptAt: null,
    hostedUrl: null,
    ...over,
    lines,
    periodEnd: latestEnd(lines),
  };
}

/** What an item of a subscription is. */
export function item(over: Partial<ItemFacts> = {}): ItemFacts {
  return {
    id: 'si_1',
    createdAt: NOW - 10 * DAY,
    stripePriceId: 'price_1',
    stripeProductId: 'prod_1',
    quantity: 1,
    periodStart: NOW - 10 * DAY,
    periodEnd: NOW + 20 * DAY,
    ...over,
  };
}

/** An active monthly subscription, ten days into a paid period. */
export function subscription(over: Partial<SubscriptionFacts> = {}): SubscriptionFacts {
  return {
    id: 'sub_1',
    status: 'active',
    customerId: 'cus_1',
    currency: 'usd',
    startedAt: NOW - 10 * DAY,
    items: [item()],
    currentPeriodEnd: NOW + 20 * DAY,
    trialStart: null,
    trialEnd: null,
    cancelAt: null,
    cancelAtPeriodEnd: false,
    endedAt: null,
    collectionPaused: false,
    resumesAt: null,
    collectionMethod: 'charge_automatically',
    cardExpiresAt: null,
    scheduleId: null,
    discounts: [],
    latestInvoiceId: null,
    invoices: [invoice()],
    ...over,
  };
}

/** What is stored of a fresh membership. */
export function membershipFacts(over: Partial<MembershipFacts> = {}): MembershipFacts {
  return {
    kind: 'subscription',
    startedAt: NOW - 10 * DAY,
    paidThrough: null,
    installmentsDue: null,
    installmentsPaid: null,
    accessDays: null,
    accessStartsAt: null,
    withheld: null,
    ...over,
  };
}

/** A one-off payment of 49.00, made an hour ago. */
export function payment(over: Partial<PaymentFacts> = {}): PaymentFacts {
  return {
    id: 'pi_1',
    status: 'succeeded',
    paidAt: NOW - HOUR,
    amount: 4900,
    amountRefunded: 0,
    dispute: null,
    disputeDates: null,
    ...over,
  };
}

/** A completed and paid session for one `price_1` at 49.00 usd. */
export function session(over: Partial<SessionFacts> = {}): SessionFacts {
  return {
    id: 'cs_1',
    status: 'complete',
    paymentStatus: 'paid',
    url: null,
    createdAt: NOW - 2 * HOUR,
    expiresAt: NOW + HOUR,
    customerId: 'cus_1',
    email: 'member@example.com',
    currency: 'usd',
    amountSubtotal: 4900,
    amountDiscount: 0,
    discounts: [],
    amountExclusiveTax: 0,
    amountTotal: 4900,
    lines: [{ priceId: 'price_1', quantity: 1, amountSubtotal: 4900 }],
    payment: payment(),
    subscription: null,
    ...over,
  };
}

/** One of what costs 49.00 once, as it was offered. */
export const OFFER: Offer = {
  stripePriceId: 'price_1',
  stripeSetupPriceId: null,
  quantity: 1,
  currency: 'usd',
  beside: [],
  sales: { salesStartAt: null, salesEndAt: null },
  terms: {
    model: 'one_off',
    unitAmount: 4900,
    trialDays: null,
    setupFee: null,
    minAmount: null,
    maxAmount: null,
  },
};
