import { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import type { RunRef } from './replay';
import type { Rig } from './rig';

/** What the emulator remembers at most. */
const ALL = 5000;

/** What was asked of Stripe on an account while something happened: how often, by method and kind of path. */
export async function callsOf(
  rig: Rig,
  account: string,
  work: () => Promise<unknown>,
): Promise<Record<string, number>> {
  const asked = async () => (await rig.stripeSide.requests(ALL)).filter((each) => each.account === account);
  const before = (await asked()).length;
  await work();
  const calls: Record<string, number> = {};
  for (const { method, path } of (await asked()).slice(before)) {
    const kind = `${method} ${path.replace(/\/[a-z]{2,4}_[A-Za-z0-9_]+/g, '/*')}`;
    calls[kind] = (calls[kind] ?? 0) + 1;
  }
  return calls;
}

export const sumOf = (calls: Record<string, number>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

export interface TemporalCost {
  /** As Temporal Cloud bills them; what `patched()` records is counted too. */
  actions: number;
  historyBytes: number;
  runs: number;
}

/** What runs have cost at Temporal. https://docs.temporal.io/evaluate/cloud/actions */
export async function costOf(client: Client, runs: readonly RunRef[]): Promise<TemporalCost> {
  const cost = { actions: 0, historyBytes: 0, runs: runs.length };
  for (const { workflowId, runId } of runs) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    cost.historyBytes += temporal.api.history.v1.History.encode(history).finish().length;
    for (const event of history.events ?? []) cost.actions += actionsOf(event);
  }
  return cost;
}

function actionsOf(event: temporal.api.history.v1.IHistoryEvent): number {
  if (event.activityTaskStartedEventAttributes != null)
    return event.activityTaskStartedEventAttributes.attempt ?? 1;
  const isAction = [
    event.workflowExecutionStartedEventAttributes,
    event.startChildWorkflowExecutionInitiatedEventAttributes,
    event.workflowExecutionSignaledEventAttributes,
    event.workflowExecutionUpdateAcceptedEventAttributes,
    event.timerStartedEventAttributes,
    event.upsertWorkflowSearchAttributesEventAttributes,
    event.workflowPropertiesModifiedEventAttributes,
  ].some((attributes) => attributes != null);
  return isAction ? 1 : 0;
}
