/**
 * How what somebody waits for is tried again. A pause is a tenth longer than the one before, which makes each a tenth of the
 * time that has passed since the first try, and a second: once Stripe, a database or a worker is back, whoever waits does so
 * for a tenth of the outage more, twelve seconds where it took two minutes. Doubled, as Temporal has it by itself, a pause is
 * as long as all of the outage, up to a hundred seconds. Of ten hours it is some 170 tries.
 * https://docs.temporal.io/encyclopedia/retry-policies#backoff-coefficient
 */
export const SOMEBODY_WAITS = { backoffCoefficient: 1.1, maximumInterval: '5 minutes' } as const;
