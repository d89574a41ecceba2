import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Give up after so many milliseconds. */
  deadlineMs: number;
  /** Ask again after so many milliseconds. */
  everyMs?: number;
  /** With each answer of 'not yet' the pause grows by a quarter, up to so many milliseconds; without it stays the same. */
  growingToMs?: number;
}

const DEFAULT_EVERY_MS = 50;
const GROWTH = 1.25;

/**
 * Asks until the answer is neither `undefined` nor `false`, and returns it. An error counts as 'not yet'.
 * @throws the last error, or one that names what was waited for, when the deadline has passed
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { deadlineMs, everyMs = DEFAULT_EVERY_MS, growingToMs = everyMs }: WaitOptions,
): Promise<T> {
  const giveUpAt = performance.now() + deadlineMs;
  let lastError: unknown;
  let pause = everyMs;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= giveUpAt) {
      throw new Error(`${what}: not within ${deadlineMs / 1000} s`, { cause: lastError });
    }
    await delay(pause);
    pause = Math.min(pause * GROWTH, growingToMs);
  }
}

/** The first answer of the two; `undefined` when the time is over first. Does not stop what it waited for. */
export async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const stop = new AbortController();
  try {
    return await Promise.race([promise, delay(ms, undefined, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}
