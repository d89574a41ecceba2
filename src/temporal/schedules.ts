import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { PRIORITIES } from '../messages/start-options';
import type { Workflows } from '../messages/workflows';

export const RECONCILIATION_SCHEDULE = 'reconciliation';
export const RETENTION_SCHEDULE = 'retention';

interface Every {
  taskQueue: string;
  everyMinutes: number;
}

/** Sees to it that the reconciliation runs every so often. */
export function ensureReconciliation(client: Client, options: Every): Promise<void> {
  return ensureSchedule(client, options, {
    scheduleId: RECONCILIATION_SCHEDULE,
    workflowType: 'reconciliation',
    staticSummary: 'Asks Stripe what it did not tell',
  });
}

/** Sees to it that what is kept long enough is deleted. */
export function ensureRetention(client: Client, options: Every): Promise<void> {
  return ensureSchedule(client, options, {
    scheduleId: RETENTION_SCHEDULE,
    workflowType: 'retention',
    staticSummary: 'Deletes what is kept long enough',
  });
}

/**
 * Sees to it that a schedule starts a workflow without input. One that is there, of an earlier version or with other
 * settings, becomes the present one; whether it is paused stays as an operator left it.
 * https://docs.temporal.io/develop/typescript/schedules
 */
async function ensureSchedule(
  client: Client,
  { taskQueue, everyMinutes }: Every,
  what: { scheduleId: string; workflowType: 'reconciliation' | 'retention'; staticSummary: string },
): Promise<void> {
  const { scheduleId, workflowType, staticSummary } = what;
  const schedule = {
    spec: { intervals: [{ every: `${everyMinutes} minutes` as const }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' as const },
    action: {
      type: 'startWorkflow' as const,
      workflowType: workflowType satisfies keyof Workflows,
      workflowId: scheduleId,
      taskQueue,
      // One that cannot go on keeps those that follow it waiting for so long, not until somebody looks.
      workflowRunTimeout: '6 hours' as const,
      args: [],
      staticSummary,
      priority: { priorityKey: PRIORITIES.sweeps },
    },
  };
  try {
    await client.schedule.create({ scheduleId, ...schedule });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update(({ state }) => ({ ...schedule, state }));
  }
}
