import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, ActivityInterceptors } from '@temporalio/worker';
import { progress } from '../stripe/progress';

/** Milliseconds between two heartbeats; an activity that is over before the first has none. */
const EVERY = 4000;

/**
 * Has every activity tell Temporal that its process lives, for as long as it works: a worker that is killed is noticed
 * after the heartbeat timeout, not after the time that the activity might have taken.
 * https://docs.temporal.io/encyclopedia/detecting-activity-failures#heartbeat-timeout
 */
export function heartbeats(context: Context): ActivityInterceptors {
  const inbound: ActivityInboundCallsInterceptor = {
    async execute(input, next) {
      const timer = setInterval(() => {
        context.heartbeat(progress());
      }, EVERY);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  };
  return { inbound };
}
