import type { PriceProvisioningInput, ProvisioningView } from './messages';

/** Makes one price exist on one Stripe account, or leaves nothing of it active. */
export function priceProvisioning(_input: PriceProvisioningInput): Promise<ProvisioningView> {
  return Promise.resolve({ status: 'refused', failureCode: null, failureMessage: null });
}
