import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/**
 * What an update handler throws for a failed activity: always an `ApplicationFailure` with our code as its type. (A
 * plain Error would fail the workflow task and leave the caller hanging.)
 */
export function failureOf(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure)
    return ApplicationFailure.create({
      message: cause.message,
      type: cause.type ?? 'temporarily_unavailable',
      nonRetryable: true,
      details: cause.details ?? [],
    });
  return ApplicationFailure.create({
    message: 'Stripe could not be reached in time.',
    type: 'stripe_unavailable',
    nonRetryable: true,
  });
}
