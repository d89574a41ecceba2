import type { Connection } from '../../api/types';
import type { Tone } from '../../ui';

type Shown = Connection['status'] | 'restricted';

/** The status as it is shown: connected is not enough to sell. */
export function shownStatus({ status, canSell }: Connection): Shown {
  return status === 'connected' && !canSell ? 'restricted' : status;
}

export const TONES: Record<Shown, Tone> = {
  not_connected: 'quiet',
  authorizing: 'busy',
  returned: 'busy',
  connected: 'good',
  restricted: 'warn',
  disconnecting: 'busy',
  disconnected: 'quiet',
  denied: 'bad',
  abandoned: 'quiet',
  failed: 'bad',
};

export function isConnected({ status }: Connection): boolean {
  return status === 'connected' || status === 'disconnecting';
}

/** Each field that Stripe wants now once, the overdue ones first. */
export function dueNow({ requirements }: Connection): { field: string; overdue: boolean }[] {
  if (requirements === null) return [];
  const overdue = new Set(requirements.pastDue);
  const all = new Set([...requirements.pastDue, ...requirements.currentlyDue]);
  return [...all].map((field) => ({ field, overdue: overdue.has(field) }));
}

const SOON = 1000;
const LATER = 10_000;

/** Milliseconds until the connection is looked at again: it may change at Stripe while this page is open. */
export function pollWhileMoving(connection: Connection): number | false {
  if (connection.status === 'disconnecting') return SOON;
  if (connection.status === 'connected' && !connection.canSell) return 3000;
  const { requirements } = connection;
  const waits = dueNow(connection).length > 0 || (requirements?.pendingVerification.length ?? 0) > 0;
  return waits || connection.status === 'authorizing' ? LATER : false;
}
