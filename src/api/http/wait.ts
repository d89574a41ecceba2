import { setTimeout as delay } from 'node:timers/promises';
import { digits } from './schemas';

/** Seconds: shorter than a process that ends gives its requests (src/api/main.ts), and than proxies wait. */
const LONGEST = 20;
/** Milliseconds between two looks at a row; longer the longer it takes. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;
const GROWTH = 1.5;

/** The query of a route that reads what a run is at work on. */
export const wait = {
  wait: digits(0, LONGEST).default(0).meta({
    description:
      'Seconds that the answer may wait for it to be settled; then it says how things stand, settled or not. 0 unless told',
  }),
};

/**
 * What is read as soon as it is settled, or as it is when the time is over. Nothing is held meanwhile: each look is a read of its own.
 * @param seconds as `wait` allows
 */
export async function whenSettled<T>(
  seconds: number,
  read: () => Promise<T>,
  isSettled: (present: T) => boolean,
): Promise<T> {
  const until = performance.now() + seconds * 1000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE)) {
    const present = await read();
    const left = until - performance.now();
    if (left <= 0 || isSettled(present)) return present;
    await delay(Math.min(pause, left));
  }
}
