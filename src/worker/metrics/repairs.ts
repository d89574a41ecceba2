import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { Counter, type Registry } from 'prom-client';
import type { AccountRepair } from '../../activities/reconciliation';

/** Counts what the reconciliation repaired: what Stripe had not told, and what was looked at again because of it. */
export function measureRepairs(registry: Registry): ActivityInterceptorsFactory {
  const repairs = new Counter({
    name: 'session_reconciliation_repairs_total',
    help: 'Events that Stripe had not told, and memberships that were looked at again',
    labelNames: ['mode', 'kind'],
    registers: [registry],
  });
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const result = (await next(input)) as unknown;
        if (info.activityType === 'reconcileAccount') {
          const { eventsRecovered, membershipsWoken } = result as AccountRepair;
          const { mode } = input.args[0] as { mode: string };
          repairs.inc({ mode, kind: 'event_recovered' }, eventsRecovered);
          repairs.inc({ mode, kind: 'membership_woken' }, membershipsWoken);
        }
        return result;
      },
    },
  });
}
