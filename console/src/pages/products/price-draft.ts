import {
  allows,
  hasFixedAmount,
  type PricingModel,
  type PricingProblem,
  type PricingTerms,
  problemOf,
} from '@domain/pricing';
import type { CurrencyAmount } from '@domain/currency-options';
import type { Price } from '../../api/types';
import { type MoneyFault, readMoney, typedMoney } from '../../format/money';
import { termsOfPrice } from '../../format/pricing';

/** What is typed into the form of a price. Text until it is understood, so that nothing typed is ever lost. */
export interface PriceDraft {
  model: PricingModel;
  currency: string;
  unitAmount: string;
  interval: NonNullable<PricingTerms['interval']>;
  intervalCount: string;
  trialDays: string;
  setupFee: string;
  installments: string;
  minAmount: string;
  maxAmount: string;
  suggestedAmount: string;
  accessDays: string;
  /** ISO 8601; empty: with the purchase. */
  accessStartsAt: string;
  seats: string;
  promotionCodes: boolean;
  maxQuantity: string;
  nickname: string;
  /** Ids of the other products of a bundle. */
  alsoGives: string[];
  /** Amounts in other currencies, as typed. */
  currencyOptions: { currency: string; unitAmount: string }[];
  /** Empty: as the account has it. */
  taxBehavior: '' | NonNullable<Price['taxBehavior']>;
}

/** What is typed as an amount. */
export const MONEY = ['unitAmount', 'setupFee', 'minAmount', 'maxAmount', 'suggestedAmount'] as const;
const WHOLE = ['intervalCount', 'trialDays', 'installments', 'accessDays', 'seats', 'maxQuantity'] as const;
export type DraftField = Exclude<keyof PriceDraft, 'taxBehavior' | 'alsoGives' | 'currencyOptions'>;

export function newDraft(currency: string): PriceDraft {
  return {
    model: 'one_off',
    currency,
    ...{ unitAmount: '', setupFee: '', minAmount: '', maxAmount: '', suggestedAmount: '' },
    ...{ interval: 'month', intervalCount: '1', trialDays: '', installments: '6' },
    ...{
      accessDays: '',
      accessStartsAt: '',
      seats: '',
      promotionCodes: false,
      maxQuantity: '1',
      nickname: '',
    },
    taxBehavior: '',
    alsoGives: [],
    currencyOptions: [],
  };
}

/** A draft that is what a price is, to change it from there. */
export function draftOfPrice(price: Price, locale: string): PriceDraft {
  const terms = termsOfPrice(price);
  const fresh = newDraft(terms.currency);
  const typed = <K extends string>(keys: readonly K[], text: (value: number) => string) =>
    Object.fromEntries(
      keys.map((key) => {
        const value = terms[key as keyof PricingTerms] as number | null;
        return [key, value === null || value === 0 ? fresh[key as keyof PriceDraft] : text(value)];
      }),
    ) as Record<K, string>;
  return {
    ...fresh,
    ...typed(MONEY, (value) => typedMoney(value, terms.currency, locale)),
    ...typed(WHOLE, String),
    model: terms.model,
    interval: terms.interval ?? fresh.interval,
    promotionCodes: terms.promotionCodes,
    // A date that is past says no more than none does.
    accessStartsAt:
      price.accessStartsAt !== null && Date.parse(price.accessStartsAt) > Date.now()
        ? price.accessStartsAt
        : '',
    nickname: price.nickname ?? '',
    taxBehavior: price.taxBehavior ?? '',
    alsoGives: price.alsoGives,
    currencyOptions: price.currencyOptions.map(({ currency, unitAmount }) => ({
      currency,
      unitAmount: typedMoney(unitAmount, currency, locale),
    })),
  };
}

/** Whether it can have amounts in other currencies: not with a setup fee. */
export const takesCurrencies = ({ model, setupFee }: Pick<PriceDraft, 'model' | 'setupFee'>): boolean =>
  model === 'one_off' || (model === 'recurring' && setupFee.trim() === '');

/** Whether the form has this field for this model. */
export function hasField(model: PricingModel, field: DraftField): boolean {
  if (field === 'unitAmount') return hasFixedAmount(model);
  if (field === 'currency') return model !== 'free';
  if (field === 'model' || field === 'nickname') return true;
  return allows(model, field);
}

/** What is not right about a field. */
export interface DraftFault {
  why: MoneyFault['why'] | NonNullable<PricingProblem['because']> | 'not_right';
  /** What was perhaps meant by an amount. */
  meant: string | null;
}

