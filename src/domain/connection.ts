import { DAY, HOUR, MINUTE, type Seconds } from './time';

/**
 * The rules of a coach's link to a Stripe account: what Stripe says of the account → what we store, and when to look
 * again. https://docs.stripe.com/connect/handling-api-verification
 */

export const CONNECTION_STATUSES = [
  'authorizing',
  'returned',
  'connected',
  'disconnecting',
  'disconnected',
  'denied',
  'abandoned',
  'failed',
] as const;
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

/** How an attempt gets to its account: one that the coach has and approves, or one that is created for the coach. */
export const CONNECT_FLOWS = ['oauth', 'account_links'] as const;
export type ConnectFlow = (typeof CONNECT_FLOWS)[number];

/** How long the link of POST /v1/connection can be opened. */
export const LINK_LIFETIME = 15 * MINUTE;
/**
 * How long Stripe's page may take: as long as a state may be worth something for an approval; a working day and more
 * for a form that asks for documents (decision record 0016).
 */
export const STATE_LIFETIME: Record<ConnectFlow, Seconds> = { oauth: 15 * MINUTE, account_links: DAY };
/** How long the coach UI may take to confirm: Stripe's code lives no longer. */
export const CONFIRMATION_LIFETIME = 5 * MINUTE;
/** An account that is still being verified is looked at daily, a settled one weekly: events may be lost. */
const LOOK_WHILE_DUE = DAY;
const LOOK_WHEN_SETTLED = 7 * DAY;
/** After a look that failed for good (a revoked platform key, say), try again then. */
export const LOOK_AFTER_FAILURE = HOUR;

/** What is due at Stripe, in Stripe's own names. */
export interface Requirements {
  currentlyDue: string[];
  eventuallyDue: string[];
  pastDue: string[];
  pendingVerification: string[];
  disabledReason: string | null;
  /** Seconds, UTC: what is currently due has to be there by then. */
  currentDeadline: Seconds | null;
}

/** What Stripe says of an account. */
export interface AccountFacts {
  accountId: string;
  /** What the business is called at Stripe. Null: nothing, and Checkout opens for nobody then. */
  accountName: string | null;
  chargesEnabled: boolean;
  payoutsEnabled: boolean;
  detailsSubmitted: boolean;
  defaultCurrency: string | null;
  country: string | null;
  requirements: Requirements;
}

/** `gone`: the account can no longer be read with our key, so the coach or Stripe ended the link. */
export type AccountAnswer = AccountFacts | 'gone';

/** The part of a connection's row that the rules look at. */
export interface ConnectionFacts {
  status: ConnectionStatus;
  flow: ConnectFlow;
  chargesEnabled: boolean;
  requirements: Requirements | null;
  endReason: string | null;
}

export function isEnded(status: ConnectionStatus): boolean {
  return status === 'disconnected' || status === 'denied' || status === 'abandoned' || status === 'failed';
}

export interface ConnectionDecision {
  status: ConnectionStatus;
  endReason: string | null;
  /** Null: the account could not be read; what is stored stays. */
  account: AccountFacts | null;
  /** When to look at Stripe again (seconds, UTC). Null: never. */
  lookAgainAt: Seconds | null;
}

/** The state of a connection from what Stripe says of its account now. */
export function decideConnection(
  status: ConnectionStatus,
  account: AccountAnswer,
  now: Seconds,
): ConnectionDecision {
  if (account === 'gone') {
    const endReason = status === 'disconnecting' ? 'disconnected_by_coach' : 'deauthorized_at_stripe';
    return { status: 'disconnected', endReason, account: null, lookAgainAt: null };
  }
  if (status === 'disconnecting') return { status, endReason: null, account, lookAgainAt: now + MINUTE };
  const wait = isVerificationDue(account) ? LOOK_WHILE_DUE : LOOK_WHEN_SETTLED;
  return { status: 'connected', endReason: null, account, lookAgainAt: now + wait };
}

/** Stripe still wants something, or is still checking something. */
export function isVerificationDue(account: Pick<AccountFacts, 'chargesEnabled' | 'requirements'>): boolean {
  const { currentlyDue, pastDue, pendingVerification } = account.requirements;
  return !account.chargesEnabled || currentlyDue.length + pastDue.length + pendingVerification.length > 0;
}
