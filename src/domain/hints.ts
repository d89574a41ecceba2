/**
 * Hints that we write into the inbox ourselves. Most ask for a look: whoever looks and commits has done what they ask.
 * Those below ask for more, that a membership is watched again, and a single look does not do that.
 */
const ASK_FOR_A_RUN = ['internal.goes_on', 'internal.bought_late', 'internal.overdue'] as const;

/** The types of the hints that are done only when the membership's own run has looked, and so is there. */
export const RUN_HINTS: readonly string[] = ASK_FOR_A_RUN;

export function isHint({ eventId }: { eventId: string }): boolean {
  return eventId.startsWith('hint_');
}

export function asksForRun({ eventId, type }: { eventId: string; type: string }): boolean {
  return isHint({ eventId }) && RUN_HINTS.includes(type);
}
