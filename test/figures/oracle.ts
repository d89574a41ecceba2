import type Stripe from 'stripe';

/**
 * What Stripe's own subscriptions come to a month, worked out here from what Stripe says alone: nothing of the product's
 * rules. https://docs.stripe.com/billing/subscriptions/analytics/glossary
 */

const A_MONTH = { day: 365 / 12, week: 52 / 12, month: 1, year: 1 / 12 } as Record<string, number>;

/** One subscription, in minor units a month. `percentOff`: by the coupon's id, those that are for ever. */
function worth(subscription: Stripe.Subscription, percentOff: ReadonlyMap<string, number>): number {
  if (subscription.status !== 'active' && subscription.status !== 'past_due') return 0;
  const kept = subscription.discounts.reduce((left, discount) => {
    const coupon = typeof discount === 'string' ? null : discount.source.coupon;
    return left * (1 - (percentOff.get(typeof coupon === 'string' ? coupon : (coupon?.id ?? '')) ?? 0) / 100);
  }, 1);
  return subscription.items.data.reduce((sum, { price, quantity }) => {
    const a = Math.round((price.unit_amount ?? 0) * (quantity ?? 1) * kept);
    const times = A_MONTH[price.recurring?.interval ?? ''] ?? NaN;
    return sum + Math.round((a * times) / (price.recurring?.interval_count ?? 1));
  }, 0);
}

export type Worth = Map<string, number>;

/** By customer, who is one member each. */
export function worthOf(
  subscriptions: readonly Stripe.Subscription[],
  percentOff: ReadonlyMap<string, number>,
): Worth {
  const all: Worth = new Map();
  for (const subscription of subscriptions) {
    const who = typeof subscription.customer === 'string' ? subscription.customer : subscription.customer.id;
    all.set(who, (all.get(who) ?? 0) + worth(subscription, percentOff));
  }
  return all;
}

export interface Month {
  new: number;
  reactivation: number;
  expansion: number;
  contraction: number;
  churn: number;
  end: number;
  members: number;
}

const EMPTY: Month = { new: 0, reactivation: 0, expansion: 0, contraction: 0, churn: 0, end: 0, members: 0 };

/** Keeps the books of a year from what Stripe had at each look. */
export class Books {
  readonly months = new Map<string, Month>();
  private last: Worth = new Map();
  private readonly ever = new Set<string>();

  /** After something was done to one customer. */
  lookAt(customer: string, worth: number, at: string): void {
    this.look(new Map([...this.last, [customer, worth]]), at);
  }

  /** @param at ISO: the month that changes since the last look belong to */
  look(present: Worth, at: string): void {
    const name = at.slice(0, 7);
    const month = { ...(this.months.get(name) ?? EMPTY) };
    for (const who of new Set([...this.last.keys(), ...present.keys()])) {
      const was = this.last.get(who) ?? 0;
      const is = present.get(who) ?? 0;
      if (is === was) continue;
      const kind =
        is > was
          ? was > 0
            ? 'expansion'
            : this.ever.has(who)
              ? 'reactivation'
              : 'new'
          : is > 0
            ? 'contraction'
            : 'churn';
      month[kind] += is - was;
      this.ever.add(who);
    }
    const values = [...present.values()];
    month.end = values.reduce((sum, value) => sum + value, 0);
    month.members = values.filter((value) => value > 0).length;
    this.months.set(name, month);
    this.last = present;
  }
}
