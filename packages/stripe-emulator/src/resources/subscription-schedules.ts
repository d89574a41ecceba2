import type Stripe from 'stripe';
import { cancelSchedule, releaseSchedule } from '../billing/schedule-closing';
import { createSchedule, updateSchedule } from '../billing/schedules';
import { endpoint, type Endpoint } from '../http/endpoint';
import { inRange, page, type TimeRange } from '../http/pagination';

/** https://docs.stripe.com/api/subscription_schedules */
export const subscriptionScheduleEndpoints: Endpoint[] = [
  endpoint<Stripe.SubscriptionScheduleCreateParams>('post /v1/subscription_schedules', ({ space, params }) =>
    createSchedule(space, params),
  ),
  endpoint<Stripe.SubscriptionScheduleListParams>(
    'get /v1/subscription_schedules',
    ({ space, params, url }) => {
      const within = (time: number | null, range: TimeRange | undefined): boolean =>
        range === undefined || (time !== null && inRange(time, range));
      const schedules = space
        .listFor('subscription_schedule', { customer: params.customer })
        .filter(
          (schedule) =>
            (params.scheduled !== true || schedule.status === 'not_started') &&
            inRange(schedule.created, params.created) &&
            within(schedule.canceled_at, params.canceled_at) &&
            within(schedule.completed_at, params.completed_at) &&
            within(schedule.released_at, params.released_at),
        );
      return page(schedules, params, url);
    },
  ),
  endpoint('get /v1/subscription_schedules/{schedule}', ({ space, path }) =>
    space.get('subscription_schedule', path.schedule ?? ''),
  ),
  endpoint<Stripe.SubscriptionScheduleUpdateParams>(
    'post /v1/subscription_schedules/{schedule}',
    ({ space, params, path }) =>
      updateSchedule(space, space.get('subscription_schedule', path.schedule ?? '').id, params),
  ),
  endpoint<Stripe.SubscriptionScheduleCancelParams>(
    'post /v1/subscription_schedules/{schedule}/cancel',
    ({ space, params, path }) =>
      cancelSchedule(space, space.get('subscription_schedule', path.schedule ?? '').id, params),
  ),
  endpoint<Stripe.SubscriptionScheduleReleaseParams>(
    'post /v1/subscription_schedules/{schedule}/release',
    ({ space, params, path }) =>
      releaseSchedule(
        space,
        space.get('subscription_schedule', path.schedule ?? '').id,
        params.preserve_cancel_date,
      ),
  ),
];
