import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { Counter, type Registry } from 'prom-client';
import type { AccountRepair } from '../../activities/account-repair';

/** Counts what the reconciliation repaired: what Stripe had not told, what was looked at again because of it, and what differed. */
export function measureRepairs(registry: Registry): ActivityInterceptorsFactory {
  const repairs = new Counter({
    name: 'session_reconciliation_repairs_total',
    help: 'Events that Stripe had not told, and memberships that were looked at again',
    labelNames: ['mode', 'kind'],
    registers: [registry],
  });
  const compared = new Counter({
    name: 'session_memberships_compared_total',
    help: 'Memberships that were held against Stripe, by what was found',
    labelNames: ['mode', 'result'],
    registers: [registry],
  });
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const result = (await next(input)) as unknown;
        if (info.activityType === 'reconcileAccount') {
          const repair = result as AccountRepair;
          const { eventsRecovered, membershipsWoken, membershipsCompared, membershipsDiffering } = repair;
          const { mode } = input.args[0] as { mode: string };
          repairs.inc({ mode, kind: 'event_recovered' }, eventsRecovered);
          repairs.inc({ mode, kind: 'membership_woken' }, membershipsWoken);
          compared.inc({ mode, result: 'in_order' }, membershipsCompared - membershipsDiffering);
          compared.inc({ mode, result: 'differs' }, membershipsDiffering);
        }
        return result;
      },
    },
  });
}
