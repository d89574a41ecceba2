import type { SessionClient, Mode } from '@session/sdk';
import type { TimeMachine } from './time-machine';
import type { Person } from './visitor';

/** What the site is given. */
export interface Site {
  /** Its own address, without a trailing slash. */
  url: string;
  /** The address of the API, for browsers too. */
  api: string;
  /** The address of the coach's console. */
  console: string;
  /** The coach's keys, one per mode, stay on this side. */
  session: Record<Mode, SessionClient>;
  /** Says to the purchase button who is buying; null for a person whom the site does not know. */
  tokenFor: Record<Mode, (person: Person | null) => Promise<string | null>>;
  time: TimeMachine | null;
}

export const MODES: readonly Mode[] = ['test', 'live'];
