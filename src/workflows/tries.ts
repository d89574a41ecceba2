import { condition } from '@temporalio/workflow';
import { hearOfRow } from './row-changes';
import { createVisibility } from './visibility';

/** How something that is handed to somebody outside stands. */
interface Tried {
  status: string;
  waitsFor: string;
  /** Seconds until the next try; null: there is none. */
  waitSeconds: number | null;
}

/**
 * Tries, and where it has to be tried again later waits for that, or for a change of the row, until it is over. Registers the
 * run's handlers, so it comes before the first `await`.
 */
export async function tryUntilOver(tryOnce: () => Promise<Tried>): Promise<{ status: string }> {
  const show = createVisibility();
  const changes = hearOfRow();
  for (;;) {
    changes.seen();
    const state = await tryOnce();
    show(state);
    if (state.waitSeconds !== null) await condition(changes.any, state.waitSeconds * 1000);
    // Asked for again just as it ended: it looks at the row again.
    else if (!changes.any()) return { status: state.status };
  }
}
