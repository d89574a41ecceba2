import { log, setDefaultSignalHandler } from '@temporalio/workflow';

/**
 * A signal that no handler knows is counted and logged, so that a misspelt name is seen instead of lost. Called after the
 * other handlers are set: signals that came with the start are handed out as soon as there is anyone to take them.
 */
export function noteUnknownSignals(): void {
  let count = 0;
  setDefaultSignalHandler((name) => {
    count += 1;
    log.warn('A signal that this workflow does not know', { name, count });
  });
}
