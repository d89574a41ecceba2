import { z } from 'zod';
import type { Price } from '../../db/generated/client';
import { optionsOf } from '../../domain/currency-options';
import { INTERVALS, PRICING_MODELS, RANGES } from '../../domain/pricing';
import type { SalesWindow } from '../../domain/sales-window';
import { isoTime, isoTimeOrNull } from '../../domain/time';
import { amount, currency, time } from '../http/schemas';

/** Terms as answers show them: null where the price has none. Amounts in minor units, `accessDays` in days. */
export const shownTerms = {
  installments: z.int().nullable(),
  minAmount: z.int().nullable(),
  maxAmount: z.int().nullable(),
  suggestedAmount: z.int().nullable(),
  accessDays: z.int().nullable(),
  accessStartsAt: time
    .nullable()
    .meta({ description: 'Access begins then for who has bought before; null: with the purchase' }),
};

/** The most of each interval: Stripe takes three years. https://docs.stripe.com/api/prices/create */
const LONGEST = { day: RANGES.intervalCount.most, week: 156, month: 36, year: 3 } as const;

export const recurring = z
  .strictObject({
    interval: z.enum(INTERVALS),
    intervalCount: z.int().min(1).max(RANGES.intervalCount.most).default(1),
  })
  .refine(({ interval, intervalCount }) => intervalCount <= LONGEST[interval], {
    message: 'must be at most three years',
    path: ['intervalCount'],
  })
  .meta({
    not: {
      type: 'object',
      required: ['intervalCount'],
      anyOf: INTERVALS.map((interval) => ({
        properties: { interval: { const: interval }, intervalCount: { exclusiveMinimum: LONGEST[interval] } },
      })),
    },
    example: { interval: 'month', intervalCount: 1 },
    description: 'How often it renews; null for a one-off price',
  });

/** Whether tax is part of an amount, or comes on top. https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior */
export const TAX_BEHAVIORS = ['inclusive', 'exclusive'] as const;

/** Amounts in other currencies than the price's own. */
export const currencyAmounts = z.array(z.strictObject({ currency, unitAmount: amount }));

/** When a price is sold. */
export const shownSales = {
  salesStartAt: time.nullable().meta({ description: 'Sold from then on; null: from its beginning' }),
  salesEndAt: time.nullable().meta({ description: 'Not sold any more from then on; null: without an end' }),
};

export const salesOf = ({ salesStartAt, salesEndAt }: SalesWindow) => ({
  salesStartAt: isoTimeOrNull(salesStartAt),
  salesEndAt: isoTimeOrNull(salesEndAt),
});

export const priceSchema = z
  .object({
    id: z.string().meta({ example: 'amt_3kTMd0fWbJ9xQeN4vYzA' }),
    productId: z.string(),
    status: z.enum(['provisioning', 'active', 'failed', 'archived']).meta({
      description: '`provisioning` until it exists on the Stripe account, then `active` or `failed`',
    }),
    unitAmount: z
      .int()
      .meta({ example: 4900, description: 'Minor units; 0 where the buyer chooses, or it is free' }),
    currency,
    differsFromDefaultCurrency: z
      .boolean()
      .meta({ description: "Another currency than the Stripe account's default" }),
    model: z.enum(PRICING_MODELS),
    recurring: z.object({ interval: z.string(), intervalCount: z.int() }).nullable(),
    trialDays: z.int().nullable(),
    setupFee: z.int().nullable().meta({ description: 'Minor units' }),
    ...shownTerms,
    seats: z.int().nullable().meta({ description: 'How many may buy it; null: any number' }),
    seatsLeft: z
      .int()
      .nullable()
      .meta({ description: 'How many are neither taken nor held by an open checkout; null: any number' }),
    soldOut: z.boolean(),
    promotionCodes: z.boolean(),
    maxQuantity: z.int(),
    currencyOptions: currencyAmounts.meta({ description: 'What one unit costs in other currencies' }),
    taxBehavior: z.enum(TAX_BEHAVIORS).nullable(),
    alsoGives: z.array(z.string()).meta({ description: 'Products that it gives besides its own: a bundle' }),
    offersBeside: z
      .array(z.string())
      .meta({ description: "Prices that the buyer may add on Stripe's page, in this order" }),
    ...shownSales,
    nickname: z.string().nullable().meta({ description: 'For the coach; members do not see it' }),
    onConnectedAccount: z.boolean().meta({
      description:
        'Whether it exists on the Stripe account that is connected now: only then it is for sale. An account that is connected gets the active prices by itself; `replace` makes one anew. Always true for what is free.',
    }),
    failure: z.object({ code: z.string(), message: z.string() }).nullable(),
    replacesPriceId: z.string().nullable(),
    buyUrl: z.string().meta({ description: 'The purchase page, for a link or button' }),
    soldAt: time.nullable().meta({ description: 'When it was first sold' }),
    createdAt: time,
    archivedAt: time.nullable(),
  })
  .meta({ id: 'Price' });

/** A price as the API shows it. */
export function priceView(
  price: Price,
  context: {
    defaultCurrency: string | null;
    publicUrl: string;
    seatsLeft: number | null;
    onConnectedAccount: boolean;
    alsoGives: readonly string[];
    offersBeside: readonly string[];
  },
) {
  return {
    id: price.id,
    productId: price.productId,
    status: price.status,
    unitAmount: price.unitAmount,
    currency: price.currency,
    differsFromDefaultCurrency:
      price.model !== 'free' &&
      context.defaultCurrency !== null &&
      context.defaultCurrency !== price.currency,
    model: price.model,
    trialDays: price.trialDays,
    setupFee: price.setupFee,
    installments: price.installments,
    minAmount: price.minAmount,
    maxAmount: price.maxAmount,
    suggestedAmount: price.suggestedAmount,
    accessDays: price.accessDays,
    accessStartsAt: isoTimeOrNull(price.accessStartsAt),
    seats: price.seats,
    seatsLeft: context.seatsLeft,
    soldOut: context.seatsLeft === 0,
    promotionCodes: price.promotionCodes,
    maxQuantity: price.maxQuantity,
    recurring:
      price.interval === null ? null : { interval: price.interval, intervalCount: price.intervalCount ?? 1 },
    taxBehavior: price.taxBehavior as (typeof TAX_BEHAVIORS)[number] | null,
    currencyOptions: optionsOf(price),
    alsoGives: [...context.alsoGives],
    offersBeside: [...context.offersBeside],
    ...salesOf(price),
    nickname: price.nickname,
    onConnectedAccount: context.onConnectedAccount,
    failure:
      price.status === 'failed'
        ? {
            code: price.failureCode ?? 'stripe_refused',
            message: price.failureMessage ?? 'Stripe refused the price.',
          }
        : null,
    replacesPriceId: price.replacesPriceId,
    buyUrl: `${context.publicUrl}/buy/${price.id}`,
    soldAt: isoTimeOrNull(price.soldAt),
    createdAt: isoTime(price.createdAt),
    archivedAt: isoTimeOrNull(price.archivedAt),
  };
}
