import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import {
  allows,
  hasFixedAmount,
  PRICING_MODELS,
  type PricingTerms,
  problemOf,
  RANGES,
} from '../../domain/pricing';
import { DAY, type Seconds, toDateOrNull } from '../../domain/time';
import { recurring } from './price-view';
import { amount, currency, moment } from '../http/schemas';

const ranged = (field: keyof typeof RANGES) => z.int().min(RANGES[field].least).max(RANGES[field].most);
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
  trialDays: ranged('trialDays')
    .nullable()
    .optional()
    .meta({ description: 'Days before the first payment of a recurring price' }),
  setupFee: money('Charged once, with the first payment'),
  installments: ranged('installments')
    .nullable()
    .optional()
    .meta({ description: 'How many payments buy the product' }),
  minAmount: money('Pay what you want: the least'),
  maxAmount: money('Pay what you want: the most'),
  suggestedAmount: money('Pay what you want: what is proposed'),
  accessDays: ranged('accessDays')
    .nullable()
    .optional()
    .meta({ description: 'Days of access for what is bought once; null: for ever' }),
  accessStartsAt: moment.nullable().optional().meta({
    description:
      'Access begins then for who has bought before, and `accessDays` counts from then; null: with the purchase. Of what is paid once or in installments, and of what is free. Fixed with the price',
  }),
  seats: ranged('seats').nullable().optional().meta({ description: 'How many may buy it' }),
  promotionCodes: z.boolean().optional().meta({
    description: "Members may enter promotion codes of the account; the settings' default unless told",
  }),
  maxQuantity: ranged('maxQuantity').optional().meta({ description: 'The largest quantity of one purchase' }),
};

type TermsBody = { [K in keyof typeof termsFields]?: z.output<(typeof termsFields)[K]> | undefined };

/** What a price is where neither the request nor an old price says it. */
interface Fallback {
  currency: string;
  promotionCodes: boolean;
}

/**
 * What a new price is, from the request and, for a replacement, from the old one: what is left out is taken over as far
 * as it goes with the new model.
 * @throws ProblemError `invalid_request` for a combination that makes no sense, with its field and the reason.
 */
export function termsOf(
  body: TermsBody,
  replaced: Partial<PricingTerms> | null,
  fallback: Fallback,
): PricingTerms {
  const given = body.recurring;
  const periodic = given === undefined ? replaced?.interval != null : given !== null;
  const sameKind = given === undefined || periodic === (replaced?.interval != null);
  const model =
    body.model ?? (sameKind ? replaced?.model : undefined) ?? (periodic ? 'recurring' : 'one_off');
  const old: Partial<PricingTerms> = Object.fromEntries(
    Object.entries(replaced ?? {}).filter(([key]) => allows(model, key as keyof PricingTerms)),
  );
  const pick = <K extends keyof PricingTerms & keyof TermsBody>(key: K): PricingTerms[K] | null =>
    (body[key] === undefined ? (old[key] ?? null) : body[key]) as PricingTerms[K] | null;
  const codes = replaced === null ? allows(model, 'promotionCodes') && fallback.promotionCodes : false;
  const terms: PricingTerms = {
    model,
    currency: body.currency ?? replaced?.currency ?? fallback.currency,
    unitAmount: body.unitAmount ?? (hasFixedAmount(model) ? (replaced?.unitAmount ?? 0) : 0),
    interval: given === undefined ? (old.interval ?? null) : (given?.interval ?? null),
    intervalCount: given === undefined ? (old.intervalCount ?? null) : (given?.intervalCount ?? null),
    trialDays: pick('trialDays'),
    setupFee: pick('setupFee'),
    installments: pick('installments'),
    minAmount: pick('minAmount'),
    maxAmount: pick('maxAmount'),
    suggestedAmount: pick('suggestedAmount'),
    accessDays: pick('accessDays'),
    accessStartsAt:
      body.accessStartsAt === undefined ? (old.accessStartsAt ?? null) : toDateOrNull(body.accessStartsAt),
    seats: pick('seats'),
    promotionCodes: body.promotionCodes ?? old.promotionCodes ?? codes,
    maxQuantity: body.maxQuantity ?? old.maxQuantity ?? 1,
  };
  const problem = problemOf(terms);
  if (problem !== null)
    throw new ProblemError('invalid_request', problem.message, {
      field: FIELD_OF[problem.field] ?? problem.field,
    });
  return terms;
}

/** Years ahead that access may begin; more is a typing mistake. */
const FARTHEST = 10;

/**
 * What a request says of when access begins; what a replaced price says may have come meanwhile.
 * @param now seconds, UTC, on the account's clock
 * @throws ProblemError `invalid_request`
 */
export function expectAccessAhead(at: Seconds | null | undefined, now: Seconds): void {
  if (at == null) return;
  const refused = (message: string) =>
    new ProblemError('invalid_request', message, { field: 'accessStartsAt' });
  if (at <= now)
    throw refused('Access would begin in the past. Leave it out, and access begins with the purchase.');
  if (at > now + FARTHEST * 366 * DAY) throw refused(`Access can begin up to ${FARTHEST} years ahead.`);
}

/** Fields whose name in a request is another one. */
const FIELD_OF: Partial<Record<keyof PricingTerms, string>> = {
  interval: 'recurring',
  intervalCount: 'recurring.intervalCount',
};
