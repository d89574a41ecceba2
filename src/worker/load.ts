import { performance } from 'node:perf_hooks';

/** Milliseconds over which is averaged. */
const WINDOW_MS = 1000;

/**
 * For which share of the time this process's event loop has been busy lately, 0 to 1. A process that waits for its
 * turn on the processor is busy.
 * https://nodejs.org/api/perf_hooks.html#performanceeventlooputilizationutilization1-utilization2
 */
export function watchLoad(): () => number {
  let since = { at: performance.now(), use: performance.eventLoopUtilization() };
  let load = 0;
  return () => {
    const at = performance.now();
    if (at - since.at >= WINDOW_MS) {
      const use = performance.eventLoopUtilization();
      load = performance.eventLoopUtilization(use, since.use).utilization;
      since = { at, use };
    }
    return load;
  };
}
