import { SessionProblem } from '@session/sdk';
import { waitFor } from '../../src/local/process/wait';

/** Milliseconds: longer than the worst sequence of restarts. */
const PATIENCE_MS = 180_000;
const REQUEST_MS = 20_000;

/** An answer that does not change by asking again. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const isLasting = ({ status, code }: SessionProblem): boolean =>
  status < 500 && status !== 429 && code !== 'idempotency_in_progress';

/**
 * Asks until there is an answer, as a coach's server, a member or a person at the Dashboard would while something is down.
 * @throws Refused for an answer of ours that stays the same; otherwise when nothing has come of it in minutes
 */
export async function patiently<T>(
  what: string,
  ask: () => Promise<T>,
  deadlineMs = PATIENCE_MS,
): Promise<T> {
  const outcome = await waitFor<{ value: T } | { refused: Refused }>(
    what,
    async () => {
      try {
        return { value: await ask() };
      } catch (error) {
        if (error instanceof Refused) return { refused: error };
        if (error instanceof SessionProblem && isLasting(error))
          return { refused: new Refused(error.code, `${error.request}: ${error.message}`) };
        throw error;
      }
    },
    { deadlineMs, everyMs: 100, growingToMs: 1000 },
  );
  if ('refused' in outcome) throw outcome.refused;
  return outcome.value;
}

/** JSON over HTTP. @throws Error for any answer but a 2xx */
export async function requestJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_MS) });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}
