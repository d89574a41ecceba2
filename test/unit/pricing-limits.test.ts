import { formatMoney } from '../../src/domain/money';
import {
  allows,
  expectedSubtotal,
  isSubscription,
  PRICING_MODELS,
  type PricingModel,
  type PricingTerms,
  problemOf,
} from '../../src/domain/pricing';

// Where each number ends, to the last one that is taken and the first one that is not.
const NOTHING = {
  currency: 'usd',
  interval: null,
  intervalCount: null,
  trialDays: null,
  setupFee: null,
  installments: null,
  minAmount: null,
  maxAmount: null,
  suggestedAmount: null,
  accessDays: null,
  accessStartsAt: null,
  seats: null,
  promotionCodes: false,
  maxQuantity: 1,
} as const;
const monthly = { interval: 'month', intervalCount: 1 } as const;

/** The least that has to be said of each model. */
const LEAST: Record<PricingModel, PricingTerms> = {
  one_off: { ...NOTHING, model: 'one_off', unitAmount: 4900 },
  recurring: { ...NOTHING, model: 'recurring', unitAmount: 4900, ...monthly },
  installments: { ...NOTHING, model: 'installments', unitAmount: 4900, ...monthly, installments: 6 },
  pay_what_you_want: { ...NOTHING, model: 'pay_what_you_want', unitAmount: 0, minAmount: 500 },
  free: { ...NOTHING, model: 'free', unitAmount: 0 },
};
const problem = (model: PricingModel, over: Partial<PricingTerms>) => problemOf({ ...LEAST[model], ...over });

test.each(PRICING_MODELS)('%s can be sold with nothing but the least', (model) => {
  expect(problem(model, {})).toBeNull();
});

test.each<[PricingModel, keyof PricingTerms, number, number]>([
  ['recurring', 'trialDays', 1, 730],
  ['installments', 'installments', 2, 60],
  ['one_off', 'accessDays', 1, 3650],
  ['one_off', 'seats', 1, 100_000],
  ['one_off', 'maxQuantity', 1, 999],
])('%s: %s from %i to %i', (model, field, least, most) => {
  const refused = { field, message: `It must be between ${least} and ${most}.` };
  expect(problem(model, { [field]: least - 1 })).toEqual(refused);
  expect(problem(model, { [field]: least })).toBeNull();
  expect(problem(model, { [field]: most })).toBeNull();
  expect(problem(model, { [field]: most + 1 })).toEqual(refused);
});

test.each<[PricingTerms['interval'], number]>([
  ['day', 365],
  ['week', 156],
  ['month', 36],
  ['year', 3],
])('an interval of %ss: up to three years', (interval, most) => {
  for (const model of ['recurring', 'installments'] as const) {
    expect(problem(model, { interval, intervalCount: most })).toBeNull();
    expect(problem(model, { interval, intervalCount: most + 1 })).toMatchObject({ field: 'intervalCount' });
    expect(problem(model, { interval, intervalCount: 0 })).toMatchObject({ field: 'intervalCount' });
  }
});

test.each<[PricingModel, Partial<PricingTerms>]>([
  ['recurring', { interval: null }],
  ['recurring', { intervalCount: null }],
  ['installments', { interval: null }],
  ['installments', { intervalCount: null }],
])('%s needs to be told how often: %j', (model, over) => {
  expect(problem(model, over)).toEqual({ field: 'interval', message: 'Say how often it is paid.' });
});

test.each<[PricingModel, Partial<PricingTerms>, keyof PricingTerms | null]>([
  ['one_off', { unitAmount: 0 }, 'unitAmount'],
  ['one_off', { unitAmount: 49 }, 'unitAmount'],
  ['one_off', { unitAmount: 50 }, null],
  ['one_off', { unitAmount: 99_999_999 }, null],
  ['one_off', { unitAmount: 100_000_000 }, 'unitAmount'],
  ['one_off', { unitAmount: 33_333_333, maxQuantity: 3 }, null],
  ['one_off', { unitAmount: 33_333_334, maxQuantity: 3 }, 'maxQuantity'],
  ['recurring', { unitAmount: 99_999_000, setupFee: 999 }, null],
  ['recurring', { unitAmount: 99_999_000, setupFee: 1000 }, 'unitAmount'],
  ['free', { unitAmount: 1 }, 'unitAmount'],
  ['pay_what_you_want', { unitAmount: 1 }, 'unitAmount'],
  ['recurring', { setupFee: 0 }, 'setupFee'],
  ['recurring', { setupFee: 49 }, 'setupFee'],
  ['recurring', { setupFee: 50 }, null],
  ['pay_what_you_want', { minAmount: 0 }, 'minAmount'],
  ['pay_what_you_want', { minAmount: 49 }, 'minAmount'],
  ['pay_what_you_want', { minAmount: 50 }, null],
  ['pay_what_you_want', { maxAmount: 499 }, 'maxAmount'],
  ['pay_what_you_want', { maxAmount: 500 }, null],
  ['pay_what_you_want', { suggestedAmount: 499 }, 'suggestedAmount'],
  ['pay_what_you_want', { suggestedAmount: 500 }, null],
  ['pay_what_you_want', { suggestedAmount: 5000 }, null],
  ['pay_what_you_want', { maxAmount: 900, suggestedAmount: 900 }, null],
  ['pay_what_you_want', { maxAmount: 900, suggestedAmount: 901 }, 'suggestedAmount'],
])('%s, an amount at its edge: %j', (model, over, field) => {
  const found = problem(model, over);
  if (field === null) expect(found).toBeNull();
  else expect(found).toMatchObject({ field, message: expect.stringMatching(/^[A-Z].+\.$/) });
});

