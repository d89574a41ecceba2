/**
 * When a member may be erased. The law asks for it without undue delay, and takes out what other law wants kept:
 * GDPR, articles 17(1) and 17(3)(b), https://eur-lex.europa.eu/eli/reg/2016/679/oj
 */

/** Minutes in which a click can be taken back, unless the request says otherwise. */
export const DEFAULT_DELAY_MINUTES = 15;
/** A request is answered within a month: article 12(3). */
export const LONGEST_DELAY_MINUTES = 30 * 24 * 60;

/** What of a member stands in the way. */
export interface ErasureFacts {
  /** Checkouts whose money is on its way, or on its way back. */
  pendingCheckouts: number;
  /** Subscriptions that go on being charged, and purchases that give access without an end. */
  liveMemberships: number;
  /** The request says that these end. */
  endMemberships: boolean;
}

/** Why the request is refused; null: it is not. */
export function erasureProblem({
  pendingCheckouts,
  liveMemberships,
  endMemberships,
}: ErasureFacts): 'checkout_in_progress' | 'member_has_memberships' | null {
  if (pendingCheckouts > 0) return 'checkout_in_progress';
  return liveMemberships > 0 && !endMemberships ? 'member_has_memberships' : null;
}

/** Seconds until the effects begin; 0: now. */
export function secondsLeft(startsAt: number, now: number): number {
  return Math.max(0, startsAt - now);
}
