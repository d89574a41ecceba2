import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { PROBLEMS } from '../domain/problem';

/**
 * What an update handler throws for a failed activity: always an `ApplicationFailure` with our code as its type. (A
 * plain Error would fail the workflow task and leave the caller hanging.) Of an activity that was tried until its time
 * was up, the last error is what is told: that is what was wrong.
 */
export function failureOf(error: unknown): ApplicationFailure {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ApplicationFailure) return told(cause);
  const isOverdue = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  return ApplicationFailure.create({
    message: isOverdue
      ? `The step ${error.activityType} did not end in time; whether it took effect is not known yet.`
      : 'The request was interrupted before its outcome was known.',
    type: 'temporarily_unavailable',
    nonRetryable: true,
  });
}

/** One of our own codes is told as it is; any other error is no word about Stripe, and no code that a caller knows. */
function told(failure: ApplicationFailure): ApplicationFailure {
  const isOurs = failure.type != null && failure.type in PROBLEMS;
  return ApplicationFailure.create({
    message: isOurs ? failure.message : `Something went wrong here (${failure.type ?? 'error'}).`,
    type: isOurs ? failure.type : 'temporarily_unavailable',
    nonRetryable: true,
    details: failure.details ?? [],
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
