import { COPY_KINDS, type CopyKind } from '../../domain/live-copy';
import { cancelOffer } from './cancel-offer';
import { coupons } from './coupons';
import type { CopiedKind } from './kind';
import { mailSettings, mailTexts } from './mails';
import { offersBeside } from './offers-beside';
import { prices } from './prices';
import { products } from './products';
import { promotionCodes } from './promotion-codes';
import { settings } from './settings';
import { webhookEndpoints } from './webhook-endpoints';

const BY_KIND: Readonly<Record<CopyKind, CopiedKind>> = {
  settings,
  mail_settings: mailSettings,
  mail_text: mailTexts,
  product: products,
  price: prices,
  offers_beside: offersBeside,
  coupon: coupons,
  promotion_code: promotionCodes,
  cancel_offer: cancelOffer,
  webhook_endpoint: webhookEndpoints,
};

/** Every kind of what is copied, in the order in which it is brought. */
export const COPIED_KINDS: readonly CopiedKind[] = COPY_KINDS.map((kind) => BY_KIND[kind]);

/** @param kind as a row has it */
export function copiedKind(kind: string): CopiedKind {
  const found = COPIED_KINDS.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`Nothing of the kind ${kind} is copied.`);
  return found;
}
