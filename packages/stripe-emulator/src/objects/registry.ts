import type { Account } from './account';
import type { PortalConfiguration, PortalSession } from './billing-portal';
import type { Price, Product } from './catalog';
import type { BalanceTransaction, Charge, Refund } from './charge';
import type { CheckoutSession } from './checkout-session';
import type { Customer } from './customer';
import type { Coupon, Discount, PromotionCode } from './discount';
import type { Dispute } from './dispute';
import type { StoredEvent, WebhookEndpoint } from './event';
import type { Invoice, InvoiceItem, InvoicePayment } from './invoice';
import type { PaymentIntent } from './payment-intent';
import type { PaymentMethod } from './payment-method';
import type { SetupIntent } from './setup-intent';
import type { Subscription } from './subscription';
import type { SubscriptionSchedule } from './subscription-schedule';

/** Every kind of object that lives in an account and mode, by its Stripe `object` name. */
export interface ObjectTypes {
  balance_transaction: BalanceTransaction;
  'billing_portal.configuration': PortalConfiguration;
  'billing_portal.session': PortalSession;
  charge: Charge;
  'checkout.session': CheckoutSession;
  coupon: Coupon;
  customer: Customer;
  discount: Discount;
  dispute: Dispute;
  event: StoredEvent;
  invoice: Invoice;
  invoice_payment: InvoicePayment;
  invoiceitem: InvoiceItem;
  payment_intent: PaymentIntent;
  payment_method: PaymentMethod;
  price: Price;
  product: Product;
  promotion_code: PromotionCode;
  refund: Refund;
  setup_intent: SetupIntent;
  subscription: Subscription;
  subscription_schedule: SubscriptionSchedule;
  webhook_endpoint: WebhookEndpoint;
}

export type ObjectName = keyof ObjectTypes;

/** Any object of the emulator, as far as every one has it in common. */
export interface AnyObject {
  id: string;
  object: string;
}

export type { Account };
