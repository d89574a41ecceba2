import type { MembershipDecision, MembershipStatus } from './membership-facts';
import type { Seconds } from './time';
import type { TimelineKind } from './timeline';

/** What changed for the member, as a stable code for the timeline; null when nothing did. */
export function changeOf(
  before: {
    status: MembershipStatus;
    reason: string;
    paidThrough: Seconds | null;
    cancelAt: Seconds | null;
    until: Seconds | null;
    installmentsPaid: number | null;
    /** A dispute was open. */
    disputed?: boolean;
  },
  after: MembershipDecision,
): TimelineKind | null {
  if (after.ended && before.status !== 'ended') return 'membership_ended';
  // A renewal gives access: what is paid when its period is over too is told as what it is.
  if (after.ended && after.paidThrough !== null && after.paidThrough > (before.paidThrough ?? 0))
    return 'paid_too_late';
  if (before.reason !== after.reason) {
    if (after.reason === 'scheduled_to_cancel') return 'cancellation_scheduled';
    const isGoing = ['paid', 'trial', 'installments', 'invoice_sent'].includes(after.reason);
    if (isGoing && before.reason === 'scheduled_to_cancel') return 'cancellation_withdrawn';
    if (before.reason === 'disputed' && !after.revoked) return 'dispute_won';
    if (before.reason === 'refunded' || before.reason === 'dispute_lost') return 'access_restored';
    if (before.reason === 'collection_paused' && after.reason === 'awaiting_payment') return 'resumed';
    if (after.reason === 'paid' || after.reason === 'installments') {
      if (before.reason === 'invoice_sent') return 'renewed';
      if (before.reason === 'trial') return 'trial_converted';
      if (before.reason === 'awaiting_payment') return 'renewed';
      return before.reason === 'grace' || before.reason === 'grace_over' || before.reason === 'unpaid'
        ? 'payment_recovered'
        : 'resumed';
    }
    if (after.reason === 'grace') return 'payment_failed';
    return after.reason;
  }
  if (before.disputed === false && after.dispute !== null) return 'dispute_opened';
  if (before.disputed === true && after.dispute === null) return 'dispute_closed';
  if ((after.installmentsPaid ?? 0) < (before.installmentsPaid ?? 0)) return 'installments_recounted';
  if (after.paidThrough !== null && after.paidThrough > (before.paidThrough ?? 0)) return 'renewed';
  if (before.cancelAt !== after.cancelAt) return 'cancellation_moved';
  if (before.status !== 'suspended' && after.status === 'suspended') return 'access_over';
  if (before.status !== after.status || before.until !== after.until) return 'access_changed';
  return null;
}
