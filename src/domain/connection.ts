import type { ProblemCode } from './problem';
import { DAY, HOUR, MINUTE, type Seconds } from './time';

/**
 * The rules of a coach's link to a Stripe account: what Stripe says of the account → what we store, whether the coach
 * can sell, what they have to do, and when to look again. https://docs.stripe.com/connect/handling-api-verification
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

/**
 * Whether the coach can be sent into Stripe's onboarding again: only an account that was created for the coach has one.
 * An account that the coach brought is completed in the coach's own Dashboard.
 */
export function canOnboardAgain({ status, flow, chargesEnabled, requirements }: ConnectionFacts): boolean {
  if (status !== 'connected' || flow !== 'account_links') return false;
  return requirements === null ? !chargesEnabled : dueNow(requirements).length > 0;
}

export type Selling =
  | { canSell: true; code: null; reason: string; todo: string | null }
  | { canSell: false; code: ProblemCode; reason: string; todo: string };

/** Whether the coach can sell, why, and what to do next. Checkout opening refuses with this code and reason. */
export function selling(connection: ConnectionFacts | null): Selling {
  if (connection === null)
    return no('not_connected', 'No Stripe account is connected.', 'Connect one: POST /v1/connection.');
  if (connection.status !== 'connected')
    return no('not_connected', ...NOT_SELLING[connection.status](connection));
  const due = connection.requirements === null ? [] : dueNow(connection.requirements);
  if (!connection.chargesEnabled) return no('charges_not_enabled', ...whyNoCharges(connection, due));
  return {
    canSell: true,
    code: null,
    reason: 'Stripe accepts payments on this account.',
    todo:
      due.length === 0
        ? null
        : `Give Stripe what it still wants, or it may stop payments: ${inWords(due)}.${wayIn(connection)}`,
  };
}

function no(code: ProblemCode, reason: string, todo: string): Selling {
  return { canSell: false, code, reason, todo };
}

const AGAIN = 'Connect again: POST /v1/connection.';

const NOT_SELLING: Record<
  Exclude<ConnectionStatus, 'connected'>,
  (c: ConnectionFacts) => [string, string]
> = {
  authorizing: ({ flow }) => [
    flow === 'oauth'
      ? 'The connection has not been approved at Stripe yet.'
      : 'The account is there, but its owner has not been through Stripe’s form yet.',
    'Open the address that POST /v1/connection answers, and go on there.',
  ],
  returned: () => [
    'The coach is back from Stripe; the connection waits to be confirmed.',
    'Answer the question of our page, then confirm with the connection_token of the return address: POST /v1/connection/confirm.',
  ],
  disconnecting: () => [
    'The Stripe account is being disconnected.',
    'Wait a moment, then connect again if you like.',
  ],
  disconnected: ({ endReason }) => [
    endReason === 'deauthorized_at_stripe'
      ? 'The link was removed from the Stripe side.'
      : 'The Stripe account was disconnected.',
    AGAIN,
  ],
  denied: ({ endReason }) => [
    endReason === 'not_approved'
      ? 'Whoever was asked to connect an account to this coach said no.'
      : 'The connection was refused on Stripe’s page.',
    AGAIN,
  ],
  abandoned: () => ['The connection was not finished in time.', AGAIN],
  failed: ({ endReason }) => [FAILED[endReason ?? ''] ?? 'The connection could not be made.', AGAIN],
};

const FAILED: Record<string, string> = {
  account_in_use: 'This Stripe account belongs to another coach here.',
  connection_unclear: 'Stripe’s answer was lost on the way, so nothing was connected.',
  stripe_refused: 'Stripe did not create the account.',
  stripe_unavailable: 'Stripe could not be reached, so no account was created.',
  connection_refused: 'Stripe did not accept the authorization; it may have been too old.',
};

const DISABLED: Record<string, string> = {
  'requirements.past_due': 'Stripe has stopped payments because information is overdue',
  'requirements.pending_verification': 'Stripe is still checking the information',
  'action_required.requested_capabilities': 'Stripe needs the payment capability to be requested',
  under_review: 'Stripe is reviewing the account',
  listed: 'Stripe is checking the account against its lists',
  platform_paused: 'The platform has paused the account',
};

/** The way into Stripe's form, where there is one besides the Dashboard. */
function wayIn(connection: ConnectionFacts): string {
  return canOnboardAgain(connection) ? ' POST /v1/connection answers the way there.' : '';
}

function whyNoCharges(connection: ConnectionFacts, due: string[]): [string, string] {
  const { requirements } = connection;
  const disabled = requirements?.disabledReason ?? null;
  const known = disabled === null ? undefined : DISABLED[disabled];
  const because =
    known ??
    (disabled?.startsWith('rejected')
      ? 'Stripe has rejected the account'
      : 'Stripe has not enabled payments yet');
  if (due.length > 0)
    return [
      `${because}; it still wants: ${inWords(due)}.`,
      canOnboardAgain(connection)
        ? 'Complete it at Stripe: POST /v1/connection answers the way there.'
        : 'Complete it in the Stripe Dashboard; this page follows by itself.',
    ];
  if (disabled?.startsWith('rejected')) return [`${because}.`, 'Ask Stripe’s support about it.'];
  return [`${because}.`, 'There is nothing to do here but wait for Stripe, or look in the Stripe Dashboard.'];
}

/** What Stripe wants now, each field once, the overdue ones first. */
export function dueNow(requirements: Requirements): string[] {
  return [...new Set([...requirements.pastDue, ...requirements.currentlyDue])];
}

const WORDS: Record<string, string> = {
  external_account: 'a bank account for payouts',
  'tos_acceptance.date': 'acceptance of Stripe’s terms',
  'tos_acceptance.ip': 'acceptance of Stripe’s terms',
  'business_profile.url': 'the website of the business',
  'business_profile.mcc': 'the kind of business',
  'individual.dob.day': 'the date of birth',
  'individual.dob.month': 'the date of birth',
  'individual.dob.year': 'the date of birth',
  'individual.verification.document': 'an identity document',
  'individual.verification.additional_document': 'a second identity document',
  'company.verification.document': 'a document about the company',
};

/** Stripe's field names as a person reads them. */
export function inWords(fields: string[]): string {
  return [...new Set(fields.map((field) => WORDS[field] ?? field.replaceAll(/[._]/g, ' ')))].join(', ');
}

/** One line for an operator: what this connection waits for. `deadline` in seconds, UTC. */
export function waitsFor(connection: ConnectionFacts, deadline: Seconds | null): string {
  const until = deadline === null ? '' : ` until ${new Date(deadline * 1000).toISOString()}`;
  switch (connection.status) {
    case 'authorizing':
      return `Waits for the coach to come back from Stripe${until}.`;
    case 'returned':
      return `Back from Stripe; waits for the coach UI to confirm${until}.`;
    case 'connected': {
      const { canSell, reason, todo } = selling(connection);
      return canSell ? `Connected. ${todo ?? reason}` : `Connected, but cannot sell: ${reason}`;
    }
    case 'disconnecting':
      return 'Disconnecting: expires open checkouts, settles what Stripe has told us, then ends the link.';
    case 'disconnected':
    case 'denied':
    case 'abandoned':
    case 'failed':
      return `Ended: ${selling(connection).reason}`;
  }
}

/** The state as an operator filters by it. */
export function businessStatus(connection: ConnectionFacts): string {
  return connection.status === 'connected' && !connection.chargesEnabled
    ? 'verification_due'
    : connection.status;
}
