import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { newSubscription } from '../objects/subscription';
import {
  newPhase,
  newPhaseItem,
  newSubscriptionSchedule,
  type Phase,
  type SubscriptionSchedule,
} from '../objects/subscription-schedule';
import { orNull } from '../resources/values';
import type { Space } from '../space';
import { refuseOtherCurrency } from './customer-currency';
import { living } from './schedule-closing';
import { datesOf, lastEnd, planPhases } from './schedule-due';
import { readPhases, stamp } from './schedule-phases';
import { begin, follow, runningPhase } from './schedule-run';

/** How long ago a schedule may say that it starts: the clocks of two machines differ. */
const LATE_SECONDS = 3600;

type CreateParams = Checked<Stripe.SubscriptionScheduleCreateParams>;
type UpdateParams = Checked<Stripe.SubscriptionScheduleUpdateParams>;

/** https://docs.stripe.com/api/subscription_schedules/create */
export function createSchedule(space: Space, params: CreateParams): SubscriptionSchedule {
  if (params.from_subscription !== undefined)
    return adoptSubscription(space, params.from_subscription, params);
  if (params.customer === undefined) {
    throw invalidRequest('Missing required param: customer.', 'customer', 'parameter_missing');
  }
  if (params.phases === undefined) {
    throw invalidRequest('Missing required param: phases.', 'phases', 'parameter_missing');
  }
  const customer = space.get('customer', params.customer, 'customer');
  const now = space.now();
  const start = stamp(space, params.start_date ?? 'now');
  if (start < now - LATE_SECONDS) {
    throw invalidRequest('The emulator does not start schedules in the past.', 'start_date');
  }
  const { billing_mode } = newSubscription({
    customer: customer.id,
    currency: 'usd',
    billingMode: params.billing_mode?.type ?? 'flexible',
    livemode: space.livemode,
    created: now,
  });
  const phases = readPhases(space, params.phases, start, null, null);
  for (const { currency } of phases) refuseOtherCurrency(space, customer.id, currency);
  const schedule = newSubscriptionSchedule({
    customer: customer.id,
    billingMode: billing_mode,
    phases,
    livemode: space.livemode,
    created: now,
  });
  applySettings(schedule, params);
  space.put('subscription_schedule', schedule);
  if (start <= now) begin(space, schedule.id);
  else space.schedule('schedule.start', schedule.id, start);
  const created = space.get('subscription_schedule', schedule.id);
  space.emit('subscription_schedule.created', created);
  return created;
}

/** A schedule that takes over a running subscription with its present period as the only phase. */
function adoptSubscription(space: Space, id: string, params: CreateParams): SubscriptionSchedule {
  const other = Object.keys(params).find(
    (key) => !['from_subscription', 'expand', 'billing_mode'].includes(key),
  );
  if (other !== undefined) {
    throw invalidRequest(`You cannot set \`${other}\` if \`from_subscription\` is set.`, other);
  }
  const subscription = space.get('subscription', id, 'from_subscription');
  if (subscription.schedule !== null) {
    throw invalidRequest(
      `You cannot migrate a subscription that is already attached to a schedule: \`${subscription.schedule}\`.`,
      'from_subscription',
    );
  }
  if (['canceled', 'incomplete', 'incomplete_expired'].includes(subscription.status)) {
    throw invalidRequest(
      `You cannot migrate a subscription that is ${subscription.status}.`,
      'from_subscription',
    );
  }
  const items = subscription.items.data;
  const phase = newPhase({
    currency: subscription.currency,
    items: items.map(({ price, quantity, metadata }) =>
      newPhaseItem({ price: price.id, quantity, metadata }),
    ),
    start: Math.min(...items.map((item) => item.current_period_start)),
    end: subscription.cancel_at ?? Math.max(...items.map((item) => item.current_period_end)),
  });
  if (subscription.status === 'trialing') phase.trial_end = subscription.trial_end;
  phase.default_payment_method = subscription.default_payment_method;
  const schedule = newSubscriptionSchedule({
    customer: subscription.customer,
    billingMode: subscription.billing_mode,
    phases: [phase],
    livemode: space.livemode,
    created: space.now(),
  });
  schedule.default_settings.collection_method = subscription.collection_method;
  schedule.default_settings.default_payment_method = subscription.default_payment_method;
  schedule.end_behavior = subscription.cancel_at === null ? 'release' : 'cancel';
  schedule.status = 'active';
  schedule.subscription = subscription.id;
  schedule.current_phase = { end_date: phase.end_date, start_date: phase.start_date };
  space.put('subscription_schedule', schedule);
  space.emit('subscription_schedule.created', schedule);
  space.change(
    'subscription',
    id,
    'customer.subscription.updated',
    (draft) => (draft.schedule = schedule.id),
  );
  planPhases(space, schedule.id);
  return schedule;
}

