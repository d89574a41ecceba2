import type { ConnectionFacts, ConnectionStatus } from './connection';
import type { ProblemCode } from './problem';
import { dueNow, inWords } from './requirements';
import type { Seconds } from './time';

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
