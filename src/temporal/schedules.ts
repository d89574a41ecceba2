import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Workflows } from '../messages/workflows';

export const RECONCILIATION_SCHEDULE = 'reconciliation';

/**
 * Sees to it that the reconciliation runs every so often; a schedule that is there stays as an operator left it.
 * https://docs.temporal.io/develop/typescript/schedules
 */
export async function ensureReconciliation(
  client: Client,
  options: { taskQueue: string; everyMinutes: number },
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: RECONCILIATION_SCHEDULE,
      spec: { intervals: [{ every: `${options.everyMinutes} minutes` }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
      action: {
        type: 'startWorkflow',
        workflowType: 'reconciliation' satisfies keyof Workflows,
        workflowId: RECONCILIATION_SCHEDULE,
        taskQueue: options.taskQueue,
        // One that cannot go on keeps those that follow it waiting for so long, not until somebody looks.
        workflowRunTimeout: '6 hours',
        args: [],
        staticSummary: 'Asks Stripe what it did not tell',
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
