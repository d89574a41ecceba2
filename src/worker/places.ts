/**
 * Targets of one lane that are looked at side by side. Each look takes a place in the worker, and work of Temporal's and
 * Postgres's: a flood, or an account that answers slowly, has so much of them and no more.
 */
export const MOST_PLACES = 8;
/** With the event loop busy for more than this share of the time, others would wait for a lane that has more than one. */
const BUSY = 0.5;
/** With less than this there is room for one more. */
const IDLE = 0.3;
/** Milliseconds between one place more and the next: how busy it is with that one has to be seen first. */
const GROWS_EVERY_MS = 1000;

/** How many places a lane has, since when, in milliseconds of the process, and whether others' events came meanwhile. */
export interface Places {
  places: number;
  since: number;
  hasCompany: boolean;
}

/** What is known at a moment: how busy the event loop is, 0 to 1, and whether events of other lanes have come lately. */
export interface Moment {
  at: number;
  load: number;
  hasCompany: boolean;
}

export const ALONE: Places = { places: MOST_PLACES, since: 0, hasCompany: false };

/**
 * A lane steps back to one place as soon as others' events come, and takes one more each second for as long as the process
 * has room: a flood never lies before anybody, and a processor that nobody needs is not kept idle.
 * docs/decisions/0082-places-for-looks.md
 */
export function placesAt(before: Places, { at, load, hasCompany }: Moment): Places {
  if (!hasCompany) return ALONE;
  if (!before.hasCompany || (load > BUSY && before.places > 1)) return { places: 1, since: at, hasCompany };
  const grows = load < IDLE && before.places < MOST_PLACES && at - before.since >= GROWS_EVERY_MS;
  return grows ? { ...before, places: before.places + 1, since: at } : before;
}
