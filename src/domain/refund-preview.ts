import type { MembershipItem } from './items';
import type {
  MembershipDecision,
  MembershipEvidence,
  MembershipFacts,
  RefundChoices,
} from './membership-facts';
import { decideLook, type Sold } from './membership-look';
import type { Policy } from './policy';
import { hadGoneBack } from './refund';
import type { Seconds } from './time';

export const ACCESS_AFTER = ['stays', 'ends', 'none'] as const;
export const CHARGING_AFTER = ['goes_on', 'ends', 'none'] as const;

/** What a refund does, by the rules that every later look goes by. */
export interface RefundEffect {
  /** `none`: there is no access now either. */
  access: (typeof ACCESS_AFTER)[number];
  /** Whether Stripe goes on charging for it; `none`: it does not now either. */
  charging: (typeof CHARGING_AFTER)[number];
}

/**
 * Decides twice: by what Stripe says, and by what it will say once so much more has gone back.
 * @param refund `amount` in minor units
 */
export function effectOf(
  present: { facts: MembershipFacts; sold: Sold; items: readonly MembershipItem[] },
  evidence: MembershipEvidence,
  refund: { paymentId: string; amount: number; access: 'keep' | 'end' },
  now: Seconds,
  policy: Policy,
): RefundEffect {
  const { facts, sold, items } = present;
  const decide = (seen: MembershipEvidence, refundChoices: RefundChoices) =>
    decideLook({ facts: { ...facts, refundChoices }, sold }, seen, items, now, policy).decision;
  const choices = facts.refundChoices ?? {};
  const before = decide(evidence, choices);
  const after = decide(hadGoneBack(evidence, refund.paymentId, refund.amount), {
    ...choices,
    [refund.paymentId]: refund.access,
  });
  return {
    access: !hasAccess(before, now) ? 'none' : hasAccess(after, now) ? 'stays' : 'ends',
    charging: !isCharging(before) ? 'none' : isCharging(after) ? 'goes_on' : 'ends',
  };
}

const hasAccess = ({ revoked, suspended, until }: MembershipDecision, now: Seconds): boolean =>
  !revoked && !suspended && (until === null || until > now);

/** A subscription that is not over, and that nobody is about to end. */
const isCharging = ({ stripeStatus, cancelAtStripe }: MembershipDecision): boolean =>
  !cancelAtStripe && ![null, 'canceled', 'incomplete_expired'].includes(stripeStatus);
