/**
 * Wakes a loop that waits for work. What rings while the loop is at work is not missed: the next wait is over at once. It
 * rings from the start, as work may have come before anybody listened.
 */
export function createBell() {
  let hasRung = true;
  let isStopped = false;
  let wakeUp: () => void = () => undefined;
  return {
    ring(): void {
      hasRung = true;
      wakeUp();
    },
    /** To be called before the work is looked for: what rings from now on is for the next round. */
    reset(): void {
      hasRung = false;
    },
    /** Until it rings, or so many milliseconds have passed. */
    wait: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        if (hasRung || isStopped) return resolve();
        const timer = setTimeout(resolve, ms);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    /** Nobody is to wait any more. */
    stop(): void {
      isStopped = true;
      wakeUp();
    },
    isStopped: (): boolean => isStopped,
  };
}
