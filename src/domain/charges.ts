import type { PricingTerms } from './pricing';
import { DAY, type Seconds, toDate, toSeconds } from './time';

type ChargedTerms = Pick<PricingTerms, 'model' | 'unitAmount' | 'trialDays' | 'setupFee' | 'installments'> & {
  interval: string | null;
  intervalCount: number | null;
};

/** What somebody is charged who buys now, in minor units, before discounts and tax on top. */
export interface Charges {
  /** Null: the buyer chooses. */
  today: number | null;
  /** What comes next, and when (seconds, UTC); null: nothing. */
  next: { amount: number; at: Seconds } | null;
}

/** What is charged today, and next. A trial puts the first payment off, and not the setup fee. */
export function chargesOf(terms: ChargedTerms, quantity: number, now: Seconds): Charges {
  const { model, trialDays, setupFee } = terms;
  if (model === 'pay_what_you_want') return { today: null, next: null };
  const amount = terms.unitAmount * quantity;
  const today = (trialDays === null ? amount : 0) + (setupFee ?? 0);
  if (terms.interval === null) return { today, next: null };
  const at = trialDays === null ? toSeconds(nextPayment(toDate(now), terms)) : now + trialDays * DAY;
  return { today, next: { amount, at } };
}

/** One interval later; on the last day of a shorter month, as Stripe does it. */
export function nextPayment(
  from: Date,
  terms: { interval: string | null; intervalCount: number | null },
): Date {
  const count = terms.intervalCount ?? 1;
  const next = new Date(from);
  if (terms.interval === 'day' || terms.interval === 'week') {
    next.setUTCDate(next.getUTCDate() + count * (terms.interval === 'week' ? 7 : 1));
    return next;
  }
  const months = terms.interval === 'year' ? 12 * count : count;
  const day = next.getUTCDate();
  next.setUTCDate(1);
  next.setUTCMonth(next.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  next.setUTCDate(Math.min(day, lastDay));
  return next;
}
