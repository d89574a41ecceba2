/** What a coach's server reads of the API's answers; /openapi.json has all of it. Times are ISO 8601, UTC. */

export type Mode = 'test' | 'live';

export interface ProblemBody {
  status: number;
  code: string;
  detail: string;
  todo: string;
  field?: string;
  details?: Record<string, unknown>;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export interface Coach {
  id: string;
  name: string;
}

export interface NewApiKey {
  id: string;
  key: string;
}

export interface Settings {
  graceDays: number;
  renewalLeewayHours: number;
  honourPaidPeriod: boolean;
  keepAfterRefund: boolean;
  keepDuringDispute: boolean;
  automaticTax: boolean;
  promotionCodes: boolean;
  origins: string[];
  defaultSuccessUrl: string | null;
  defaultCancelUrl: string | null;
  connectionReturnUrl: string | null;
}

export interface Product {
  id: string;
  name: string;
  description: string | null;
  status: 'active' | 'archived';
}

export interface Price {
  id: string;
  productId: string;
  status: 'provisioning' | 'active' | 'failed' | 'archived';
  model: 'one_off' | 'recurring' | 'installments' | 'pay_what_you_want' | 'free';
  /** Minor units. */
  unitAmount: number;
  currency: string;
  recurring: { interval: string; intervalCount: number } | null;
  trialDays: number | null;
  /** Minor units, with the first payment. */
  setupFee: number | null;
  /** How many payments buy the product. */
  installments: number | null;
  /** Minor units: the least that a buyer may choose. */
  minAmount: number | null;
  soldOut: boolean;
  /** It exists on the Stripe account that is connected now; only then it is for sale. */
  onConnectedAccount: boolean;
  nickname: string | null;
  failure: { code: string; message: string } | null;
  buyUrl: string;
}

export interface Member {
  id: string;
  externalId: string | null;
  email: string | null;
}

export interface Next {
  at: string | null;
  what: string;
  inWords: string;
}

/** What comes of one cause of access by itself. */
export interface Upcoming extends Next {
  grantId: string;
  cause: 'membership' | 'gift' | 'free';
  membershipId: string | null;
}

/** What a membership's subscription is for at Stripe. */
export interface MembershipItem {
  itemId: string;
  productId: string | null;
  priceId: string | null;
  stripePriceId: string;
  stripeProductId: string;
  quantity: number;
  periodEnd: string;
  /** Not sold here: it gives nothing. */
  foreign: boolean;
}

export interface Membership {
  id: string;
  memberId: string;
  productId: string;
  priceId: string;
  checkoutId: string;
  kind: 'subscription' | 'one_off';
  status: 'trialing' | 'active' | 'canceling' | 'past_due' | 'suspended' | 'owned' | 'ended';
  reason: string;
  reasonInWords: string;
  paidThrough: string | null;
  cancelAt: string | null;
  items: MembershipItem[];
  openInvoice: {
    id: string;
    /** Minor units. */
    amountRemaining: number;
    currency: string;
    dueAt: string | null;
    nextAttemptAt: string | null;
    url: string | null;
  } | null;
  dispute: { openedAt: string; evidenceDueAt: string | null } | null;
  next: Next | null;
  duplicate: boolean;
  stripe: { accountId: string; status: string | null; subscriptionId: string | null };
  createdAt: string;
  endedAt: string | null;
}

export interface TimelineEntry {
  id: string;
  at: string;
  kind: string;
  effect: string;
  cause: string;
  causeId: string | null;
  workflowId: string | null;
}

export interface Access {
  access: boolean;
  reason: string;
  explanation: string;
  until: string | null;
  /** The earliest of what comes. */
  next: Next | null;
  /** What comes of each cause of access, the earliest first. */
  upcoming: Upcoming[];
  memberId: string | null;
  productId: string;
  asOf: string;
}

export interface Connection {
  id: string | null;
  flow: 'oauth' | 'account_links' | null;
  status:
    | 'not_connected'
    | 'authorizing'
    | 'returned'
    | 'connected'
    | 'disconnecting'
    | 'disconnected'
    | 'denied'
    | 'abandoned'
    | 'failed';
  accountId: string | null;
  chargesEnabled: boolean;
  payoutsEnabled: boolean;
  detailsSubmitted: boolean;
  defaultCurrency: string | null;
  country: string | null;
  requirements: { currentlyDue: string[]; pastDue: string[]; disabledReason: string | null } | null;
  canSell: boolean;
  reason: string;
  todo: string | null;
  dashboardUrl: string | null;
  activeSubscriptions: number;
  endReason: string | null;
  connectedAt: string | null;
  endedAt: string | null;
}

export interface Checkout {
  id: string;
  status:
    | 'opening'
    | 'open'
    | 'pending'
    | 'completed'
    | 'expired'
    | 'cancelled'
    | 'failed'
    | 'needs_review'
    | 'unverifiable'
    | 'refunding'
    | 'refunded';
  url: string | null;
  productId: string;
  priceId: string;
  memberId: string | null;
  membershipId: string | null;
  unitAmount: number;
  currency: string;
  recurring: boolean;
  expiresAt: string | null;
  failure: { code: string; message: string } | null;
  createdAt: string;
  endedAt: string | null;
}
