import { waitFor } from '../../src/local/process/wait';

/** Milliseconds; generous, as it is only ever used up by a test that fails. */
const DEADLINE = 60_000;

/**
 * The one way in which tests wait: asks until the answer is neither `undefined` nor `false`, and returns it.
 * @throws Error naming what did not come.
 */
export function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = DEADLINE,
): Promise<T> {
  return waitFor(what, ask, { deadlineMs, everyMs: 15, growingToMs: 150 });
}
