import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { PROBLEMS, type ProblemCode, ProblemError } from '../../domain/problem';
import { stripeProblem } from './stripe-problem';

/** Temporal did not answer in time, or cannot be reached: the request may be repeated. */
export function isTemporalDown(error: unknown): boolean {
  return (
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    error instanceof ServiceError ||
    isGrpcServiceError(error)
  );
}

/**
 * The refusal behind a failed call to a run: the type of the `ApplicationFailure` that the update handler or its
 * activity threw is one of our codes. Null when the error is not about a run.
 */
export function problemOfRun(error: unknown): ProblemError | null {
  if (error instanceof WorkflowUpdateFailedError) {
    for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
      if (!(cause instanceof ApplicationFailure)) continue;
      const code = cause.type;
      if (code != null && code in PROBLEMS)
        return stripeProblem(code as ProblemCode, cause.message, detailsOf(cause));
    }
    return new ProblemError(
      'temporarily_unavailable',
      'The request was interrupted before its outcome was known.',
    );
  }
  if (isTemporalDown(error))
    return new ProblemError(
      'temporarily_unavailable',
      'The request is not finished yet, or cannot be worked on at the moment.',
    );
  return null;
}

function detailsOf(failure: ApplicationFailure): Record<string, unknown> {
  const first: unknown = failure.details?.[0];
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : {};
}
