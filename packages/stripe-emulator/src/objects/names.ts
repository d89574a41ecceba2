import type { ObjectName } from './registry';

const NAMES: Record<ObjectName, true> = {
  balance_transaction: true,
  'billing_portal.configuration': true,
  'billing_portal.session': true,
  charge: true,
  'checkout.session': true,
  coupon: true,
  customer: true,
  discount: true,
  dispute: true,
  event: true,
  invoice: true,
  invoice_payment: true,
  invoiceitem: true,
  payment_intent: true,
  payment_method: true,
  price: true,
  product: true,
  promotion_code: true,
  refund: true,
  setup_intent: true,
  subscription: true,
  subscription_schedule: true,
  webhook_endpoint: true,
};

export type { ObjectName };

export function isObjectName(name: string): name is ObjectName {
  return name in NAMES;
}

export const objectNames = Object.keys(NAMES) as ObjectName[];
