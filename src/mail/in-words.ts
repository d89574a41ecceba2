import { type Language, LOCALES } from '../domain/language';
import { formatMoney } from '../domain/money';
import { type Seconds, toDate } from '../domain/time';
import type { Money } from './content';

/** Times and amounts as a person reads them in a language. */
export function inWords(language: Language) {
  const locale = LOCALES[language];
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return {
    day: (at: Seconds) => day.format(toDate(at)),
    /** Day and time, and which clock it is by. */
    moment: (at: Seconds) => `${moment.format(toDate(at))} UTC`,
    money: ({ amount, currency }: Money) => formatMoney(amount, currency, locale),
  };
}
