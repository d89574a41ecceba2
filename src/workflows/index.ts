import './versioning';

export { catalogChange } from './catalog-change';
export { checkout } from './checkout';
export { connection } from './connection';
export { coupon } from './coupon';
export { customerAddress } from './customer-address';
export { liveCopy } from './live-copy';
export { mail } from './mail';
export { memberErasure } from './member-erasure';
export { membership } from './membership';
export { paymentRefund } from './payment-refund';
export { priceMove } from './price-move';
export { priceProvisioning } from './price-provisioning';
export { reconciliation } from './reconciliation';
export { retention } from './retention';
export { stripeEvent } from './stripe-event';
export { webhookDelivery } from './webhook-delivery';
export { withdrawal } from './withdrawal';
