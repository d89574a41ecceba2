/**
 * Hints that we write into the inbox ourselves, and what each is answered by. A `look`: whoever looks and commits has
 * done what it asks. A `run`: it asks that something is watched again, and only the run that watches it is the answer;
 * a single look of somebody else's leaves such a hint waiting (docs/decisions/0036-lost-tasks-and-stored-failures.md).
 * A hint that is not in this table cannot be written.
 */
export const HINTS = {
  /** A membership that had ended goes on. */
  'internal.goes_on': 'run',
  /** A membership came of a checkout whose run had ended. */
  'internal.bought_late': 'run',
  /** A deadline passed, and nobody looked. */
  'internal.overdue': 'run',
  // What a look finds because of these asks for its run itself, where it needs one: `internal.goes_on`.
  'internal.connection_ending': 'look',
  'internal.connection_ended': 'look',
  'internal.connection_made': 'look',
  'internal.reconciliation': 'look',
  /** The daily comparison with Stripe found a difference. */
  'internal.drift': 'look',
  'internal.price_refused': 'look',
  /** A coupon was used here: how often, Stripe says. */
  'internal.redeemed': 'look',
  /** A member has withdrawn from the contract. */
  'internal.withdrawn': 'look',
  /** Money of it has gone back. */
  'internal.refunded': 'look',
} as const satisfies Record<`internal.${string}`, 'look' | 'run'>;

export type HintType = keyof typeof HINTS;

/** The types of the hints that are done only when the membership's own run has looked, and so is there. */
export const RUN_HINTS: readonly string[] = Object.entries(HINTS).flatMap(([type, by]) =>
  by === 'run' ? [type] : [],
);

export function isHint({ eventId }: { eventId: string }): boolean {
  return eventId.startsWith('hint_');
}

export function asksForRun({ eventId, type }: { eventId: string; type: string }): boolean {
  return isHint({ eventId }) && RUN_HINTS.includes(type);
}
