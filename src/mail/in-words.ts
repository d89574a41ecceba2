import { dayIn, type Language, LOCALES, momentIn } from '../domain/language';
import { formatMoney } from '../domain/money';
import { type Seconds, toDate } from '../domain/time';
import type { Money } from './content';

/** Times and amounts as a person reads them in a language. */
export function inWords(language: Language) {
  const locale = LOCALES[language];
  return {
    day: (at: Seconds) => dayIn(language, toDate(at)),
    /** Day and time, and which clock it is by. */
    moment: (at: Seconds) => momentIn(language, toDate(at)),
    money: ({ amount, currency }: Money) => formatMoney(amount, currency, locale),
  };
}
