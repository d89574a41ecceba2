import { setTimeout as delay } from 'node:timers/promises';
import { BrokenPromise } from './narrator';

const EVERY_MS = 100;
/** Events, looks and commits take well under a second; this is how long a busy machine may take. */
const TIMEOUT_MS = 20_000;

/**
 * Asks again until the answer is as promised.
 * @throws BrokenPromise with the last answer when it does not come to that in time.
 */
export async function eventually<T>(
  expected: string,
  ask: () => Promise<T>,
  isSo: (answer: T) => boolean,
  patienceMs = TIMEOUT_MS,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (performance.now() > end)
      throw new BrokenPromise(`${expected} within ${Math.round(patienceMs / 1000)} s`, answer);
    await delay(EVERY_MS);
  }
}