export interface Understood {
  /** What was understood; what was not is null. */
  terms: PricingTerms;
  /** The fields that are not right, in the form's order. Empty: it can be sold like this. */
  wrong: DraftField[];
  faults: Partial<Record<DraftField, DraftFault>>;
  /** The amounts in other currencies that were understood. */
  options: CurrencyAmount[];
  /** What is not right about those, each at the place of its amount. Empty: they can be sold like this. */
  optionFaults: Record<number, DraftFault>;
}

const NOT_RIGHT: DraftFault = { why: 'not_right', meant: null };

/** What a draft says, by the rules of the domain. */
export function understand(draft: PriceDraft): Understood {
  const { model, currency } = draft;
  const faults: Understood['faults'] = {};
  const read = (
    field: (typeof MONEY)[number] | (typeof WHOLE)[number],
    parse: (text: string) => number | DraftFault,
  ) => {
    const typed = draft[field].trim();
    if (!hasField(model, field) || typed === '') return null;
    const value = parse(typed);
    if (typeof value === 'number') return value;
    faults[field] = value;
    return null;
  };
  const money = (field: (typeof MONEY)[number]) => read(field, (typed) => readMoney(typed, currency));
  const whole = (field: (typeof WHOLE)[number]) =>
    read(field, (typed) => (/^\d{1,6}$/.test(typed) ? Number(typed) : NOT_RIGHT));

  const terms: PricingTerms = {
    model,
    currency,
    unitAmount: money('unitAmount') ?? 0,
    interval: hasField(model, 'interval') ? draft.interval : null,
    intervalCount: whole('intervalCount'),
    trialDays: whole('trialDays'),
    setupFee: money('setupFee'),
    installments: whole('installments'),
    minAmount: money('minAmount'),
    maxAmount: money('maxAmount'),
    suggestedAmount: money('suggestedAmount'),
    accessDays: whole('accessDays'),
    accessStartsAt:
      draft.accessStartsAt === '' || !hasField(model, 'accessStartsAt')
        ? null
        : new Date(draft.accessStartsAt),
    seats: whole('seats'),
    promotionCodes: hasField(model, 'promotionCodes') && draft.promotionCodes,
    maxQuantity: whole('maxQuantity') ?? 1,
  };
  const problem = Object.keys(faults).length === 0 ? problemOf(terms) : null;
  if (problem !== null) faults[problem.field] = { why: problem.because ?? 'not_right', meant: null };
  return { terms, wrong: Object.keys(faults) as DraftField[], faults, ...readOptions(draft, terms) };
}

function readOptions(draft: PriceDraft, terms: PricingTerms): Pick<Understood, 'options' | 'optionFaults'> {
  const options: CurrencyAmount[] = [];
  const optionFaults: Understood['optionFaults'] = {};
  if (!takesCurrencies(draft)) return { options, optionFaults };
  draft.currencyOptions.forEach(({ currency, unitAmount: typed }, index) => {
    const read = readMoney(typed.trim(), currency);
    if (typeof read !== 'number') {
      optionFaults[index] = read;
      return;
    }
    // By the rules of the price itself, whose own amount may not be right yet.
    const problem = problemOf({ ...terms, currency, unitAmount: read });
    if (problem?.field === 'unitAmount')
      optionFaults[index] = { why: problem.because ?? 'not_right', meant: null };
    options.push({ currency, unitAmount: read });
  });
  return { options, optionFaults };
}

/** What the API takes. Everything is said, so that a replacement takes nothing over by accident. */
export function priceBody(
  { terms, options }: Pick<Understood, 'terms' | 'options'>,
  { nickname, taxBehavior, alsoGives }: Pick<PriceDraft, 'nickname' | 'taxBehavior' | 'alsoGives'>,
) {
  const { interval, intervalCount, unitAmount, accessStartsAt, ...rest } = terms;
  return {
    ...rest,
    accessStartsAt: accessStartsAt?.toISOString() ?? null,
    ...(hasFixedAmount(terms.model) ? { unitAmount } : {}),
    recurring: interval === null ? null : { interval, intervalCount: intervalCount ?? 1 },
    nickname: nickname.trim() === '' ? null : nickname.trim(),
    alsoGives: terms.model === 'free' ? [] : alsoGives,
    currencyOptions: options,
    taxBehavior: terms.model === 'free' || taxBehavior === '' ? null : taxBehavior,
  };
}
