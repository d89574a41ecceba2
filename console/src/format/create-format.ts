import { formatDate, formatDateTime, formatMonth, timesInWords, zoneName } from './dates';
import { formatMoney, typedMoney } from './money';

/** Formatting in the viewer's language. */
export function createFormat(locale: string) {
  const decimalMark =
    new Intl.NumberFormat(locale).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  const number = new Intl.NumberFormat(locale);
  const currencies = new Intl.DisplayNames(locale, { type: 'currency' });
  const regions = new Intl.DisplayNames(locale, { type: 'region' });
  return {
    locale,
    /** @param amount minor units */
    money: (amount: number, currency: string) => formatMoney(amount, currency, locale),
    typedMoney: (amount: number, currency: string) => typedMoney(amount, currency, locale),
    /** `1234.56` as the language writes it, without groups: `1234,56`. */
    decimal: (text: string) => text.replace('.', decimalMark),
    number: (value: number) => number.format(value),
    date: (iso: string) => formatDate(iso, locale),
    dateTime: (iso: string) => formatDateTime(iso, locale),
    /** A sentence of the API, without ISO times. */
    sentence: (text: string) => timesInWords(text, locale),
    month: (month: string, style: 'long' | 'short') => formatMonth(month, locale, style),
    zone: () => zoneName(locale),
    /** `eur` as `EUR · Euro`; the code alone where the browser knows no name. */
    currency: (code: string) => {
      const upper = code.toUpperCase();
      const name = currencies.of(upper) ?? upper;
      return name === upper ? upper : `${upper} · ${name}`;
    },
    /** `FR` as `France`. */
    country: (code: string) => regions.of(code) ?? code,
  };
}

export type Format = ReturnType<typeof createFormat>;
