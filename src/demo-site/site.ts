import type { SessionClient } from '../session-client/client';
import type { Mode } from '../session-client/types';
import type { TimeMachine } from './time-machine';

/** What the site is given. */
export interface Site {
  /** Its own address, without a trailing slash. */
  url: string;
  coachId: string;
  /** The address of the coach's console. */
  console: string;
  /** The coach's keys, one per mode, stay on this side. */
  session: Record<Mode, SessionClient>;
  /** For links to runs; null with a Temporal server of the user's. */
  temporalUi: string | null;
  /** The local Stripe; null with the real one. */
  stripeEmulator: string | null;
  time: TimeMachine | null;
}

export const MODES: readonly Mode[] = ['test', 'live'];

/** A run in the Temporal Web UI. */
export function runUrl(site: Pick<Site, 'temporalUi'>, workflowId: string): string | null {
  if (site.temporalUi === null) return null;
  return `${site.temporalUi}/namespaces/default/workflows/${encodeURIComponent(workflowId)}`;
}
