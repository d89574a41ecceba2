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

/** By subscription: whose it is, what it comes to, and when it last became something else, by Stripe. */
export type Worth = Map<string, { who: string; worth: number; since: number }>;

/** @param percentOff by the coupon's id, those that are for ever. @param now seconds, UTC */
export function worthOf(
  subscriptions: readonly Stripe.Subscription[],
  percentOff: ReadonlyMap<string, number>,
  now: number,
): Worth {
  return new Map(
    subscriptions.map((subscription) => {
      const { customer, ended_at, trial_end, start_date, items } = subscription;
      const begun = [start_date, trial_end ?? 0, ...items.data.map((item) => item.current_period_start)];
      return [
        subscription.id,
        {
          who: typeof customer === 'string' ? customer : customer.id,
          worth: worth(subscription, percentOff),
          since: ended_at ?? Math.max(...begun.filter((at) => at <= now)),
        },
      ];
    }),
  );
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

  /** After something was done to one customer, whose subscriptions are these. */
  lookAt(theirs: Worth, at: string): void {
    this.look(new Map([...this.last, ...theirs]), at);
  }

  /**
   * What a customer has is the sum of their subscriptions; of several that changed since the last look, each is taken when Stripe
   * says that it did. @param at ISO: the month that changes since the last look belong to
   */
  look(present: Worth, at: string): void {
    const name = at.slice(0, 7);
    const month = { ...(this.months.get(name) ?? EMPTY) };
    const has = sums(this.last);
    for (const [id, { who, worth: is }] of [...present].sort(([, a], [, b]) => a.since - b.since)) {
      const before = has.get(who) ?? 0;
      const after = before + is - (this.last.get(id)?.worth ?? 0);
      if (after === before) continue;
      month[this.kindOf(who, before, after)] += after - before;
      has.set(who, after);
      this.ever.add(who);
    }
    month.end = [...has.values()].reduce((sum, value) => sum + value, 0);
    month.members = [...has.values()].filter((value) => value > 0).length;
    this.months.set(name, month);
    this.last = present;
  }

  private kindOf(who: string, before: number, after: number) {
    if (after < before) return after > 0 ? 'contraction' : 'churn';
    if (before > 0) return 'expansion';
    return this.ever.has(who) ? 'reactivation' : 'new';
  }
}

function sums(worth: Worth): Map<string, number> {
  const all = new Map<string, number>();
  for (const { who, worth: is } of worth.values()) all.set(who, (all.get(who) ?? 0) + is);
  return all;
}
