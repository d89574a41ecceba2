import { type Seconds, toDate } from './time';

/** What came in and what is left of it, before Stripe's fees. Minor units of one currency. */
export interface Revenue {
  gross: number;
  refunded: number;
  /** Lost to disputes. */
  disputed: number;
  net: number;
}

export function netOf(sums: Omit<Revenue, 'net'>): Revenue {
  return { ...sums, net: sums.gross - sums.refunded - sums.disputed };
}

/** The last months as `2026-11`, the present one last. UTC. */
export function lastMonths(now: Seconds, count: number): string[] {
  const today = toDate(now);
  return Array.from({ length: count }, (_, index) => {
    const first = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - (count - 1 - index), 1);
    return new Date(first).toISOString().slice(0, 7);
  });
}
