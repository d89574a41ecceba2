import type { Seconds } from './time';

/** The longest that a debit under way is not asked about. */
const LONGEST = 3600;

/**
 * Seconds until a checkout is looked at again although nobody said anything. An open one within minutes of any payment,
 * and at its session's end; a debit takes days, so one is asked about less and less often, up to once an hour, until
 * something is heard of it. https://docs.stripe.com/payments/payment-methods#payment-notification
 * @param pollSeconds how often anything is asked about
 * @param quietLooks looks in a row at a debit under way that nobody asked for; null: it is not looked at so
 */
export function secondsToNextLook(
  { deadline, now }: { deadline: Seconds | null; now: Seconds },
  pollSeconds: number,
  quietLooks: number | null,
): number {
  const rhythm =
    quietLooks === null
      ? pollSeconds
      : Math.max(pollSeconds, Math.min(LONGEST, pollSeconds * 2 ** Math.min(quietLooks, 12)));
  return deadline === null ? rhythm : Math.max(15, Math.min(rhythm, deadline - now));
}
