import { z } from 'zod';
import type { Price } from '../db/generated/client';
import { Refusal } from '../domain/failure';
import { PRICING_MODELS, type PricingTerms, problemOf } from '../domain/pricing';
import { recurring } from './price-view';
import { amount, currency } from './schemas';

const days = (description: string) => z.int().positive().nullable().optional().meta({ description });
const money = (description: string) => amount.nullable().optional().meta({ description });

/** The pricing options of a request. Money in minor units of the currency. */
export const termsFields = {
  model: z
    .enum(PRICING_MODELS)
    .optional()
    .meta({ description: '`recurring` where an interval is given, else `one_off`, unless told' }),
  unitAmount: amount.optional().meta({ description: 'Left out where the buyer chooses, or nothing is paid' }),
  currency: currency.optional().meta({ description: "The Stripe account's default currency unless told" }),
  recurring: recurring.nullable().optional(),
  trialDays: days('Days before the first payment of a recurring price'),
  setupFee: money('Charged once, with the first payment'),
  installments: z.int().nullable().optional().meta({ description: 'How many payments buy the product' }),
  minAmount: money('Pay what you want: the least'),
  maxAmount: money('Pay what you want: the most'),
  suggestedAmount: money('Pay what you want: what is proposed'),
  accessDays: days('Days of access for what is bought once; null: for ever'),
  seats: z.int().positive().nullable().optional().meta({ description: 'How many may buy it' }),
  promotionCodes: z
    .boolean()
    .optional()
    .meta({ description: 'Members may enter promotion codes of the account' }),
  maxQuantity: z.int().positive().optional().meta({ description: 'The largest quantity of one purchase' }),
};

type TermsBody = { [K in keyof typeof termsFields]?: z.output<(typeof termsFields)[K]> | undefined };

/** What a new price is, from the request and, for a replacement, from the old one. */
export function termsOf(body: TermsBody, old: Partial<PricingTerms>, fallbackCurrency: string): PricingTerms {
  const interval = body.recurring === undefined ? old.interval : (body.recurring?.interval ?? null);
  const pick = <K extends keyof PricingTerms & keyof TermsBody>(key: K): PricingTerms[K] | null =>
    (body[key] === undefined ? (old[key] ?? null) : body[key]) as PricingTerms[K] | null;
  const sameKind = body.recurring === undefined || (interval == null) === (old.interval == null);
  const model = body.model ?? (sameKind ? old.model : undefined) ?? (interval ? 'recurring' : 'one_off');
  const terms: PricingTerms = {
    model,
    currency: body.currency ?? old.currency ?? fallbackCurrency,
    unitAmount: body.unitAmount ?? old.unitAmount ?? 0,
    interval: interval ?? null,
    intervalCount:
      body.recurring === undefined ? (old.intervalCount ?? null) : (body.recurring?.intervalCount ?? null),
    trialDays: pick('trialDays'),
    setupFee: pick('setupFee'),
    installments: pick('installments'),
    minAmount: pick('minAmount'),
    maxAmount: pick('maxAmount'),
    suggestedAmount: pick('suggestedAmount'),
    accessDays: pick('accessDays'),
    seats: pick('seats'),
    promotionCodes: body.promotionCodes ?? old.promotionCodes ?? false,
    maxQuantity: body.maxQuantity ?? old.maxQuantity ?? 1,
  };
  if (terms.model === 'free')
    throw new Refusal('invalid_request', 'What is free is given, not sold: use POST /v1/grants.', {
      field: 'model',
    });
  const problem = problemOf(terms);
  if (problem !== null)
    throw new Refusal('invalid_request', problem.message, {
      field: FIELD_OF[problem.field] ?? problem.field,
    });
  return terms;
}

/** Fields whose name in a request is another one. */
const FIELD_OF: Partial<Record<keyof PricingTerms, string>> = {
  interval: 'recurring',
  intervalCount: 'recurring.intervalCount',
};

/** The terms of a stored price. */
export function storedTerms(price: Price): PricingTerms {
  const { model, currency, unitAmount, intervalCount, trialDays, setupFee, installments } = price;
  const { minAmount, maxAmount, suggestedAmount, accessDays, seats, promotionCodes, maxQuantity } = price;
  const bought = { model, currency, unitAmount, intervalCount, trialDays, setupFee, installments };
  const chosen = { minAmount, maxAmount, suggestedAmount, accessDays, seats, promotionCodes, maxQuantity };
  return { ...bought, ...chosen, interval: price.interval as PricingTerms['interval'] };
}
