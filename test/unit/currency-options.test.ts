import {
  type CurrencyAmount,
  currenciesOf,
  MOST_CURRENCIES,
  paidIn,
  problemOfOptions,
  soldIn,
} from '../../src/domain/currency-options';
import type { PricingTerms } from '../../src/domain/pricing';

const ONCE: PricingTerms = {
  ...{ model: 'one_off', currency: 'eur', unitAmount: 4900, interval: null, intervalCount: null },
  ...{ trialDays: null, setupFee: null, installments: null, minAmount: null, maxAmount: null },
  ...{
    suggestedAmount: null,
    accessDays: null,
    accessStartsAt: null,
    seats: null,
    promotionCodes: false,
    maxQuantity: 1,
  },
};
const monthly = { model: 'recurring', interval: 'month', intervalCount: 1 } as const;
const usd = { currency: 'usd', unitAmount: 5500 };
const problem = (over: Partial<PricingTerms>, options: CurrencyAmount[]) => {
  const found = problemOfOptions({ ...ONCE, ...over }, options);
  return found === null ? null : found.field;
};

test.each<[string, Partial<PricingTerms>, CurrencyAmount[]]>([
  ['none', { model: 'free', unitAmount: 0 }, []],
  ['once', {}, [usd, { currency: 'jpy', unitAmount: 8000 }]],
  ['for a fixed term, with seats, codes and a quantity', { accessDays: 30, promotionCodes: true }, [usd]],
  ['a subscription with a trial', { ...monthly, trialDays: 14 }, [usd]],
  ['the least of each', {}, [{ currency: 'gbp', unitAmount: 30 }]],
  ['the most', {}, [{ currency: 'usd', unitAmount: 99_999_999 }]],
  ['multiples where Stripe takes no others', {}, [{ currency: 'kwd', unitAmount: 15_000 }]],
])('sold in several currencies: %s', (_name, over, options) => {
  expect(problem(over, options)).toBeNull();
});

test.each<[string, Partial<PricingTerms>, CurrencyAmount[], string]>([
  ['free', { model: 'free', unitAmount: 0 }, [usd], 'currencyOptions'],
  [
    'chosen by the buyer',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500 },
    [usd],
    'currencyOptions',
  ],
  ['in installments', { ...monthly, model: 'installments', installments: 3 }, [usd], 'currencyOptions'],
  ['with a setup fee', { ...monthly, setupFee: 900 }, [usd], 'currencyOptions'],
  ['its own currency again', {}, [{ currency: 'eur', unitAmount: 1 }], 'currencyOptions.0.currency'],
  ['one twice', {}, [usd, usd], 'currencyOptions.1.currency'],
  ['for nothing', {}, [{ currency: 'usd', unitAmount: 0 }], 'currencyOptions.0.unitAmount'],
  [
    'less than Stripe charges',
    {},
    [usd, { currency: 'gbp', unitAmount: 29 }],
    'currencyOptions.1.unitAmount',
  ],
  [
    'more than Stripe takes',
    {},
    [{ currency: 'usd', unitAmount: 100_000_000 }],
    'currencyOptions.0.unitAmount',
  ],
  [
    'more of many',
    { maxQuantity: 3 },
    [{ currency: 'usd', unitAmount: 40_000_000 }],
    'currencyOptions.0.unitAmount',
  ],
  ['no multiple', {}, [{ currency: 'kwd', unitAmount: 15_001 }], 'currencyOptions.0.unitAmount'],
  [
    'too many',
    {},
    Array.from({ length: MOST_CURRENCIES + 1 }, (_each, i) => ({
      currency: `x${String.fromCharCode(97 + i)}x`,
      unitAmount: 5000,
    })),
    'currencyOptions',
  ],
])('not sold in several currencies: %s', (_name, over, options, field) => {
  expect(problem(over, options)).toBe(field);
});

test('the refusal names the currency', () => {
  expect(problemOfOptions(ONCE, [{ currency: 'usd', unitAmount: 49 }])?.message).toBe(
    'USD: Stripe charges at least $0.50 in this currency.',
  );
});

describe('a price seen from one of its currencies', () => {
  const price = {
    currency: 'eur',
    unitAmount: 4900,
    currencyOptions: [usd, { currency: 'gbp', unitAmount: 4500 }],
  };

  test.each<[string, number | null]>([
    ['eur', 4900],
    ['usd', 5500],
    ['gbp', 4500],
    ['chf', null],
  ])('%s: %p', (currency, amount) => {
    expect(soldIn(price, currency)?.unitAmount ?? null).toBe(amount);
  });

  test('has all of them still, and is itself again seen from its own', () => {
    const seen = soldIn(price, 'gbp');
    expect(currenciesOf(seen ?? price)).toEqual(['gbp', 'eur', 'usd']);
    expect(soldIn(seen ?? price, 'eur')).toMatchObject({ currency: 'eur', unitAmount: 4900 });
  });

  test('is what it is where a subscription has a currency that it has not', () => {
    expect(paidIn(price, 'chf')).toBe(price);
  });
});
