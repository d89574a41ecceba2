import { createCheckoutActivities } from './checkout';
import { createCheckoutClosingActivities } from './checkout-closing';
import { createCheckoutOpeningActivities } from './checkout-opening';
import { createCheckoutRefundActivities } from './checkout-refund';
import { createConnectionActivities } from './connection';
import { createCouponActivities } from './coupon';
import { createCustomerAddressActivities } from './customer-address';
import type { ActivityDeps } from './deps';
import { createInstallmentActivities } from './installments';
import { createLiveCopyActivities } from './live-copy';
import { createMailActivities } from './mail';
import { createMemberErasureActivities } from './member-erasure';
import { createMembershipActivities } from './membership';
import { createMembershipCancellationActivities } from './membership-cancellation';
import { createMembershipCouponActivities } from './membership-coupon';
import { createMembershipChangeActivities } from './membership-changes';
import { createPaymentRefundActivities } from './payment-refund';
import { createPriceMoveActivities } from './price-move';
import { createPriceProvisioningActivities } from './price-provisioning';
import { createReconciliationActivities } from './reconciliation';
import { createRetentionActivities } from './retention';
import { createWebhookDeliveryActivities } from './webhook-delivery';
import { createWithdrawalActivities } from './withdrawal';

/** All activities of the worker. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createConnectionActivities(deps),
    ...createPriceProvisioningActivities(deps),
    ...createCouponActivities(deps),
    ...createCheckoutActivities(deps),
    ...createCheckoutOpeningActivities(deps),
    ...createCheckoutClosingActivities(deps),
    ...createCheckoutRefundActivities(deps),
    ...createMembershipActivities(deps),
    ...createMembershipCancellationActivities(deps),
    ...createMembershipChangeActivities(deps),
    ...createMembershipCouponActivities(deps),
    ...createInstallmentActivities(deps),
    ...createPriceMoveActivities(deps),
    ...createReconciliationActivities(deps),
    ...createMemberErasureActivities(deps),
    ...createRetentionActivities(deps),
    ...createWebhookDeliveryActivities(deps),
    ...createWithdrawalActivities(deps),
    ...createPaymentRefundActivities(deps),
    ...createMailActivities(deps),
    ...createCustomerAddressActivities(deps),
    ...createLiveCopyActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/**
 * The activities by the names that Temporal knows them by. What was called `settle…` before keeps that name there: open
 * runs and recorded histories ask for it, and a replay compares names.
 */
export function atTemporal(activities: Activities) {
  const { syncCheckout, syncConnection, syncMembership, syncProduct, ...others } = activities;
  return {
    ...others,
    settleCheckout: syncCheckout,
    settleConnection: syncConnection,
    settleMembership: syncMembership,
    settleProduct: syncProduct,
  };
}

export type ActivitiesAtTemporal = ReturnType<typeof atTemporal>;

/** Those that nobody waits for: workflows send them, and workers take them, in a queue of their own. */
export type BackgroundActivity = 'listConnectedAccounts' | 'reconcileAccount' | 'deleteOld' | 'moveMember';
