import { formatDate, formatDateTime, formatMonth, zoneName } from './dates';
import { formatMoney, typedMoney } from './money';

/** Formatting in the viewer's language. */
export function createFormat(locale: string) {
  const number = new Intl.NumberFormat(locale);
  const currencies = new Intl.DisplayNames(locale, { type: 'currency' });
  const regions = new Intl.DisplayNames(locale, { type: 'region' });
  return {
    locale,
    /** @param amount minor units */
    money: (amount: number, currency: string) => formatMoney(amount, currency, locale),
    typedMoney: (amount: number, currency: string) => typedMoney(amount, currency, locale),
    number: (value: number) => number.format(value),
    date: (iso: string) => formatDate(iso, locale),
    dateTime: (iso: string) => formatDateTime(iso, locale),
    month: (month: string, style: 'long' | 'short') => formatMonth(month, locale, style),
    zone: () => zoneName(locale),
    /** `eur` as `EUR · Euro`. */
    currency: (code: string) => `${code.toUpperCase()} · ${currencies.of(code.toUpperCase()) ?? code}`,
    /** `FR` as `France`. */
    country: (code: string) => regions.of(code) ?? code,
  };
}

export type Format = ReturnType<typeof createFormat>;
