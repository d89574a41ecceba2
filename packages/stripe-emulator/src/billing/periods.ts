import type { Recurring } from '../objects/catalog';

const DAY = 86_400;

/** A time (Unix seconds) plus a number of billing intervals. Months and years keep the day, or take the month's last one. */
export function addIntervals(
  anchor: number,
  recurring: Pick<Recurring, 'interval' | 'interval_count'>,
  times: number,
): number {
  const count = recurring.interval_count * times;
  switch (recurring.interval) {
    case 'day':
      return anchor + count * DAY;
    case 'week':
      return anchor + count * 7 * DAY;
    case 'month':
      return addMonths(anchor, count);
    case 'year':
      return addMonths(anchor, count * 12);
  }
}

/**
 * The end of the period that starts at `start`, counted from the billing cycle's anchor (all Unix seconds, UTC), so that a
 * cycle of the 31st comes back to the 31st: https://docs.stripe.com/billing/subscriptions/billing-cycle
 */
export function periodEnd(
  anchor: number,
  start: number,
  recurring: Pick<Recurring, 'interval' | 'interval_count'>,
): number {
  let times = 1;
  const approximate = { day: DAY, week: 7 * DAY, month: 31 * DAY, year: 366 * DAY }[recurring.interval];
  if (start > anchor)
    times = Math.max(1, Math.floor((start - anchor) / (approximate * recurring.interval_count)));
  while (addIntervals(anchor, recurring, times) <= start) times += 1;
  return addIntervals(anchor, recurring, times);
}

function addMonths(time: number, months: number): number {
  const date = new Date(time * 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return Math.floor(date.getTime() / 1000);
}
