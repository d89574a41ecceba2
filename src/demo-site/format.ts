import type { Next, Price } from '@session/sdk';
import { formatMoney } from '../domain/money';

/** How often a price renews, in words. */
export function rhythm(recurring: { interval: string; intervalCount: number } | null): string {
  if (recurring === null) return 'once';
  const { interval, intervalCount } = recurring;
  return intervalCount === 1 ? `every ${interval}` : `every ${intervalCount} ${interval}s`;
}

/** What a price costs, the amount apart from what is to be said of it: `3 × €82.00` and `every month`. */
export function priceInWords(price: Price): { amount: string; more: string } {
  const money = (minor: number) => formatMoney(minor, price.currency);
  const amount = money(price.unitAmount);
  const fee = price.setupFee === null ? '' : `, and ${money(price.setupFee)} once`;
  switch (price.model) {
    case 'free':
      return { amount: 'Free', more: '' };
    case 'pay_what_you_want':
      return {
        amount: 'As you like',
        more: price.minAmount === null ? '' : `from ${money(price.minAmount)}`,
      };
    case 'installments':
      return { amount: `${price.installments} × ${amount}`, more: rhythm(price.recurring) + fee };
    case 'one_off':
    case 'recurring': {
      const trial = price.trialDays === null ? '' : `, the first ${price.trialDays} days free`;
      return { amount, more: rhythm(price.recurring) + trial + fee };
    }
  }
}

/** What the button of a price says. */
export function buyLabel(price: Price): string {
  if (price.model === 'installments') return 'Pay in installments';
  if (price.model === 'free') return 'Get it';
  return price.recurring === null ? 'Buy' : 'Subscribe';
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
