import { createCheckoutActivities } from './checkout';
import { createCheckoutRefundActivities } from './checkout-refund';
import { createConnectionActivities } from './connection';
import type { ActivityDeps } from './deps';
import { createInstallmentActivities } from './installments';
import { createMembershipActivities } from './membership';
import { createMembershipCancellationActivities } from './membership-cancellation';
import { createMembershipChangeActivities } from './membership-changes';
import { createPriceMoveActivities } from './price-move';
import { createPriceProvisioningActivities } from './price-provisioning';
import { createReconciliationActivities } from './reconciliation';

/** All activities of the worker. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createConnectionActivities(deps),
    ...createPriceProvisioningActivities(deps),
    ...createCheckoutActivities(deps),
    ...createCheckoutRefundActivities(deps),
    ...createMembershipActivities(deps),
    ...createMembershipCancellationActivities(deps),
    ...createMembershipChangeActivities(deps),
    ...createInstallmentActivities(deps),
    ...createPriceMoveActivities(deps),
    ...createReconciliationActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
