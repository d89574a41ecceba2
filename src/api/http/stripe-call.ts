import Stripe from 'stripe';
import { ApplicationFailure } from '@temporalio/common';
import { ProblemError } from '../../domain/problem';
import { NotAStripeObject, toActivityFailure } from '../../stripe/errors';
import { stripeProblem } from './stripe-problem';

/**
 * A call to Stripe within a request: nothing but the request waits for it, so it is not worth a run.
 * @throws ProblemError `stripe_refused`, `not_connected` or `stripe_unavailable`, with Stripe's codes and request id in the details.
 */
export async function atStripe<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NotAStripeObject)
      throw new ProblemError('stripe_unavailable', 'Stripe answered something else than was asked for.');
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    const failure = toActivityFailure(error);
    if (!(failure instanceof ApplicationFailure)) throw error;
    const [details] = (failure.details ?? []) as Record<string, unknown>[];
    const code = failure.nonRetryable === true ? 'stripe_refused' : 'stripe_unavailable';
    throw stripeProblem(code, failure.message, details);
  }
}
