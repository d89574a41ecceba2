import { isBelowLeastCharge, leastCharge } from './least-charge';
import { formatMoney, stepOf } from './money';
import { DAY, type Seconds, toDate, toSeconds } from './time';

/** How a price is sold. */
export const PRICING_MODELS = ['one_off', 'recurring', 'installments', 'pay_what_you_want', 'free'] as const;
export type PricingModel = (typeof PRICING_MODELS)[number];

export const INTERVALS = ['day', 'week', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Everything that a coach can say about a price. Money in minor units of `currency`. */
export interface PricingTerms {
  model: PricingModel;
  currency: string;
  /** For one unit and one period; 0 where the buyer chooses, or nothing is paid. */
  unitAmount: number;
  interval: Interval | null;
  intervalCount: number | null;
  /** Days before the first payment of a recurring price. */
  trialDays: number | null;
  /** Charged once, with the first payment (or at the start of the trial). */
  setupFee: number | null;
  /** How many payments buy the product. */
  installments: number | null;
  /** What the buyer may pay, and what is proposed. */
  minAmount: number | null;
  maxAmount: number | null;
  suggestedAmount: number | null;
  /** Days of access for what is bought once; null: for ever. */
  accessDays: number | null;
  /** When access begins for who has bought before; null: with the purchase. */
  accessStartsAt: Date | null;
  /** How many may buy it; null: any number. */
  seats: number | null;
  promotionCodes: boolean;
  /** The largest quantity of one purchase. */
  maxQuantity: number;
}

/** What decides the amount of the first payment. */
export type AmountTerms = Pick<
  PricingTerms,
  'model' | 'unitAmount' | 'trialDays' | 'setupFee' | 'minAmount' | 'maxAmount'
>;

/** A combination that makes no sense: the field that does not fit, and why, in words for the coach. */
export interface PricingProblem {
  field: keyof PricingTerms;
  message: string;
  /** What kind of amount Stripe would not charge. */
  because?: 'too_much' | 'too_small' | 'not_a_multiple';
}

const ALLOWED: Record<PricingModel, readonly (keyof PricingTerms)[]> = {
  one_off: ['accessDays', 'accessStartsAt', 'seats', 'promotionCodes', 'maxQuantity'],
  recurring: ['interval', 'intervalCount', 'trialDays', 'setupFee', 'seats', 'promotionCodes', 'maxQuantity'],
  installments: [
    'interval',
    'intervalCount',
    'setupFee',
    'installments',
    'accessDays',
    'accessStartsAt',
    'seats',
  ],
  pay_what_you_want: ['minAmount', 'maxAmount', 'suggestedAmount', 'accessDays', 'accessStartsAt', 'seats'],
  free: ['accessDays', 'accessStartsAt', 'seats'],
};

/**
 * The most that Stripe takes in one payment, in minor units: eight digits. Cards take more, and so do INR, COP and IDR,
 * but not every way to pay; this one always goes. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const MOST = 99_999_999;

/** What the numbers of a price may be, whatever it is sold as. */
export const RANGES = {
  trialDays: { least: 1, most: 730 },
  installments: { least: 2, most: 60 },
  accessDays: { least: 1, most: 3650 },
  seats: { least: 1, most: 100_000 },
  maxQuantity: { least: 1, most: 999 },
  intervalCount: { least: 1, most: 365 },
} as const;

/** Whether an option goes with a model at all. */
export function allows(model: PricingModel, option: keyof PricingTerms): boolean {
  return ALLOWED[model].includes(option);
}

/** Whether the coach fixes the amount: not where the buyer chooses it, or nothing is paid. */
export function hasFixedAmount(model: PricingModel): boolean {
  return model !== 'pay_what_you_want' && model !== 'free';
}

/** Why an option does not go with a model. */
const WHY_NOT: Partial<Record<keyof PricingTerms, string>> = {
  interval: 'Only recurring prices and installments have an interval.',
  intervalCount: 'Only recurring prices and installments have an interval.',
  trialDays: 'Only a recurring price can begin with a free trial.',
  setupFee: 'A setup fee goes with a recurring price or installments.',
  installments: 'The number of payments goes with installments only.',
  minAmount: 'Only where the buyer chooses the amount there is a least one.',
  maxAmount: 'Only where the buyer chooses the amount there is a largest one.',
  suggestedAmount: 'Only where the buyer chooses the amount one can be suggested.',
  accessDays: 'Access to a recurring price lasts as long as it is paid for; it has no fixed term.',
  accessStartsAt:
    'A subscription is paid from its first day, so its access cannot begin later. Begin it with a free trial, or open its sales on the day (salesStartAt).',
  promotionCodes:
    'Promotion codes need a fixed amount to reduce, and no installments: one that a code makes zero would not count as paid.',
  maxQuantity: 'This is sold one at a time.',
};

const UNSET: Partial<Record<keyof PricingTerms, unknown>> = { promotionCodes: false, maxQuantity: 1 };

/**
 * What is wrong with a combination of options; null when it can be sold. Pure: the API refuses with it, the console
 * shows it.
 */
export function problemOf(terms: PricingTerms): PricingProblem | null {
  const allowed = ALLOWED[terms.model];
  for (const [key, message] of Object.entries(WHY_NOT)) {
    const field = key as keyof PricingTerms;
    if (!allowed.includes(field) && terms[field] !== (UNSET[field] ?? null)) return { field, message };
  }
  return problemOfModel(terms) ?? problemOfNumbers(terms);
}

function problemOfModel(terms: PricingTerms): PricingProblem | null {
  const { model } = terms;
  const isPeriodic = model === 'recurring' || model === 'installments';
  if (isPeriodic && (terms.interval === null || terms.intervalCount === null))
    return { field: 'interval', message: 'Say how often it is paid.' };
  if (isPeriodic && days(terms) > 3 * 365)
    return { field: 'intervalCount', message: 'Stripe takes intervals of up to three years.' };
  if (model === 'installments' && terms.installments === null)
    return { field: 'installments', message: 'Say how many payments there are.' };
  if (model === 'pay_what_you_want' && terms.minAmount === null)
    return { field: 'minAmount', message: 'Say the least that may be paid.' };
  if (!hasFixedAmount(model) && terms.unitAmount !== 0)
    return { field: 'unitAmount', message: 'There is no fixed amount here.' };
  if (hasFixedAmount(model) && terms.unitAmount < 1)
    return {
      field: 'unitAmount',
      message: 'The amount must be more than zero; choose `free` to give it away.',
    };
  if (terms.seats !== null && terms.maxQuantity !== 1)
    return { field: 'maxQuantity', message: 'A limited seat is sold one at a time.' };
  return null;
}

function problemOfNumbers(terms: PricingTerms): PricingProblem | null {
  for (const [field, { least, most }] of Object.entries(RANGES)) {
    const value = terms[field as keyof typeof RANGES];
    if (typeof value === 'number' && (value < least || value > most))
      return { field: field as keyof typeof RANGES, message: `It must be between ${least} and ${most}.` };
  }
  const { minAmount: min, maxAmount: max, suggestedAmount: suggested } = terms;
  if (min !== null && min < 1) return { field: 'minAmount', message: 'It must be more than zero.' };
  if (min !== null && max !== null && max < min)
    return { field: 'maxAmount', message: 'The largest amount is less than the least.' };
  if (suggested !== null && (suggested < (min ?? 0) || (max !== null && suggested > max)))
    return { field: 'suggestedAmount', message: 'What is suggested must be an amount that may be paid.' };
  if (terms.setupFee !== null && terms.setupFee < 1)
    return { field: 'setupFee', message: 'It must be more than zero.' };
  for (const field of ['minAmount', 'maxAmount', 'suggestedAmount'] as const)
    if ((terms[field] ?? 0) > MOST) return tooMuch(field, terms.currency);
  if (terms.unitAmount * terms.maxQuantity + (terms.setupFee ?? 0) > MOST)
    return tooMuch(terms.maxQuantity > 1 ? 'maxQuantity' : 'unitAmount', terms.currency);
  const step = stepOf(terms.currency);
  for (const field of ['unitAmount', 'setupFee', 'minAmount', 'maxAmount', 'suggestedAmount'] as const) {
    const value = terms[field];
    if (value !== null && value % step !== 0)
      return {
        field,
        because: 'not_a_multiple',
        message: `Stripe takes multiples of ${formatMoney(step, terms.currency)} in this currency.`,
      };
  }
  return problemOfLeastCharge(terms);
}

/** The most of one payment in a currency, in minor units that Stripe charges. */
export function mostOf(currency: string): number {
  return MOST - (MOST % stepOf(currency));
}

function tooMuch(field: keyof PricingTerms, currency: string): PricingProblem {
  const most = formatMoney(mostOf(currency), currency);
  return { field, because: 'too_much', message: `One payment can be ${most} at most.` };
}

/**
 * Amounts that Stripe would refuse to charge, so that every session or renewal would fail. Each counts by itself: a
 * price is renewed without its setup fee, the fee is the first payment of a trial, and one unit may be bought of many.
 * https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
function problemOfLeastCharge(terms: PricingTerms): PricingProblem | null {
  const { currency } = terms;
  const least = leastCharge(currency);
  if (least === null) return null;
  for (const field of ['unitAmount', 'setupFee', 'minAmount', 'maxAmount', 'suggestedAmount'] as const) {
    const value = terms[field];
    if (value !== null && isBelowLeastCharge(value, currency))
      return {
        field,
        because: 'too_small',
        message: `Stripe charges at least ${formatMoney(least, currency)} in this currency.`,
      };
  }
  return null;
}

function days(terms: PricingTerms): number {
  const each = { day: 1, week: 7, month: 30, year: 365 }[terms.interval ?? 'day'];
  return each * (terms.intervalCount ?? 1);
}

/** Whether Stripe charges again by itself. */
export function isSubscription(model: PricingModel): boolean {
  return model === 'recurring' || model === 'installments';
}

/** When access begins (seconds, UTC): with the purchase, or on the date that it was sold for. */
export function accessStart(boughtAt: Seconds, accessStartsAt: Seconds | null): Seconds {
  return Math.max(boughtAt, accessStartsAt ?? boughtAt);
}

/** When access begins for who buys now, where that is ahead; null: with the purchase. @param now seconds, UTC */
export const startAhead = (accessStartsAt: Date | null, now: Seconds): Date | null =>
  accessStartsAt !== null && toSeconds(accessStartsAt) > now ? accessStartsAt : null;

/** The end of what is bought once (seconds, UTC), counted from when access begins; null: for ever. */
export function termEnd(startsAt: Seconds, accessDays: number | null): Seconds | null {
  return accessDays === null ? null : startsAt + accessDays * DAY;
}

/**
 * How many billing periods lie between the beginnings of two of them. Months and years are those of the calendar: one
 * that begins on the 31st is charged on the last day of a shorter month.
 * https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function periodsBetween(
  first: Seconds,
  later: Seconds,
  interval: Interval,
  intervalCount: number,
): number {
  const [from, to] = [toDate(first), toDate(later)];
  const months = 12 * (to.getUTCFullYear() - from.getUTCFullYear()) + to.getUTCMonth() - from.getUTCMonth();
  const days = (later - first) / DAY;
  const units = { day: days, week: days / 7, month: months, year: months / 12 }[interval];
  return Math.round(units / intervalCount);
}

/**
 * What Checkout's subtotal has to be, in minor units, as an inclusive range: the buyer may choose it.
 * A trial's first invoice has the setup fee alone.
 */
export function expectedSubtotal(terms: AmountTerms, quantity: number): { least: number; most: number } {
  if (terms.model === 'pay_what_you_want')
    return { least: terms.minAmount ?? 0, most: terms.maxAmount ?? Number.MAX_SAFE_INTEGER };
  const first = terms.trialDays === null ? terms.unitAmount * quantity : 0;
  const exact = first + (terms.setupFee ?? 0);
  return { least: exact, most: exact };
}
