import type { ActivityDeps } from './deps';

/** What a price's provisioning does outside: Stripe, and the catalog's rows. */
export function createPriceProvisioningActivities(deps: ActivityDeps) {
  void deps;
  return {};
}
