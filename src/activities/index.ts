import { createCheckoutActivities } from './checkout';
import { createConnectionActivities } from './connection';
import type { ActivityDeps } from './deps';
import { createInstallmentActivities } from './installments';
import { createMembershipActivities } from './membership';
import { createMembershipChangeActivities } from './membership-changes';
import { createPriceProvisioningActivities } from './price-provisioning';
import { createPriceMoveActivities } from './price-move';
import { createReconciliationActivities } from './reconciliation';

/** All activities of the worker. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createConnectionActivities(deps),
    ...createPriceProvisioningActivities(deps),
    ...createCheckoutActivities(deps),
    ...createMembershipActivities(deps),
    ...createMembershipChangeActivities(deps),
    ...createInstallmentActivities(deps),
    ...createReconciliationActivities(deps),
    ...createPriceMoveActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
