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

/** Why what was typed is no amount, and what was perhaps meant by it: with a point and without anything else. */
export interface MoneyFault {
  why: 'grouped' | 'more_than_a_number' | 'too_many_decimals' | 'no_number';
  meant: string | null;
}

/** A whole number of up to twelve digits, and what follows the point or the comma. */
const PLAIN = /^(\d{1,12})(?:[.,](\d*))?$/;
/** `€ 20`, `20 EUR`: the number is what is left without them. */
const SIGN = /^[\p{Sc}a-z]{1,4}\.?\s*|\s*[\p{Sc}a-z]{1,4}\.?$/giu;

/**
 * What a person typed, in minor units: `49`, `49.5`, `49,50`; or why it is no amount of that currency. Groups of thousands
 * are not guessed at, because `1.500` is one and a half to some and fifteen hundred to others.
 */
export function readMoney(typed: string, currency: string): number | MoneyFault {
  const text = typed.trim();
  const decimals = decimalsOf(currency);
  const [, whole, fraction = ''] = PLAIN.exec(text) ?? [];
  if (whole !== undefined)
    return fraction.length > decimals
      ? { why: 'too_many_decimals', meant: null }
      : Number(whole + fraction.padEnd(decimals, '0'));
  const bare = text.replaceAll(SIGN, '');
  const meant = ungrouped(bare);
  if (meant === null) return { why: 'no_number', meant: null };
  return { why: bare === text ? 'grouped' : 'more_than_a_number', meant };
}

/** `1.234,56` as `1234.56`: the last mark is the decimal one where another kind stands before it. Null: no number. */
function ungrouped(text: string): string | null {
  if (!/^\d[\d.,'’\s]*$/.test(text)) return null;
  const marks = text.replaceAll(/\d/g, '').trim();
  const last = marks.at(-1);
  const isDecimal = last !== undefined && '.,'.includes(last) && marks.indexOf(last) === marks.length - 1;
  const at = isDecimal ? text.lastIndexOf(last) : text.length;
  const digits = (part: string) => part.replaceAll(/\D/g, '');
  const fraction = digits(text.slice(at));
  return fraction === '' ? digits(text) : `${digits(text.slice(0, at))}.${fraction}`;
}

/** What a person typed, in minor units; null when it is no amount of that currency. */
export function parseMoney(typed: string, currency: string): number | null {
  const read = readMoney(typed, currency);
  return typeof read === 'number' ? read : null;
}
