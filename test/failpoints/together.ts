import type { Crash } from './stage';

/**
 * Crashes that are met in one telling: one of each step at most, as a step comes to rest before the next one begins, so
 * that none of them hides another. Every crash is in exactly one group.
 */
export function together(crashes: readonly Crash[]): Crash[][] {
  const groups: Crash[][] = [];
  const places = new Map<string, number>();
  for (const crash of crashes) {
    const place = places.get(crash.gap.step) ?? 0;
    places.set(crash.gap.step, place + 1);
    (groups[place] ??= []).push(crash);
  }
  return groups;
}
