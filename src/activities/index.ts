import { createCheckoutActivities } from './checkout';
import { createConnectionActivities } from './connection';
import type { ActivityDeps } from './deps';
import { createMembershipActivities } from './membership';
import { createPriceProvisioningActivities } from './price-provisioning';

/** All activities of the worker. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createConnectionActivities(deps),
    ...createPriceProvisioningActivities(deps),
    ...createCheckoutActivities(deps),
    ...createMembershipActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
