import type Stripe from 'stripe';
import type { Checked } from '../http/checked';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import type { Price, Recurring } from '../objects/catalog';
import { newPhase, newPhaseItem, type Phase } from '../objects/subscription-schedule';
import { createPrice } from '../resources/prices';
import { orNull } from '../resources/values';
import type { Space } from '../space';
import { refuseWithout } from './currency-options';
import { addIntervals, periodEnd } from './periods';
import { recurringPrice } from './recurring-price';

export type PhaseParams = Checked<Stripe.SubscriptionScheduleUpdateParams.Phase>;
type PhaseItemParams = PhaseParams['items'][number];

const MOST_PHASES = 10;

/**
 * Reads the phases of a schedule; each starts where the one before it ends. `start` is that of the first one, `anchor` the
 * billing cycle that is running already (Unix seconds), `held` the currency of the subscription that is.
 */
export function readPhases(
  space: Space,
  params: PhaseParams[],
  start: number,
  anchor: number | null,
  held: string | null,
): Phase[] {
  if (params.length === 0) throw invalidRequest('Invalid array', 'phases');
  if (params.length > MOST_PHASES) {
    throw invalidRequest(`A subscription schedule can have at most ${MOST_PHASES} phases.`, 'phases');
  }
  const phases: Phase[] = [];
  for (const [index, input] of params.entries()) {
    const path = `phases[${index}]`;
    const from = phases.at(-1)?.end_date ?? start;
    if (index > 0 && input.start_date !== undefined && stamp(space, input.start_date) !== from) {
      throw invalidRequest(
        'The start date of a phase has to be the end date of the phase before it.',
        `${path}[start_date]`,
      );
    }
    phases.push(readPhase(space, input, path, from, anchor, index === params.length - 1, held));
  }
  return phases;
}

/** A time that may be given as `now`. */
export function stamp(space: Space, value: number | 'now'): number {
  return value === 'now' ? space.now() : value;
}

function readPhase(
  space: Space,
  input: PhaseParams,
  path: string,
  start: number,
  anchor: number | null,
  last: boolean,
  held: string | null,
): Phase {
  const prices = input.items.map((item, index) => priceOf(space, item, `${path}[items][${index}]`));
  const [first] = prices;
  if (!first) throw invalidRequest('A phase must have at least one item.', `${path}[items]`);
  const currency = input.currency ?? held ?? first.currency;
  prices.forEach((price, index) => refuseWithout(price, currency, `${path}[items][${index}][price]`));
  const phase = newPhase({
    currency,
    items: input.items.map((item, index) =>
      newPhaseItem({
        price: prices[index]?.id ?? '',
        quantity: item.quantity ?? 1,
        metadata: mergedMetadata({}, item.metadata),
      }),
    ),
    start,
    end: endOfPhase(space, input, path, start, anchor, last, first),
  });
  phase.billing_cycle_anchor = input.billing_cycle_anchor ?? null;
  phase.collection_method = input.collection_method ?? null;
  phase.default_payment_method = input.default_payment_method ?? null;
  phase.description = orNull(input.description ?? null);
  phase.metadata = mergedMetadata({}, input.metadata);
  phase.proration_behavior = input.proration_behavior ?? 'create_prorations';
  phase.trial_end = trialOf(space, input, path, phase);
  return phase;
}

function priceOf(space: Space, item: PhaseItemParams, path: string): Price {
  if (item.price !== undefined) return recurringPrice(space, item.price, `${path}[price]`);
  if (item.price_data === undefined) {
    throw invalidRequest(`Missing required param: ${path}[price].`, `${path}[price]`, 'parameter_missing');
  }
  space.get('product', item.price_data.product, `${path}[price_data][product]`);
  return createPrice(space, item.price_data);
}

function endOfPhase(
  space: Space,
  input: PhaseParams,
  path: string,
  start: number,
  anchor: number | null,
  last: boolean,
  price: Price,
): number {
  if (input.end_date !== undefined && input.duration !== undefined) {
    throw invalidRequest(
      `You may only specify one of these parameters: end_date, duration.`,
      `${path}[duration]`,
    );
  }
  if (input.end_date !== undefined) {
    const end = stamp(space, input.end_date);
    if (end <= start) throw invalidRequest('A phase has to end after its start date.', `${path}[end_date]`);
    return end;
  }
  if (input.duration !== undefined) {
    const { interval, interval_count: count = 1 } = input.duration;
    if (count < 1)
      throw invalidRequest('Invalid integer: must be at least 1.', `${path}[duration][interval_count]`);
    return after(start, { interval, interval_count: 1 }, count, anchor);
  }
  if (!last || !price.recurring) {
    throw invalidRequest(
      `Missing required param: ${path}[end_date].`,
      `${path}[end_date]`,
      'parameter_missing',
    );
  }
  return after(start, price.recurring, 1, anchor);
}

/** A number of intervals later; along the billing cycle where the start is one of its steps, so that no day is lost in February. */
function after(
  start: number,
  recurring: Pick<Recurring, 'interval' | 'interval_count'>,
  times: number,
  anchor: number | null,
): number {
  if (anchor === null || anchor > start) return addIntervals(start, recurring, times);
  const onGrid = anchor === start || periodEnd(anchor, start - 1, recurring) === start;
  if (!onGrid) return addIntervals(start, recurring, times);
  let end = start;
  for (let step = 0; step < times; step += 1) end = periodEnd(anchor, end, recurring);
  return end;
}

function trialOf(space: Space, input: PhaseParams, path: string, phase: Phase): number | null {
  if (input.trial && input.trial_end !== undefined) {
    throw invalidRequest(
      'You may only specify one of these parameters: trial, trial_end.',
      `${path}[trial_end]`,
    );
  }
  if (input.trial) return phase.end_date;
  if (input.trial_end === undefined) return null;
  const end = stamp(space, input.trial_end);
  if (end > phase.end_date)
    throw invalidRequest('A trial has to end before its phase.', `${path}[trial_end]`);
  return end;
}
