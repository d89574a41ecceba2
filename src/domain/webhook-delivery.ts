import { fraction } from './jitter';
import { DAY, HOUR, MINUTE, type Seconds } from './time';

/** How facts are told to the receivers of a coach: tries, waiting, and giving up. */

/** Seconds from a failed try to the next, were there no jitter: ten tries over three days. */
const DELAYS = [
  30,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  20 * HOUR,
  34 * HOUR,
];

export const TRIES = DELAYS.length + 1;
/** By how much of itself a delay is longer or shorter, so that what failed together does not come back together. */
const JITTER = 0.1;
/** An endpoint that did nothing but fail for so long is switched off. */
export const FAILING_FOR = 3 * DAY;
/** The longest that a receiver is let wait us; who asks for more is asked again after it. */
const LONGEST_RETRY_AFTER = DAY;

/**
 * Seconds until the next try; null: there is none.
 * @param tries how many have failed
 * @param seed what the jitter follows from: the same delivery waits equally long, however often it is worked out
 * @param retryAfter what the receiver asks for (seconds), which is waited for at least
 */
export function secondsToNextTry(tries: number, seed: string, retryAfter: Seconds | null): Seconds | null {
  const delay = DELAYS[tries - 1];
  if (delay === undefined) return null;
  const shaken = Math.round(delay * (1 - JITTER + 2 * JITTER * fraction(`${seed}/${tries}`)));
  return Math.max(shaken, Math.min(retryAfter ?? 0, LONGEST_RETRY_AFTER));
}

/** `Retry-After`, in seconds or as a date; null where it says neither. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
export function retryAfterOf(header: string | undefined, now: Seconds): Seconds | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  if (!/^[A-Z][a-z]{2}, /.test(header)) return null;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil(at / 1000 - now));
}

/** What came of one try: the answer's status, or why there was none. */
export interface TryOutcome {
  status: number | null;
  error: string | null;
}

/** Nothing was sent, as what the receiver knows us by cannot be read: that is no fault of theirs. */
export const SECRET_UNREADABLE = 'secret_unreadable';

/** Only a 2xx says that the receiver has it; a redirect is not followed and says nothing. */
export const isAccepted = ({ status }: TryOutcome) => status !== null && status >= 200 && status < 300;

/** The receiver says that it is no more. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const isGone = ({ status }: TryOutcome) => status === 410;

/** Whether an endpoint listens to a type: to all where none is named; `membership.*` stands for all of a kind. */
export function listensTo(types: readonly string[], type: string): boolean {
  return types.length === 0 || types.includes(type) || types.includes(`${type.split('.')[0] ?? ''}.*`);
}
