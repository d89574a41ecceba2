import { z } from 'zod';
import type { Coupon, PromotionCode } from '../../db/generated/client';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { time } from '../http/schemas';

const STATUSES = ['pending', 'active', 'failed', 'archived'] as const;
export const status = z.enum(STATUSES);
const failure = z.object({ code: z.string(), message: z.string() }).nullable();
const failureOf = ({
  status: present,
  failureCode,
  failureMessage,
}: Pick<Coupon, 'status' | 'failureCode' | 'failureMessage'>) =>
  present === 'failed'
    ? { code: failureCode ?? 'stripe_refused', message: failureMessage ?? 'Stripe refused it.' }
    : null;

export const couponSchema = z
  .object({
    id: z.string().meta({ example: 'cpn_3kTMd0fWbJ9xQeN4vYzA' }),
    status: status.meta({
      description: '`pending` until it exists on the Stripe account, then `active` or `failed`',
    }),
    name: z.string().meta({ description: 'As buyers read it at Stripe and on invoices' }),
    percentOff: z.number().nullable(),
    amountOff: z.int().nullable().meta({ description: 'Minor units' }),
    currency: z.string().nullable(),
    duration: z.enum(['once', 'repeating', 'forever']),
    months: z.int().nullable(),
    productIds: z.array(z.string()).meta({ description: 'What it is limited to; empty: everything' }),
    maxRedemptions: z.int().nullable(),
    expiresAt: time.nullable().meta({ description: 'Nobody can use it from then on; who has it keeps it' }),
    timesRedeemed: z.int().meta({ description: 'As Stripe last said it' }),
    onConnectedAccount: z.boolean().meta({
      description: 'Whether it is on the Stripe account that is connected now; `retry` makes it there',
    }),
    failure,
    createdAt: time,
    archivedAt: time.nullable(),
  })
  .meta({ id: 'Coupon' });

export const promotionCodeSchema = z
  .object({
    id: z.string().meta({ example: 'pcd_3kTMd0fWbJ9xQeN4vYzA' }),
    couponId: z.string(),
    status: status.meta({ description: '`pending` until buyers can use it, then `active` or `failed`' }),
    code: z.string().meta({ example: 'SPRING', description: 'Small and capital letters are the same' }),
    firstPurchaseOnly: z.boolean(),
    onePerMember: z.boolean().meta({
      description:
        'It counts once for each member, so it is taken on the purchase page, in a link and by POST /v1/checkouts, and cannot be typed on the page of Stripe, which does not know who a guest is',
    }),
    maxRedemptions: z.int().nullable(),
    expiresAt: time.nullable(),
    minimumAmount: z.int().nullable().meta({ description: 'Minor units' }),
    minimumCurrency: z.string().nullable(),
    timesRedeemed: z.int(),
    failure,
    createdAt: time,
    archivedAt: time.nullable(),
  })
  .meta({ id: 'PromotionCode' });

export type CouponWithProducts = Coupon & { products: { productId: string }[] };

/** A coupon as the API shows it. @param accountId the account that is connected now */
export const couponView = (row: CouponWithProducts, accountId: string | null) => ({
  id: row.id,
  status: row.status,
  name: row.name,
  percentOff: row.percentOff,
  amountOff: row.amountOff,
  currency: row.currency,
  duration: row.duration,
  months: row.months,
  productIds: row.products.map(({ productId }) => productId).sort(),
  maxRedemptions: row.maxRedemptions,
  expiresAt: isoTimeOrNull(row.expiresAt),
  timesRedeemed: row.timesRedeemed,
  onConnectedAccount: row.accountId === accountId,
  failure: failureOf(row),
  createdAt: isoTime(row.createdAt),
  archivedAt: isoTimeOrNull(row.archivedAt),
});

/** A code as the API shows it. */
export const promotionCodeView = (row: PromotionCode) => ({
  id: row.id,
  couponId: row.couponId,
  status: row.status,
  code: row.code,
  firstPurchaseOnly: row.firstPurchaseOnly,
  onePerMember: row.onePerMember,
  maxRedemptions: row.maxRedemptions,
  expiresAt: isoTimeOrNull(row.expiresAt),
  minimumAmount: row.minimumAmount,
  minimumCurrency: row.minimumCurrency,
  timesRedeemed: row.timesRedeemed,
  failure: failureOf(row),
  createdAt: isoTime(row.createdAt),
  archivedAt: isoTimeOrNull(row.archivedAt),
});
