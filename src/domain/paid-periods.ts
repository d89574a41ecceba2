import type { InvoiceLineFacts } from './stripe-facts';
import type { Seconds } from './time';

/**
 * Which periods were paid for: read off the lines of invoices, never off the subscription's own period, which moves
 * before the renewal is paid.
 */

/** A line that gives something back: a change within a period credits what of it is not used. */
export const isCredit = (line: InvoiceLineFacts): boolean =>
  line.credits !== null || (line.proration && line.amount < 0);

/** The latest period end over the lines of subscription items that are no credit; null when there is none. */
export function latestEnd(lines: readonly InvoiceLineFacts[]): Seconds | null {
  const ends = lines.filter((line) => line.itemId !== null && !isCredit(line)).map((line) => line.periodEnd);
  return ends.length === 0 ? null : Math.max(...ends);
}
