import { decideInstallments } from './installments';
import {
  type MembershipDecision,
  type MembershipEvidence,
  type MembershipFacts,
  NOTHING_MORE,
} from './membership-facts';
import type { Policy } from './policy';
import { accessStart, termEnd } from './pricing';
import { asChosen } from './refund';
import { reversalOf, reversed } from './reversal';
import { decideSubscription } from './subscription-access';
import { HOUR, type Seconds } from './time';

/**
 * The access rules: what Stripe says, the time and the coach's policy → access and the next deadline. Pure; every
 * wake-up of a membership ends here. docs/architecture.md has the table.
 * @param now seconds, UTC, on the account's clock.
 */
export function decideMembership(
  facts: MembershipFacts,
  evidence: MembershipEvidence,
  now: Seconds,
  policy: Policy,
): MembershipDecision {
  const counted = asChosen(evidence, facts.refundChoices ?? {});
  const decision = decideByEvidence(facts, counted, now, policy);
  return facts.withdrawn === true ? withdrawn(decision) : decision;
}

/**
 * A contract that was withdrawn from is over whatever the coach's policy keeps (Directive 2011/83/EU, article 12). As long as
 * Stripe goes on charging the run stays, to see the end of that.
 */
function withdrawn(decision: MembershipDecision): MembershipDecision {
  const charging = ![null, 'canceled', 'incomplete_expired'].includes(decision.stripeStatus);
  return {
    ...decision,
    status: charging ? 'suspended' : 'ended',
    reason: 'withdrawn',
    revoked: true,
    ended: !charging,
    cancelAtStripe: charging,
    deadline: charging ? decision.deadline : null,
  };
}

function decideByEvidence(
  facts: MembershipFacts,
  evidence: MembershipEvidence,
  now: Seconds,
  policy: Policy,
): MembershipDecision {
  const choices = facts.refundChoices ?? {};
  switch (evidence.kind) {
    case 'payment': {
      const { payment } = evidence;
      const returned = payment === null ? null : { ...payment, isToEnd: choices[payment.id] === 'end' };
      return reversed(decidePayment(facts, now), returned, policy);
    }
    case 'unreadable':
      return decideUnreadable(facts, now, policy);
    case 'subscription': {
      const { subscription } = evidence;
      const decision =
        facts.installmentsDue === null
          ? decideSubscription(subscription, now, policy)
          : decideInstallments(facts, facts.installmentsDue, subscription, now, policy);
      return reversed(
        evidence.nothingOfOurs === true && !decision.ended
          ? { ...decision, status: 'suspended', reason: 'not_sold_here', suspended: true }
          : decision,
        reversalOf(subscription, choices),
        policy,
      );
    }
  }
}

/** What is bought once: for ever, or for the price's fixed term. */
function decidePayment(
  { startedAt, accessDays, accessStartsAt }: MembershipFacts,
  now: Seconds,
): MembershipDecision {
  const until = termEnd(accessStart(startedAt, accessStartsAt), accessDays);
  const ended = until !== null && until <= now;
  return {
    ...NOTHING_MORE,
    status: ended ? 'ended' : until === null ? 'owned' : 'canceling',
    reason: until === null ? 'owned' : ended ? 'fixed_term_over' : 'fixed_term',
    until,
    ended,
    deadline: ended ? null : until,
  };
}

/** What was paid for is honoured; what was withheld at the last look stays so until Stripe can be asked again. */
function decideUnreadable(facts: MembershipFacts, now: Seconds, policy: Policy): MembershipDecision {
  const honoured = decideHonoured(facts, now, policy);
  if (facts.withheld === null || honoured.ended) return honoured;
  const suspended = facts.withheld === 'disputed' || facts.withheld === 'not_sold_here';
  return { ...honoured, status: 'suspended', reason: facts.withheld, suspended, revoked: !suspended };
}

function decideHonoured(facts: MembershipFacts, now: Seconds, policy: Policy): MembershipDecision {
  const allPaid = facts.installmentsDue !== null && (facts.installmentsPaid ?? 0) >= facts.installmentsDue;
  if (facts.kind === 'one_off' || allPaid)
    return { ...decidePayment(facts, now), installmentsPaid: facts.installmentsPaid };
  const until = (facts.paidThrough ?? 0) + policy.renewalLeewayHours * HOUR;
  const ended = until <= now;
  return {
    ...NOTHING_MORE,
    status: ended ? 'ended' : 'canceling',
    reason: ended ? 'disconnected_over' : 'disconnected',
    paidThrough: facts.paidThrough,
    installmentsPaid: facts.installmentsPaid,
    until,
    ended,
    deadline: ended ? null : until,
  };
}
