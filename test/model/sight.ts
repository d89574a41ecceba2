import type { Choice } from './choose';
import type { Reference } from './reference';

/** Whether the product can know all that happened so far. */
export interface Sight {
  /** Events are missing, and it has not looked since. */
  blind: boolean;
  /** Something happened while nobody listened that only Stripe's list of events tells. */
  missed: boolean;
}

export const CLEAR: Sight = { blind: false, missed: false };

/** What the product can know after a step that was done to the reference. @param lost Some of its events got lost. */
export function sightAfter(
  before: Sight,
  { command, until, looks }: Pick<Choice, 'command' | 'until' | 'looks'>,
  lost: boolean,
  { connected }: Reference,
): Sight {
  // The Schedule's sweep has run.
  const blind = until === null && (before.blind || (lost && !looks));
  // What came back while nobody listened is told by Stripe's list alone: nothing here is open any more.
  const missed = before.missed || (command === 'refundFailed' && !connected);
  return command === 'reconnect' ? { blind: missed, missed: false } : { blind, missed };
}
