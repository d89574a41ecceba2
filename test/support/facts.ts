import type { MembershipFacts } from '../../src/domain/membership';
import type {
  InvoiceFacts,
  PaymentFacts,
  SessionFacts,
  SubscriptionFacts,
} from '../../src/domain/stripe-facts';
import { DAY, HOUR, type Seconds } from '../../src/domain/time';

/** A Tuesday at noon, UTC: the "now" of tests that need no real clock. */
export const NOW: Seconds = Date.UTC(2027, 1, 16, 12) / 1000;

/** A paid invoice for the month that NOW is in. */
export function invoice(over: Partial<InvoiceFacts> = {}): InvoiceFacts {
  return {
    id: 'in_1',
    status: 'paid',
    reason: 'cycle',
    amountPaid: 4900,
    amountRefunded: 0,
    dispute: null,
    finalizedAt: NOW - 10 * DAY,
    paidAt: NOW - 10 * DAY,
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
    startedAt: NOW - 10 * DAY,
    currentPeriodEnd: NOW + 20 * DAY,
    cancelAt: null,
    cancelAtPeriodEnd: false,
    endedAt: null,
    collectionPaused: false,
    resumesAt: null,
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
    amountExclusiveTax: 0,
    amountTotal: 4900,
    lines: [{ priceId: 'price_1', quantity: 1 }],
    payment: payment(),
    subscription: null,
    ...over,
  };
}
