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

const CONFIRMATION_FAILURES = ['connection_not_returned', 'connection_refused', 'account_in_use'];

/** What a coach hears whose connection could not be made: whatever is not a clear no may have taken effect at Stripe. */
export function confirmationFailure(error: unknown): ApplicationFailure {
  const failure = failureOf(error);
  if (CONFIRMATION_FAILURES.includes(failure.type ?? '')) return failure;
  return ApplicationFailure.create({
    message: 'Stripe’s answer to the authorization was lost, so nothing was connected.',
    type: 'connection_unclear',
    nonRetryable: true,
    details: failure.details ?? [],
  });
}
