import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { newSubscription, type Subscription } from '../objects/subscription';
import {
  newPhase,
  newPhaseItem,
  newSubscriptionSchedule,
  type Phase,
  type SubscriptionSchedule,
} from '../objects/subscription-schedule';
import { orNull } from '../resources/values';
import type { Space } from '../space';
import { endSubscription } from './cancellation';
import { refuseOtherCurrency } from './customer-currency';
import { renewSubscription } from './cycle';
import { nextPeriodEnd, scheduleCycle } from './cycle-times';
import { prorateCancellation } from './proration';
import { readPhases, stamp } from './schedule-phases';
import { datesOf, duePhase, lastEnd, moveToPhase, planPhases, takeOut, writeSettings } from './schedule-due';
import { closeSchedule, endOf } from './schedule-end';
import { invoiceNow, startSubscription, unscheduleEnd } from './subscriptions';
import { updateSubscription } from './update-subscription';

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
  const phases = readPhases(space, params.phases, start, null);
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

/** https://docs.stripe.com/api/subscription_schedules/cancel */
export function cancelSchedule(
  space: Space,
  id: string,
  params: { invoice_now?: boolean; prorate?: boolean },
): SubscriptionSchedule {
  const { subscription } = living(space, id, 'cancel');
  const schedule = closeSchedule(space, id, (draft) => {
    draft.status = 'canceled';
    draft.canceled_at = space.now();
  });
  if (subscription !== null) {
    if (params.prorate ?? true) prorateCancellation(space, space.get('subscription', subscription));
    if (params.invoice_now ?? true) invoiceNow(space, subscription, 'manual');
    endSubscription(space, subscription, 'cancellation_requested');
  }
  space.emit('subscription_schedule.canceled', schedule);
  return schedule;
}

/** https://docs.stripe.com/api/subscription_schedules/release */
export function releaseSchedule(space: Space, id: string, preserveEnd = false): SubscriptionSchedule {
  const { subscription } = living(space, id, 'release');
  const schedule = closeSchedule(space, id, (draft) => {
    draft.status = 'released';
    draft.released_at = space.now();
    draft.released_subscription = subscription;
    draft.subscription = null;
  });
  if (subscription !== null) {
    space.change('subscription', subscription, 'customer.subscription.updated', (draft) => {
      draft.schedule = null;
      if (!preserveEnd && draft.cancel_at !== null) unscheduleEnd(draft);
    });
    scheduleCycle(space, subscription);
  }
  space.emit('subscription_schedule.released', schedule);
  return schedule;
}

/** The time has come for a schedule that was planned for later. */
export function startSchedule(space: Space, id: string): void {
  const before = space.find('subscription_schedule', id);
  if (before?.status !== 'not_started') return;
  begin(space, id);
  space.emitChange('subscription_schedule.updated', before, space.get('subscription_schedule', id));
}

/** A phase is over. A renewal that is due at the same moment takes the next phase along. */
export function advanceSchedule(space: Space, id: string): void {
  const schedule = space.find('subscription_schedule', id);
  if (schedule?.status !== 'active' || (schedule.current_phase?.end_date ?? 0) > space.now()) return;
  const subscription = space.find('subscription', schedule.subscription ?? '');
  if (!subscription) return;
  const next = duePhase(schedule, space.now());
  if (!next) {
    if (schedule.end_behavior === 'cancel') endSubscription(space, subscription.id, 'cancellation_requested');
    else releaseSchedule(space, id);
    return;
  }
  const renews = !['paused', 'incomplete'].includes(subscription.status);
  if (renews && nextPeriodEnd(subscription) <= space.now()) renewSubscription(space, subscription.id);
  if (!duePhase(space.get('subscription_schedule', id), space.now())) return;
  moveToPhase(space, id, next);
  follow(space, id, next.proration_behavior);
}

/** Starts the subscription of a schedule with its first phase; its first invoice stays in draft for an hour. */
function begin(space: Space, id: string): void {
  const schedule = space.get('subscription_schedule', id);
  const [phase] = schedule.phases;
  if (!phase) throw new Error(`schedule ${id} has no phase`);
  const { subscription } = startSubscription(space, {
    customer: schedule.customer,
    items: phase.items.map(({ price, quantity, metadata }) => ({
      price: space.get('price', price),
      quantity,
      metadata,
    })),
    billingMode: schedule.billing_mode.type,
    trialEnd: phase.trial_end,
    deferred: true,
    fill: (draft) => {
      draft.schedule = id;
      writeSettings(draft, schedule, phase);
      if (schedule.end_behavior === 'cancel') Object.assign(draft, endOf(lastEnd(schedule), space.now()));
    },
  });
  space.update('subscription_schedule', id, (draft) => {
    draft.status = 'active';
    draft.subscription = subscription.id;
    draft.current_phase = datesOf(phase);
  });
  planPhases(space, id);
}

/** Makes the subscription what the present phase says it is, in the middle of a period. */
function follow(space: Space, id: string, proration: 'always_invoice' | 'create_prorations' | 'none'): void {
  const schedule = space.get('subscription_schedule', id);
  const phase = runningPhase(space, schedule);
  const subscription = space.get('subscription', schedule.subscription ?? '');
  const end = schedule.end_behavior === 'cancel' ? lastEnd(schedule) : null;
  space.change('subscription', subscription.id, 'customer.subscription.updated', (draft) => {
    writeSettings(draft, schedule, phase);
    if (end === draft.cancel_at) return;
    if (end === null) unscheduleEnd(draft);
    else Object.assign(draft, endOf(end, space.now()), { cancel_at_period_end: false });
  });
  const items = itemChanges(subscription, phase);
  const trialEnd = phase.trial_end !== null && phase.trial_end > space.now() ? phase.trial_end : null;
  updateSubscription(space, subscription.id, {
    ...(items.length > 0 ? { items } : {}),
    ...(trialEnd !== null && trialEnd !== subscription.trial_end ? { trial_end: trialEnd } : {}),
    proration_behavior: proration,
  });
}

function itemChanges(subscription: Subscription, phase: Phase) {
  const old = [...subscription.items.data];
  const changes: { id?: string; price?: string; quantity?: number; deleted?: boolean }[] = [];
  const missing = phase.items.filter(({ price, quantity }) => {
    const kept = takeOut(old, price);
    if (kept && kept.quantity !== quantity) changes.push({ id: kept.id, quantity });
    return !kept;
  });
  for (const { price, quantity } of missing) {
    const replaced = old.shift();
    changes.push({ ...(replaced ? { id: replaced.id } : {}), price, quantity });
  }
  return [...changes, ...old.map(({ id }) => ({ id, deleted: true }))];
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
  const phases = readPhases(space, params, start, subscription?.billing_cycle_anchor ?? null);
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

/** The phase that the clock is in. */
function runningPhase(space: Space, schedule: SubscriptionSchedule): Phase {
  const now = space.now();
  const phase = schedule.phases.find(({ start_date, end_date }) => start_date <= now && now < end_date);
  if (!phase) throw invalidRequest('No phase of the schedule is running now.', 'phases');
  return phase;
}

function living(space: Space, id: string, verb: string): SubscriptionSchedule {
  const schedule = space.get('subscription_schedule', id, 'schedule');
  if (schedule.status !== 'active' && schedule.status !== 'not_started') {
    throw invalidRequest(
      `You cannot ${verb} a subscription schedule that is currently in the \`${schedule.status}\` status.`,
    );
  }
  return schedule;
}
