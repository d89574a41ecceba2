import { decimalsOf } from '../domain/money';
import type { Next } from '../session-client/types';

/** 12.50 as a person types it, to minor units; undefined when it is no such amount of that currency. */
export function minorUnits(typed: string, currency: string): number | undefined {
  const text = typed.trim().replace(',', '.');
  const [whole = '', fraction = ''] = text.split('.');
  const decimals = decimalsOf(currency);
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text) || fraction.length > decimals) return undefined;
  return Number(whole + fraction.padEnd(decimals, '0'));
}

/** How often a price renews, in words. */
export function rhythm(recurring: { interval: string; intervalCount: number } | null): string {
  if (recurring === null) return 'once';
  const { interval, intervalCount } = recurring;
  return intervalCount === 1 ? `every ${interval}` : `every ${intervalCount} ${interval}s`;
}

/** A time as people read it, in UTC: 26 Dec 2026, 06:00 UTC. */
export function dateTime(iso: string): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(iso));
  return `${text} UTC`;
}

/** What happens next, and when: `Next, on 26 Dec 2026, 06:00 UTC: Access ends.` */
export function nextInWords({ inWords, at }: Next): string {
  return at === null ? `Next: ${inWords}` : `Next, on ${dateTime(at)}: ${inWords}`;
}

/** snake_case codes as words. */
export function words(code: string): string {
  return code.replaceAll('_', ' ');
}
