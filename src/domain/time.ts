/** A moment as Stripe writes it: whole seconds since 1970, UTC. All rules calculate in these. */
export type Seconds = number;

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86_400;

/** Seconds (UTC) of a stored time. */
export function toSeconds(date: Date): Seconds {
  return Math.floor(date.getTime() / 1000);
}

/** The time to store for seconds (UTC). */
export function toDate(seconds: Seconds): Date {
  return new Date(seconds * 1000);
}

/** Like {@link toDate}, passing null through. */
export function toDateOrNull(seconds: Seconds | null): Date | null {
  return seconds === null ? null : toDate(seconds);
}
