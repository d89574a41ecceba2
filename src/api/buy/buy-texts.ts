import { type Language, momentIn } from '../../domain/language';
import { leastCharge } from '../../domain/least-charge';
import type { CodeRefusal } from '../../domain/coupons';
import { formatMoney } from '../../domain/money';
import type { PricingModel } from '../../domain/pricing';
import type { ProblemError } from '../../domain/problem';
import type { BuyWords } from './buy-words';
import { GERMAN } from './buy-words-de';
import { ENGLISH } from './buy-words-en';

const WORDS: Readonly<Record<Language, BuyWords>> = { en: ENGLISH, de: GERMAN };

export const buyWordsIn = (language: Language): BuyWords => WORDS[language];

/** The refusal in a member's words, with the figure that it is about. */
export function wordsFor({ code, details }: ProblemError, language: Language): string {
  const words = WORDS[language];
  const { leastCharge: least, currency } = details;
  if (code === 'amount_too_small' && typeof least === 'number' && typeof currency === 'string')
    return words.tooSmall(formatMoney(least, currency, language));
  const { salesStartAt, salesEndAt } = details;
  if (code === 'sales_not_started' && typeof salesStartAt === 'string')
    return words.notYet(momentIn(language, new Date(salesStartAt)));
  if (code === 'sales_ended' && typeof salesEndAt === 'string')
    return words.over(momentIn(language, new Date(salesEndAt)));
  const { reason } = details;
  if (code === 'promotion_code_refused' && typeof reason === 'string' && reason in words.wrongCode)
    return words.wrongCode[reason as CodeRefusal];
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
  language: Language,
): string | null {
  const least = promotionCodes && model !== 'free' ? leastCharge(currency) : null;
  return least === null ? null : WORDS[language].leastWithCode(formatMoney(least, currency, language));
}
