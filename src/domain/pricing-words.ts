import { formatMoney } from './money';
import type { PricingTerms } from './pricing';
import { rhythmInWords } from './rhythm-words';

/** A price as a member reads it. */
export interface PriceInWords {
  /** `€49.00`, `From €5.00`, `Free`. */
  amount: string;
  /** `once`, `every month`, `every 2 weeks, 6 payments`; empty for what is free. */
  rhythm: string;
  /** What else belongs to it, a sentence each. */
  details: string[];
}

type Worded = Pick<
  PricingTerms,
  | 'model'
  | 'currency'
  | 'unitAmount'
  | 'trialDays'
  | 'setupFee'
  | 'installments'
  | 'minAmount'
  | 'maxAmount'
  | 'accessDays'
> & { interval: string | null; intervalCount: number | null };

/** The words for a price: on the purchase page, and for buttons on a coach's site. */
export function priceInWords(price: Worded): PriceInWords {
  const money = (amount: number) => formatMoney(amount, price.currency);
  return { amount: amountOf(price, money), rhythm: rhythmOf(price), details: detailsOf(price, money) };
}

type Money = (amount: number) => string;

function amountOf({ model, unitAmount, minAmount }: Worded, money: Money): string {
  if (model === 'free') return 'Free';
  return model === 'pay_what_you_want' ? `From ${money(minAmount ?? 0)}` : money(unitAmount);
}

function rhythmOf(price: Worded): string {
  if (price.model === 'free') return '';
  const rhythm = rhythmInWords('en', price);
  const isOneGift = price.model === 'pay_what_you_want' && price.interval === null;
  return isOneGift ? `${rhythm}, you choose how much` : rhythm;
}

function detailsOf(price: Worded, money: Money): string[] {
  const { trialDays, setupFee, installments, maxAmount, accessDays, unitAmount } = price;
  const details: string[] = [];
  if (trialDays !== null) details.push(`The first ${days(trialDays)} are free.`);
  if (setupFee !== null) details.push(`A setup fee of ${money(setupFee)} is charged once.`);
  if (installments !== null) {
    const total = installments * unitAmount + (setupFee ?? 0);
    details.push(`${money(total)} in all; nothing more is charged after the last payment.`);
  }
  if (maxAmount !== null) details.push(`${money(maxAmount)} at most.`);
  if (accessDays !== null) details.push(`Access for ${days(accessDays)}.`);
  return details;
}

const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
