import type { Mode } from './mode';

/**
 * Calls a second that Stripe takes on one account: 100 in live mode, 25 in a sandbox. A platform's calls count against the
 * account that they are made on. https://docs.stripe.com/rate-limits
 */
export const STRIPE_LIMITS: Readonly<Record<Mode, number>> = { live: 100, test: 25 };

/** Who waits for a call: a person before a page, or nobody in particular. */
export type StripeLane = 'people' | 'background';

/** The part of the limit that a lane may use all the time. A quarter is nobody's: see {@link BURST_SECONDS}. */
const SHARES: Readonly<Record<StripeLane, number>> = { people: 0.2, background: 0.55 };

/**
 * A lane that was idle may be a quarter of a second ahead of its time. So in the worst second a lane makes its share of 1.25
 * seconds and one call: of 25 a second that is 18 and 7, of 100 it is 69 and 26. Never more than the limit.
 */
export const BURST_SECONDS = 0.25;

/** The longest that a call waits for its turn, in seconds; one that would wait longer is tried again later. */
export const LONGEST_WAIT_SECONDS = 5;

/** Seconds of a lane's time that one call takes up, under a limit of so many calls a second. */
export const secondsOfOneCall = (lane: StripeLane, limit: number): number => 1 / (limit * SHARES[lane]);

/** A lane that may be used, and how long it may be waited for. */
export interface Attempt {
  lane: StripeLane;
  longestWaitSeconds: number;
}

/**
 * Where a call may get its turn, in this order. What nobody waits for keeps to its own lane, so that people are never behind
 * it; people take whatever is free at once, and wait only in their own.
 */
export function attemptsOf(lane: StripeLane): Attempt[] {
  const own = { lane, longestWaitSeconds: LONGEST_WAIT_SECONDS };
  if (lane === 'background') return [own];
  return [{ lane: 'people', longestWaitSeconds: 0 }, { lane: 'background', longestWaitSeconds: 0 }, own];
}
