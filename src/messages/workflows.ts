import type {
  CatalogChangeInput,
  CheckoutInput,
  ConnectionInput,
  CouponInput,
  CustomerAddressInput,
  LiveCopyInput,
  MailInput,
  MemberErasureInput,
  MembershipInput,
  PaymentRefundInput,
  PriceMoveInput,
  PriceProvisioningInput,
  StripeEventInput,
  WebhookDeliveryInput,
  WithdrawalInput,
} from './messages';

/** A workflow by what starts it; what it returns is for operators, nobody here waits for it. */
type Started<Input extends unknown[]> = (...args: Input) => Promise<unknown>;

/**
 * The workflows by their names at Temporal, for those who start them. That each is implemented so is checked where they are
 * (src/workflows/signatures.ts).
 */
export interface Workflows {
  catalogChange: Started<[CatalogChangeInput]>;
  checkout: Started<[CheckoutInput]>;
  connection: Started<[ConnectionInput]>;
  coupon: Started<[CouponInput]>;
  customerAddress: Started<[CustomerAddressInput]>;
  liveCopy: Started<[LiveCopyInput]>;
  mail: Started<[MailInput]>;
  memberErasure: Started<[MemberErasureInput]>;
  membership: Started<[MembershipInput]>;
  paymentRefund: Started<[PaymentRefundInput]>;
  priceMove: Started<[PriceMoveInput]>;
  priceProvisioning: Started<[PriceProvisioningInput]>;
  reconciliation: Started<[]>;
  retention: Started<[]>;
  stripeEvent: Started<[StripeEventInput]>;
  webhookDelivery: Started<[WebhookDeliveryInput]>;
  withdrawal: Started<[WithdrawalInput]>;
}
