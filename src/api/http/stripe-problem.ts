import { type ProblemCode, ProblemError } from '../../domain/problem';

const DISCONNECTED =
  'The Stripe account that this belongs to is not connected any more. Connect it again, or do it in the Stripe Dashboard.';

/**
 * What a request is told that Stripe was asked something for. An account that has left is nothing that Stripe would take
 * if it were asked again: `not_connected` (409), and no fault of a server's. https://docs.stripe.com/error-codes#account-invalid
 * @param details Stripe's codes and request id
 */
export function stripeProblem(
  code: ProblemCode,
  message: string,
  details: Record<string, unknown> = {},
): ProblemError {
  const isGone = code === 'stripe_refused' && details['code'] === 'account_invalid';
  return isGone
    ? new ProblemError('not_connected', DISCONNECTED, details)
    : new ProblemError(code, message, details);
}