test.each<[string, number, number]>([
  ['usd', 4901, 1],
  ['jpy', 4901, 1],
  ['isk', 4950, 100],
  ['ugx', 4950, 100],
  ['kwd', 4905, 10],
])('in %s %i is a multiple of %i, or refused', (currency, unitAmount, step) => {
  const unit = formatMoney(step, currency);
  const refused = {
    field: 'unitAmount',
    because: 'not_a_multiple',
    message: `Stripe takes multiples of ${unit} in this currency.`,
  };
  expect(problem('one_off', { currency, unitAmount })).toEqual(step === 1 ? null : refused);
  expect(problem('one_off', { currency, unitAmount: 5000 })).toBeNull();
});

test.each<[PricingModel, Partial<PricingTerms>]>([
  ['recurring', { setupFee: 105 }],
  ['pay_what_you_want', { minAmount: 105 }],
  ['pay_what_you_want', { maxAmount: 505 }],
  ['pay_what_you_want', { suggestedAmount: 505 }],
])('every amount is in steps of the currency: %s %j', (model, over) => {
  const [field] = Object.keys(over);
  expect(problem(model, { ...over, currency: 'kwd' })).toMatchObject({
    field,
    message: expect.stringContaining('10'),
  });
});

/** Each option with a value of its own, and the models that take it. */
const OPTIONS: [Partial<PricingTerms>, PricingModel[]][] = [
  [monthly, ['recurring', 'installments']],
  [{ trialDays: 14 }, ['recurring']],
  [{ setupFee: 500 }, ['recurring', 'installments']],
  [{ installments: 6 }, ['installments']],
  [{ minAmount: 500 }, ['pay_what_you_want']],
  [{ maxAmount: 900 }, ['pay_what_you_want']],
  [{ suggestedAmount: 700 }, ['pay_what_you_want']],
  [{ accessDays: 84 }, ['one_off', 'installments', 'pay_what_you_want', 'free']],
  [{ seats: 5 }, ['one_off', 'recurring', 'installments', 'pay_what_you_want', 'free']],
  [{ promotionCodes: true }, ['one_off', 'recurring']],
  [{ maxQuantity: 3 }, ['one_off', 'recurring']],
];

describe.each(OPTIONS)('%j', (option, models) => {
  const [field] = Object.keys(option) as (keyof PricingTerms)[];

  test.each(PRICING_MODELS)('with %s', (model) => {
    const found = problem(model, option);
    if (models.includes(model)) expect(found).toBeNull();
    else expect(found).toMatchObject({ field, message: expect.stringMatching(/^[A-Z].+\.$/) });
    expect(field !== undefined && allows(model, field)).toBe(models.includes(model));
  });
});

test('an interval count without an interval goes with nothing either', () => {
  expect(problem('one_off', { intervalCount: 2 })).toEqual({
    field: 'intervalCount',
    message: expect.stringMatching(/^Only recurring/),
  });
});

test('Stripe charges again for what is recurring and for installments', () => {
  expect(PRICING_MODELS.filter(isSubscription)).toEqual(['recurring', 'installments']);
});

test('where the buyer chooses, any amount from the least on is expected', () => {
  const chosen = { ...LEAST.pay_what_you_want, minAmount: 500 };
  expect(expectedSubtotal(chosen, 1)).toEqual({ least: 500, most: Number.MAX_SAFE_INTEGER });
  expect(expectedSubtotal({ ...chosen, minAmount: null, maxAmount: 900 }, 1)).toEqual({
    least: 0,
    most: 900,
  });
});
