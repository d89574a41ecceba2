import { decimalsOf } from '@domain/money';

/**
 * Money is integer minor units everywhere; only here it becomes text, and text becomes money. Decimals are Stripe's:
 * none of a yen, three of a Kuwaiti dinar.
 */

/** 4900 and `eur` in `en`: `€49.00`. @param amount minor units */
export function formatMoney(amount: number, currency: string, locale: string): string {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount / 10 ** decimals);
}

/** 4900 and `eur` as a person types it: `49.00`, with the language's own decimal separator. */
export function typedMoney(amount: number, currency: string, locale: string): string {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat(locale, {
    useGrouping: false,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount / 10 ** decimals);
}

/**
 * What a person typed, in minor units: `49`, `49.5`, `49,50`. Null when it is no amount of that currency; groups of
 * thousands are not guessed at, because `1.500` is one and a half to some and fifteen hundred to others.
 */
export function parseMoney(typed: string, currency: string): number | null {
  const [, whole = '', fraction = ''] = /^\s*(\d{1,9})(?:[.,](\d*))?\s*$/.exec(typed) ?? [];
  const decimals = decimalsOf(currency);
  if (whole === '' || fraction.length > decimals) return null;
  return Number(whole + fraction.padEnd(decimals, '0'));
}
