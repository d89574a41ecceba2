import type { components } from '@api/schema';

/** The API's objects, as its OpenAPI document has them. */
type Schemas = components['schemas'];
export type Connection = Schemas['Connection'];
export type Product = Schemas['Product'];
export type Price = Schemas['Price'];
export type Member = Schemas['Member'];
export type WholeMember = Schemas['WholeMember'];
export type Membership = Schemas['Membership'];
export type Grant = Schemas['Grant'];
export type Access = Schemas['Access'];
export type TimelineEntry = Schemas['TimelineEntry'];
/** An answer has every field; a request may leave any out. */
export type Settings = Required<Schemas['Settings']>;
export type Coupon = Schemas['Coupon'];
export type PromotionCode = Schemas['PromotionCode'];
export type PriceMove = Schemas['PriceMove'];
export type PriceChangePreview = Schemas['PriceChangePreview'];
export type LiveCopy = Schemas['LiveCopy'];
export type LiveCopyComparison = Schemas['LiveCopyComparison'];
export type LiveCopyPreview = Schemas['LiveCopyPreview'];
export type Overview = Schemas['Overview'];
export type Diagnosis = Schemas['Diagnosis'];
export type SigningSecret = Schemas['SigningSecret'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type Mail = Schemas['Mail'];
export type Payment = Schemas['Payment'];
export type WholePayment = Schemas['WholePayment'];
export type Refund = Schemas['Refund'];
export type RefundPreview = Schemas['RefundPreview'];
export type Withdrawal = Schemas['Withdrawal'];
export type MailSettings = Schemas['MailSettings'];
export type MailPreview = Schemas['MailPreview'];
