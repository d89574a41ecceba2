import { setHandler, type SignalDefinition } from '@temporalio/workflow';
import { rowChanged } from '../messages/messages';
import { noteUnknownSignals } from './unknown-signals';

/** What has been heard of a run's row since it was looked at last. */
export interface RowChanges {
  /** Whether something has. */
  any(): boolean;
  /** The row is being looked at now. */
  seen(): void;
}

/**
 * Hears that the run's row has changed. Registers the run's handlers, so it comes before the first `await`.
 * @param also what else is a reason to look at the row
 */
export function hearOfRow(...also: SignalDefinition[]): RowChanges {
  let changed = false;
  for (const signal of [rowChanged, ...also])
    setHandler(signal, () => {
      changed = true;
    });
  noteUnknownSignals();
  return {
    any: () => changed,
    seen() {
      changed = false;
    },
  };
}
