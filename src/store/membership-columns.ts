import type { MembershipDecision } from '../domain/membership';
import { type Seconds, toDate, toDateOrNull } from '../domain/time';

/** The columns of the membership row that a decision fills. */
export function membershipColumns(decision: MembershipDecision, now: Seconds) {
  return {
    status: decision.status,
    reason: decision.reason,
    stripeStatus: decision.stripeStatus,
    paidThrough: toDateOrNull(decision.paidThrough),
    cancelAt: toDateOrNull(decision.cancelAt),
    pauseUntil: toDateOrNull(decision.pauseUntil),
    installmentsPaid: decision.installmentsPaid,
    nextDeadlineAt: toDateOrNull(decision.deadline),
    verifiedAt: toDate(now),
    endedAt: decision.ended ? toDate(now) : null,
    disputedAt: toDateOrNull(decision.dispute?.openedAt ?? null),
    evidenceDueAt: toDateOrNull(decision.dispute?.evidenceDueAt ?? null),
  };
}

/** The columns of its grant that a decision fills. */
export function grantColumns(decision: MembershipDecision) {
  return {
    until: toDateOrNull(decision.until),
    suspended: decision.suspended,
    revoked: decision.revoked,
  };
}
