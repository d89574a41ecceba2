import { type MembershipItem, planOf } from './items';
import { decideMembership } from './membership';
import type { MembershipDecision, MembershipEvidence, MembershipFacts } from './membership-facts';
import { ofItems } from './paid-periods';
import type { Policy } from './policy';
import type { Seconds } from './time';

/** What a membership is for. */
export interface Sold {
  productId: string;
  /** Our price; the last one that was, where the present one was made in Stripe. */
  priceId: string;
  quantity: number;
}

/** What a look at a membership comes to. */
export interface MembershipLook {
  /** What it is for from now on: a change that was made in Stripe counts. */
  next: Sold;
  decision: MembershipDecision;
  /** What its other items give, each for a product of its own. */
  others: { productId: string; decision: MembershipDecision }[];
}

/** What prices give besides their own product, by the price's id; one that is not named gives nothing else. */
export type Bundles = ReadonlyMap<string, readonly string[]>;

/**
 * Decides what a membership gives, and what its items and its price give besides.
 * @param items the subscription's items as they are here; none where the evidence is no subscription
 * @param taken products that were taken beside at Checkout
 */
export function decideLook(
  present: { facts: MembershipFacts; sold: Sold },
  evidence: MembershipEvidence,
  items: readonly MembershipItem[],
  now: Seconds,
  policy: Policy,
  bundles: Bundles = new Map(),
  taken: readonly string[] = [],
): MembershipLook {
  const look = withBundle(decideAlone(present, evidence, items, now, policy), bundles);
  if (taken.length === 0) return look;
  // It goes as the purchase goes, but for the term: what ends access by time is the price's own.
  const decision = decideMembership({ ...present.facts, accessDays: null }, evidence, now, policy);
  return { ...look, others: [...look.others, ...taken.map((productId) => ({ productId, decision }))] };
}

/**
 * Each product of a bundle is given as the price's own is, and taken away with it. One that is an item of the
 * subscription besides goes by its item while the bundle gives nothing.
 */
function withBundle(look: MembershipLook, bundles: Bundles): MembershipLook {
  const { next, decision } = look;
  const gives = !decision.revoked && !decision.suspended;
  const isItem = (id: string) => look.others.some(({ productId }) => productId === id);
  const bundled = (bundles.get(next.priceId) ?? []).filter(
    (id) => id !== next.productId && (gives || !isItem(id)),
  );
  const others = look.others.filter(({ productId }) => !bundled.includes(productId));
  return { ...look, others: [...others, ...bundled.map((productId) => ({ productId, decision }))] };
}

function decideAlone(
  present: { facts: MembershipFacts; sold: Sold },
  evidence: MembershipEvidence,
  items: readonly MembershipItem[],
  now: Seconds,
  policy: Policy,
): MembershipLook {
  const { facts, sold } = present;
  const plan = planOf(items, sold.productId);
  if (evidence.kind !== 'subscription' || plan === null)
    return { next: sold, decision: decideMembership(facts, evidence, now, policy), others: [] };
  const { subscription } = evidence;
  const { nothingOfOurs } = plan;
  const decideFor = (itemIds: ReadonlySet<string>, of: MembershipFacts) =>
    decideMembership(
      of,
      { kind: 'subscription', subscription: ofItems(subscription, itemIds), nothingOfOurs },
      now,
      policy,
    );
  return {
    next: { productId: plan.productId, priceId: plan.priceId ?? sold.priceId, quantity: plan.quantity },
    decision: decideFor(plan.itemIds, facts),
    others: plan.others.map(({ productId, itemIds }) => ({
      productId,
      // The plan of installments is the membership's own product's.
      decision: decideFor(itemIds, { ...facts, installmentsDue: null, installmentsPaid: null }),
    })),
  };
}
