/** A moment as Stripe writes it: whole seconds since 1970, UTC. All rules calculate in these. */
export type Seconds = number;

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

/** The first moment that there is here: nothing of a payment lies before 1970. */
export const EARLIEST: Seconds = 0;
/** The last second of the year 9999: the last that ISO 8601 writes with four digits, and every reader understands. */
export const LATEST: Seconds = 253_402_300_799;

/** Whether seconds (UTC) are a moment that can be stored, read and shown. */
export function isMoment(seconds: Seconds): boolean {
  return Number.isInteger(seconds) && seconds >= EARLIEST && seconds <= LATEST;
}

/** Seconds (UTC) of a stored time. A time that cannot be read lies beyond all others: it counts as the last. */
export function toSeconds(date: Date): Seconds {
  const millis = date.getTime();
  return Number.isNaN(millis) ? LATEST : Math.floor(millis / 1000);
}

/** Like {@link toSeconds}, passing null through. */
export function toSecondsOrNull(date: Date | null): Seconds | null {
  return date === null ? null : toSeconds(date);
}

/** The time to store for seconds (UTC). What lies outside of all time, as Stripe may say it, is the first or the last moment. */
export function toDate(seconds: Seconds): Date {
  return new Date(Math.min(Math.max(seconds, EARLIEST), LATEST) * 1000);
}

/** Like {@link toDate}, passing null through. */
export function toDateOrNull(seconds: Seconds | null): Date | null {
  return seconds === null ? null : toDate(seconds);
}

/**
 * A stored time as the API writes it: ISO 8601, UTC. Never throws: one row that cannot be shown would take every list
 * with it down. What lies outside of all time is shown as its first or last moment.
 */
export function isoTime(date: Date): string {
  const millis = date.getTime();
  const isShown = millis >= EARLIEST * 1000 && millis < (LATEST + 1) * 1000;
  return (isShown ? date : toDate(toSeconds(date))).toISOString();
}

/** Like {@link isoTime}, passing null through. */
export function isoTimeOrNull(date: Date | null | undefined): string | null {
  return date == null ? null : isoTime(date);
}
