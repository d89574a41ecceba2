import { problemOf, SessionUnreachable } from './problem.ts';
import { isPassing, pauseBefore, retryAfterOf, type RetryOptions } from './retry.ts';

/** How a request comes to its answer. */
export type Send = (request: Request) => Promise<Response>;

export interface SendOptions extends RetryOptions {
  /** The runtime's own unless told. */
  fetch?: Send | undefined;
  /** Milliseconds for one try. Default 45,000: the longest request waits 30 s for Stripe. */
  timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 45_000;
const RETRIES = 2;

/**
 * Sends a request until there is an answer that lasts, as often as it may. Every request can be repeated: a POST has its
 * Idempotency-Key, the others say what is to be, not what is to change.
 */
export function sendWith({
  fetch: send = (request) => fetch(request),
  timeoutMs = TIMEOUT_MS,
  retries = RETRIES,
  baseMs,
}: SendOptions): Send {
  const once = (request: Request) =>
    send(
      new Request(request, {
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
      }),
    );

  return async (request) => {
    for (let retry = 1; ; retry += 1) {
      const isLast = retry > retries;
      let retryAfter: number | null = null;
      try {
        const response = await once(request.clone());
        if (response.ok || isLast) return response;
        const { code } = problemOf(response.status, await response.clone().text());
        if (!isPassing(response.status, code)) return response;
        retryAfter = retryAfterOf(response.headers.get('retry-after'), Date.now());
        if (pauseBefore(retry, retryAfter, 0, baseMs) === null) return response;
      } catch (error) {
        // Whoever gave the signal wants no further try, and hears of it as they do from fetch.
        request.signal.throwIfAborted();
        if (isLast) throw new SessionUnreachable(nameOf(request), error);
      }
      await pause(pauseBefore(retry, retryAfter, Math.random(), baseMs) ?? 0, request.signal);
    }
  };
}

/** `GET /v1/access`, without what the query says of whom. */
export const nameOf = (request: Request) => `${request.method} ${new URL(request.url).pathname}`;

/** @throws the signal's reason, as soon as it is given */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
