/** Why it is so, a stable code; {@link REASONS} has the words. */
export type MembershipReason = keyof typeof REASONS;

/** Each reason in words for a coach. */
export const REASONS = {
  owned: 'Paid once, without an end.',
  fixed_term: 'Paid once, for a fixed term.',
  fixed_term_over: 'The fixed term that was paid for is over.',
  refunded: 'The payment was refunded in full.',
  disputed: 'The payment is disputed; access is suspended until the bank decides.',
  dispute_lost: 'The payment was disputed and the bank decided for the buyer.',
  installments: 'Paying in installments.',
  installments_complete: 'All installments are paid.',
  installments_short: 'The installments ended before the last one was paid.',
  trial: 'In the free trial.',
  paid: 'Paid for the present period.',
  scheduled_to_cancel: 'Cancelled for a date ahead; access lasts until then.',
  awaiting_payment: 'The present period is not paid for; access comes back with the next payment.',
  invoice_sent: 'The invoice of the present period was sent and waits for its payment.',
  paid_after_end: 'The subscription had ended when its last invoice was paid; that period is given.',
  not_sold_here: 'At Stripe, the subscription is for something that is not sold here.',
  collection_paused: 'Collection is paused; access lasts to the end of what was paid.',
  grace: 'A renewal is unpaid; access lasts through the grace period.',
  grace_over: 'A renewal stayed unpaid and the grace period is over.',
  unpaid: 'Stripe gave up collecting; the subscription is unpaid.',
  trial_ended_without_card: 'The trial ended without a way to pay; the subscription is paused.',
  first_payment_pending: 'The first payment is not through yet.',
  first_payment_failed: 'The first payment was never made.',
  canceled: 'The subscription was cancelled.',
  withdrawn: 'The member has withdrawn from the contract.',
  disconnected:
    'Stripe can no longer be asked: the account is disconnected, or this was deleted there. What was paid for is honoured.',
  disconnected_over:
    'Stripe can no longer be asked: the account is disconnected, or this was deleted there. What was paid for is used up.',
} as const;

/** In place of `paid`, while a period has begun whose invoice is still being made up or charged. */
export const BEING_CHARGED = 'The present period has begun; its payment is on its way.';
