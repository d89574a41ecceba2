import { ApplicationFailure } from '@temporalio/common';
import { ProblemError } from '../domain/problem';
import { toActivityFailure } from '../stripe/errors';

/** A refusal as activities and update handlers throw it: final, with its code as the type. The API turns it back. */
export function refuse(refusal: ProblemError): ApplicationFailure {
  return ApplicationFailure.nonRetryable(refusal.message, refusal.code, refusal.details);
}

/** What an activity throws: refusals and Stripe's errors mapped; anything else is passed on, and retried. */
export function toFailure(error: unknown): unknown {
  return error instanceof ProblemError ? refuse(error) : toActivityFailure(error);
}

type Activity = (...args: never[]) => Promise<unknown>;

/** The same activities, with every error mapped once. */
export function withMappedErrors<T extends Record<string, Activity>>(activities: T): T {
  const mapped = (activity: Activity): Activity =>
    async function (...args) {
      try {
        return await activity(...args);
      } catch (error) {
        throw toFailure(error);
      }
    };
  return Object.fromEntries(Object.entries(activities).map(([name, f]) => [name, mapped(f)])) as T;
}
