/** When a request is worth another try, and when. Pure, so that every case is a line of a table. */

/** How often, and how long, a request is tried. */
export interface RetryOptions {
  /** Tries after the first one. Default 2. */
  retries?: number | undefined;
  /** Milliseconds before the first of them; doubled each time. Default 500. */
  baseMs?: number | undefined;
}

/** Milliseconds: no pause is longer, and an answer that asks for a longer one is handed on at once. */
export const LONGEST_PAUSE_MS = 30_000;

/** Refusals of the API that pass by themselves. */
const PASSING_CODES = new Set([
  'idempotency_in_progress',
  'rate_limited',
  'internal',
  'stripe_unavailable',
  'temporarily_unavailable',
]);
/** What stands in front of an API (a proxy, a load balancer) answers these while it passes. */
const PASSING_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Whether the same request may be answered otherwise in a moment.
 * @param code of the API's problem; `unexpected_answer` where somebody else has answered
 */
export function isPassing(status: number, code: string): boolean {
  return code === 'unexpected_answer' ? PASSING_STATUSES.has(status) : PASSING_CODES.has(code);
}

/**
 * Seconds that an answer asks to be left alone for; null without such a wish.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 * @param now milliseconds
 */
export function retryAfterOf(header: string | null, now: number): number | null {
  const value = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

/**
 * Milliseconds before a retry: doubled each time, and between half and all of that by chance, so that many clients do
 * not come back together; never before `Retry-After`. Null: it is not worth waiting for.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param retry 1 for the first one
 * @param chance from 0 to 1
 */
export function pauseBefore(
  retry: number,
  retryAfter: number | null,
  chance: number,
  baseMs = 500,
): number | null {
  const asked = (retryAfter ?? 0) * 1000;
  if (asked > LONGEST_PAUSE_MS) return null;
  const whole = Math.min(LONGEST_PAUSE_MS, baseMs * 2 ** (retry - 1));
  // Those who were told the same time do not come back together either.
  return asked > 0 ? asked + (whole / 2) * chance : whole / 2 + (whole / 2) * chance;
}
