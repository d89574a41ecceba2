import { type Language, momentIn } from './language';
import { formatMoney } from './money';
import type { PricingTerms } from './pricing';
import { PRICE_PHRASES, type PricePhrases } from './pricing-phrases';
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
> & {
  interval: string | null;
  intervalCount: number | null;
  /** When access begins, as long as that is ahead. */
  beginsAt?: Date | null;
};

/** The words for a price: on the purchase page, and for buttons on a coach's site. English unless told. */
export function priceInWords(price: Worded, language: Language = 'en'): PriceInWords {
  const phrases = PRICE_PHRASES[language];
  const money = (amount: number) => formatMoney(amount, price.currency, language);
  return {
    amount: amountOf(price, phrases, money),
    rhythm: rhythmOf(price, phrases, language),
    details: detailsOf(price, phrases, money, language),
  };
}

type Money = (amount: number) => string;

function amountOf({ model, unitAmount, minAmount }: Worded, phrases: PricePhrases, money: Money): string {
  if (model === 'free') return phrases.free;
  return model === 'pay_what_you_want' ? phrases.from(money(minAmount ?? 0)) : money(unitAmount);
}

function rhythmOf(price: Worded, phrases: PricePhrases, language: Language): string {
  if (price.model === 'free') return '';
  const rhythm = rhythmInWords(language, price);
  const isOneGift = price.model === 'pay_what_you_want' && price.interval === null;
  return isOneGift ? `${rhythm}, ${phrases.chosen}` : rhythm;
}

function detailsOf(price: Worded, phrases: PricePhrases, money: Money, language: Language): string[] {
  const { trialDays, setupFee, installments, maxAmount, accessDays, unitAmount, beginsAt } = price;
  const details: string[] = [];
  if (trialDays !== null) details.push(phrases.firstFree(trialDays));
  if (setupFee !== null) details.push(phrases.setupFee(money(setupFee)));
  if (installments !== null) details.push(phrases.inAll(money(installments * unitAmount + (setupFee ?? 0))));
  if (maxAmount !== null) details.push(phrases.atMost(money(maxAmount)));
  if (beginsAt != null) details.push(phrases.accessFrom(momentIn(language, beginsAt)));
  if (accessDays !== null) details.push(phrases.accessFor(accessDays));
  return details;
}
