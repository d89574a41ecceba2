import { log, setDefaultSignalHandler } from '@temporalio/workflow';

/** A signal that no handler knows is counted and logged, so that a misspelt name is seen instead of lost. */
export function noteUnknownSignals(): void {
  let count = 0;
  setDefaultSignalHandler((name) => {
    count += 1;
    log.warn('A signal that this workflow does not know', { name, count });
  });
}
