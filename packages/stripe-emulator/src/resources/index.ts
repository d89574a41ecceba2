import type { Endpoint } from '../http/endpoint';
import { accountEndpoints } from './accounts';
import { billingPortalEndpoints } from './billing-portal';
import { checkoutSessionEndpoints } from './checkout-sessions';
import { couponEndpoints } from './coupons';
import { customerEndpoints } from './customers';
import { disputeEndpoints } from './disputes';
import { eventEndpoints } from './events';
import { invoiceItemEndpoints } from './invoice-items';
import { invoiceEndpoints } from './invoices';
import { paymentIntentEndpoints } from './payment-intents';
import { paymentMethodEndpoints } from './payment-methods';
import { paymentEndpoints } from './payments';
import { priceEndpoints } from './prices';
import { productEndpoints } from './products';
import { subscriptionItemEndpoints } from './subscription-items';
import { subscriptionScheduleEndpoints } from './subscription-schedules';
import { setupIntentEndpoints } from './setup-intents';
import { subscriptionEndpoints } from './subscriptions';
import { taxCodeEndpoints } from './tax-codes';
import { taxSettingsEndpoints } from './tax-settings';
import { testClockEndpoints } from './test-clocks';
import { webhookEndpointEndpoints } from './webhook-endpoints';

/** Everything under /v1. */
export const endpoints: Endpoint[] = [
  ...accountEndpoints,
  ...billingPortalEndpoints,
  ...checkoutSessionEndpoints,
  ...couponEndpoints,
  ...customerEndpoints,
  ...disputeEndpoints,
  ...eventEndpoints,
  ...invoiceEndpoints,
  ...invoiceItemEndpoints,
  ...paymentEndpoints,
  ...paymentIntentEndpoints,
  ...paymentMethodEndpoints,
  ...priceEndpoints,
  ...productEndpoints,
  ...setupIntentEndpoints,
  ...subscriptionEndpoints,
  ...subscriptionItemEndpoints,
  ...subscriptionScheduleEndpoints,
  ...taxCodeEndpoints,
  ...taxSettingsEndpoints,
  ...testClockEndpoints,
  ...webhookEndpointEndpoints,
];