/** https://docs.stripe.com/api/subscription_schedules/update */
export function updateSchedule(space: Space, id: string, params: UpdateParams): SubscriptionSchedule {
  const before = living(space, id, 'update');
  space.update('subscription_schedule', id, (draft) => {
    applySettings(draft, params);
    if (params.phases !== undefined) draft.phases = newPhases(space, draft, params.phases);
    if (draft.status === 'active') draft.current_phase = datesOf(runningPhase(space, draft));
  });
  if (before.status === 'active') {
    follow(space, id, params.proration_behavior ?? 'create_prorations');
    planPhases(space, id);
  } else {
    const start = space.get('subscription_schedule', id).phases[0]?.start_date ?? 0;
    if (start <= space.now()) {
      space.unschedule('schedule.start', id);
      begin(space, id);
    } else space.schedule('schedule.start', id, start);
  }
  const after = space.get('subscription_schedule', id);
  space.emitChange('subscription_schedule.updated', before, after);
  return after;
}

function applySettings(schedule: SubscriptionSchedule, params: CreateParams | UpdateParams): void {
  if (params.end_behavior === 'none' || params.end_behavior === 'renew') {
    throw invalidRequest('Invalid end_behavior: must be one of cancel or release', 'end_behavior');
  }
  if (params.end_behavior !== undefined) schedule.end_behavior = params.end_behavior;
  schedule.metadata = mergedMetadata(schedule.metadata, params.metadata);
  const settings = params.default_settings;
  if (!settings) return;
  const own = schedule.default_settings;
  if (settings.billing_cycle_anchor !== undefined) own.billing_cycle_anchor = settings.billing_cycle_anchor;
  if (settings.collection_method !== undefined) own.collection_method = settings.collection_method;
  if (settings.default_payment_method !== undefined)
    own.default_payment_method = settings.default_payment_method;
  if (settings.description !== undefined) own.description = orNull(settings.description);
}

function newPhases(
  space: Space,
  schedule: SubscriptionSchedule,
  params: NonNullable<UpdateParams['phases']>,
): Phase[] {
  const first = params[0]?.start_date;
  if (first === undefined) {
    throw invalidRequest(
      'Missing required param: phases[0][start_date].',
      'phases[0][start_date]',
      'parameter_missing',
    );
  }
  const start = stamp(space, first);
  const subscription =
    schedule.subscription === null ? null : space.get('subscription', schedule.subscription);
  const phases = readPhases(
    space,
    params,
    start,
    subscription?.billing_cycle_anchor ?? null,
    subscription?.currency ?? null,
  );
  for (const { currency } of phases) refuseOtherCurrency(space, schedule.customer, currency);
  if (subscription === null) {
    if (start < space.now() - LATE_SECONDS)
      throw invalidRequest('A schedule cannot start in the past.', 'phases[0][start_date]');
    return phases;
  }
  const current = schedule.current_phase?.start_date;
  if (first !== 'now' && !phases.some((phase) => phase.start_date === current)) {
    throw invalidRequest(
      `You cannot modify the start date of the current phase: one of the phases has to start at ${current}.`,
      'phases[0][start_date]',
    );
  }
  if (lastEnd({ ...schedule, phases }) <= space.now()) {
    throw invalidRequest(
      'The last phase has to end in the future.',
      `phases[${phases.length - 1}][end_date]`,
    );
  }
  return phases;
}
