import { REASONS } from './membership-reasons';

/**
 * What happened, as a member's timeline says it; stable codes. What became of a checkout and of a gift, what changed for
 * a membership, and where nothing else says it, its new reason.
 */
export const TIMELINE_KINDS = [
  ...(['purchase_completed', 'purchased_twice', 'taken_beside', 'free_product_given'] as const),
  ...(['checkout_pending', 'checkout_completed', 'checkout_expired', 'checkout_cancelled'] as const),
  ...(['checkout_failed', 'checkout_needs_review', 'checkout_unverifiable'] as const),
  ...(['checkout_opening', 'checkout_refunding', 'checkout_refunded'] as const),
  ...(['gift_given', 'gift_extended', 'gift_revoked', 'free_extended', 'free_revoked'] as const),
  ...(['renewed', 'trial_converted', 'payment_failed', 'payment_recovered', 'resumed'] as const),
  ...(['cancellation_scheduled', 'cancellation_withdrawn', 'cancellation_moved'] as const),
  ...(['membership_ended', 'dispute_won', 'access_restored', 'access_changed', 'access_over'] as const),
  ...(['access_begun'] as const),
  ...(['member_joined', 'members_merged', 'member_erased', 'address_changed'] as const),
  ...(['installments_recounted', 'price_changed', 'product_changed'] as const),
  ...(['cancel_offer_taken'] as const),
  ...(['member_cancelled', 'withdrawal_received', 'withdrawal_proven', 'withdrawal_accepted'] as const),
  ...(['withdrawal_done', 'withdrawal_refused', 'withdrawal_failed', 'withdrawal_overdue'] as const),
  ...(['refund_requested', 'refund_made', 'refund_refused'] as const),
  ...(['item_added', 'item_removed', 'paid_too_late', 'dispute_opened', 'dispute_closed'] as const),
  ...(Object.keys(REASONS) as (keyof typeof REASONS)[]),
] as const;

export type TimelineKind = (typeof TIMELINE_KINDS)[number];
