import { ActivityFailure, ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { ProvisioningProblem } from '../domain/price-provisioning';
import type { StripeErrorDetails } from '../stripe/errors';

/** What a failure says: Stripe's code and parameter; without them Stripe could not be reached in time. */
export function problemOf(error: unknown): ProvisioningProblem {
  // Somebody cancelled, whatever became of the call that was under way.
  if (isCancellation(error) || CancellationScope.current().consideredCancelled)
    return { code: 'cancelled', param: null, statusCode: null };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const details =
    cause instanceof ApplicationFailure ? (cause.details?.[0] as Partial<StripeErrorDetails>) : undefined;
  return {
    code: details?.code ?? null,
    param: details?.param ?? null,
    statusCode: details?.statusCode ?? null,
  };
}
