import { leastCharge } from '../../domain/least-charge';
import { formatMoney } from '../../domain/money';
import type { PricingModel } from '../../domain/pricing';
import type { ProblemCode, ProblemError } from '../../domain/problem';
import type { PageLanguage } from '../http/language';
import { GERMAN } from './buy-words-de';
import { ENGLISH } from './buy-words-en';

/** What the purchase page says; the coach's own words for it are in the API. Money comes in formatted. */
export interface BuyWords {
  testMode: string;
  /** What a member reads when they cannot buy. */
  refused: Partial<Record<ProblemCode, string>>;
  later: string;
  tooSmall: (least: string) => string;
  leastWithCode: (least: string) => string;
  placesLeft: (count: number) => string;
  noLongerSold: string;
  /** By the field of the form that is not right. */
  wrong: { email: string; consent: string; quantity: (most: number) => string };
  forTheSeller: string;
  payOpen: string;
  email: string;
  quantity: (most: number) => string;
  buy: string;
  get: string;
  atStripe: string;
  nothingToPay: string;
  unknown: { title: string; heading: string; text: string };
  thanks: { title: string; text: string };
}

const WORDS: Readonly<Record<PageLanguage, BuyWords>> = { en: ENGLISH, de: GERMAN };

export const buyWordsIn = (language: PageLanguage): BuyWords => WORDS[language];

/** The refusal in a member's words, with the figure that it is about. */
export function wordsFor({ code, details }: ProblemError, language: PageLanguage): string {
  const words = WORDS[language];
  const { leastCharge: least, currency } = details;
  if (code === 'amount_too_small' && typeof least === 'number' && typeof currency === 'string')
    return words.tooSmall(formatMoney(least, currency, language));
  return words.refused[code] ?? words.later;
}

/**
 * With a code for a discount Stripe's page takes no total between nothing and the least that it charges.
 * https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 */
export function leastTotalInWords(
  {
    model,
    promotionCodes,
    currency,
  }: {
    model: PricingModel;
    promotionCodes: boolean;
    currency: string;
  },
  language: PageLanguage,
): string | null {
  const least = promotionCodes && model !== 'free' ? leastCharge(currency) : null;
  return least === null ? null : WORDS[language].leastWithCode(formatMoney(least, currency, language));
}
