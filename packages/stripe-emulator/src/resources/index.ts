import type { Endpoint } from '../http/endpoint';
import { accountEndpoints } from './accounts';
import { checkoutSessionEndpoints } from './checkout-sessions';
import { customerEndpoints } from './customers';
import { eventEndpoints } from './events';
import { invoiceEndpoints } from './invoices';
import { paymentMethodEndpoints } from './payment-methods';
import { paymentEndpoints } from './payments';
import { priceEndpoints } from './prices';
import { productEndpoints } from './products';
import { subscriptionEndpoints } from './subscriptions';
import { subscriptionScheduleEndpoints } from './subscription-schedules';
import { webhookEndpointEndpoints } from './webhook-endpoints';

/** Everything under /v1. */
export const endpoints: Endpoint[] = [
  ...accountEndpoints,
  ...checkoutSessionEndpoints,
  ...customerEndpoints,
  ...eventEndpoints,
  ...invoiceEndpoints,
  ...paymentEndpoints,
  ...paymentMethodEndpoints,
  ...priceEndpoints,
  ...productEndpoints,
  ...subscriptionEndpoints,
  ...webhookEndpointEndpoints,
];
  ...subscriptionScheduleEndpoints,
