/** The fields that a subscription shows while it is going to end at a time (Unix seconds). */
export function endOf(cancelAt: number, now: number) {
  return {
    cancel_at: cancelAt,
    canceled_at: now,
    cancellation_details: { comment: null, feedback: null, reason: 'cancellation_requested' as const },
  };
}
