/**
 * How soon what somebody waits for is tried again, at the latest: once Stripe, a database or a worker is back, they wait so long
 * and no longer. Temporal's own limit is a hundred seconds, which comes with the eighth try.
 * https://docs.temporal.io/encyclopedia/retry-policies#maximum-interval
 */
export const SOMEBODY_WAITS = { maximumInterval: '15 seconds' } as const;
