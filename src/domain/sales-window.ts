import { HOUR, MINUTE, type Seconds, toSeconds } from './time';

/** When a price is sold; null: from its beginning, without an end. */
export interface SalesWindow {
  salesStartAt: Date | null;
  salesEndAt: Date | null;
}

export type SalesState = 'not_started' | 'on_sale' | 'ended';

/** Whether a price is sold at a moment (seconds, UTC, on the account's clock). The end itself is not in it any more. */
export function salesState({ salesStartAt, salesEndAt }: SalesWindow, now: Seconds): SalesState {
  if (salesEndAt !== null && now >= toSeconds(salesEndAt)) return 'ended';
  return salesStartAt !== null && now < toSeconds(salesStartAt) ? 'not_started' : 'on_sale';
}

/** Whether a price is sold all the time from one moment to another (seconds, UTC). */
export function isSoldThrough(sales: SalesWindow, { from, to }: { from: Seconds; to: Seconds }): boolean {
  if (salesState(sales, from) !== 'on_sale') return false;
  return sales.salesEndAt === null || toSeconds(sales.salesEndAt) >= to;
}

/**
 * How long a Stripe session stays open. Stripe takes 30 minutes to 24 hours; long enough to find one's card. With limited
 * seats it is the shortest, as an open session holds one.
 */
export const LONGEST_SESSION = 2 * HOUR;

/**
 * The shortest that Stripe keeps a session open, and a little for the way there and for clocks that differ.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
export const SHORTEST_SESSION = 33 * MINUTE;

/**
 * When Stripe is to close a session (seconds, UTC): after its lifetime, or when sales end. What is opened in the last
 * minutes would outlive them, and is closed by the look at that moment.
 */
export function sessionEnd(now: Seconds, lifetime: Seconds, { salesEndAt }: SalesWindow): Seconds {
  const end = now + lifetime;
  return salesEndAt === null ? end : Math.max(now + SHORTEST_SESSION, Math.min(end, toSeconds(salesEndAt)));
}

/** Until when an open session is left alone (seconds, UTC): Stripe closes it by itself, or sales end before. */
export function openUntil(expiresAt: Seconds, { salesEndAt }: SalesWindow): Seconds {
  return salesEndAt === null ? expiresAt : Math.min(expiresAt, toSeconds(salesEndAt));
}
