import type { ItemFacts, LastingDiscount, SubscriptionFacts } from './stripe-facts';
import type { Seconds } from './time';

/**
 * What a subscription is worth a month, by Stripe's own definition: active and past due ones count; trials, what is unpaid,
 * taxes and what is charged by use do not; a discount counts when it never ends.
 * https://docs.stripe.com/billing/subscriptions/analytics/glossary and https://support.stripe.com/questions/billing-analytics
 * docs/figures.md says all of it in words.
 */

/** Periods of each kind in twelve months. */
const A_YEAR = { day: 365, week: 52, month: 12, year: 1 } as const;

const COUNTS: readonly SubscriptionFacts['status'][] = ['active', 'past_due'];

/** What is charged every so often, a month. Minor units, rounded half up. */
export function aMonth(
  amount: number,
  { interval, intervalCount }: Pick<Charge, 'interval' | 'intervalCount'>,
): number {
  return Math.round((amount * A_YEAR[interval]) / (12 * intervalCount));
}

type Charge = NonNullable<ItemFacts['charge']>;

/** Monthly recurring revenue of one subscription; minor units of its currency, never negative. */
export function recurringOf(subscription: SubscriptionFacts): number {
  if (!COUNTS.includes(subscription.status)) return 0;
  return chargedFor(subscription).reduce((sum, { amount, charge }) => sum + aMonth(amount, charge), 0);
}

/**
 * What each item costs a period, minor units, less the discounts that never end. What is charged by use is not among them:
 * nobody knows it before.
 */
export function chargedFor({ items, lasting }: Pick<SubscriptionFacts, 'items' | 'lasting'>) {
  const charged = items.flatMap(({ charge, quantity, stripeProductId, periodEnd }) =>
    charge == null ? [] : [{ charge, stripeProductId, periodEnd, amount: charge.unitAmount * quantity }],
  );
  for (const discount of lasting ?? []) takeOff(charged, discount);
  return charged;
}

/** Discounts are taken one after the other; an amount is shared by what it is for. https://docs.stripe.com/billing/subscriptions/coupons */
function takeOff(
  charged: { stripeProductId: string; amount: number }[],
  { percentOff, amountOff, stripeProductIds }: LastingDiscount,
): void {
  const meant = charged.filter(
    ({ stripeProductId }) => stripeProductIds === null || stripeProductIds.includes(stripeProductId),
  );
  let left = Math.min(
    amountOff ?? 0,
    meant.reduce((sum, { amount }) => sum + amount, 0),
  );
  for (const item of meant) {
    const off =
      percentOff === null ? Math.min(left, item.amount) : Math.round((item.amount * percentOff) / 100);
    left -= percentOff === null ? off : 0;
    item.amount -= off;
  }
}

/**
 * When what a look sees has come about: where Stripe has a time for it since the last look, that; else the look's.
 * @param since the last look; null: there was none
 */
export function cameAbout(subscription: SubscriptionFacts, since: Seconds | null, now: Seconds): Seconds {
  const { endedAt, trialEnd, startedAt, items, invoices } = subscription;
  const isNew = (at: Seconds | null): at is Seconds =>
    at !== null && at <= now && (since === null || at > since);
  if (endedAt !== null) return Math.min(endedAt, now);
  if (isNew(trialEnd)) return trialEnd;
  if (since === null) return Math.min(startedAt, now);
  // A change within a period has lines that begin with it; one at its end begins the next.
  const changes = invoices.flatMap(({ lines }) =>
    lines.filter(({ proration }) => proration).map(({ periodStart }) => periodStart),
  );
  const found = [changes, items.map(({ periodStart }) => periodStart)]
    .map((times) => times.filter(isNew))
    .find((times) => times.length > 0);
  return found === undefined ? now : Math.max(...found);
}
