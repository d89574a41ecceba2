import { isBelowLeastCharge, leastCharge } from '../../src/domain/least-charge';
import { type PricingTerms, problemOf } from '../../src/domain/pricing';

// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, in minor units.
const TABLE: [string, number, string][] = [
  ['usd', 50, '$0.50'],
  ['eur', 50, '€0.50'],
  ['gbp', 30, '£0.30'],
  ['jpy', 50, '¥50'],
  ['huf', 17_500, 'HUF 175.00'],
  ['mxn', 1000, 'MX$10.00'],
  ['czk', 1500, 'CZK 15.00'],
  ['dkk', 250, 'DKK 2.50'],
  ['hkd', 400, 'HK$4.00'],
  ['sek', 300, 'SEK 3.00'],
  ['aed', 200, 'AED 2.00'],
  ['thb', 1000, 'THB 10.00'],
];
const once: PricingTerms = {
  ...{ model: 'one_off', currency: 'usd', unitAmount: 4900, interval: null, intervalCount: null },
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

test.each(TABLE)('A12: %s is charged from %i on, and the refusal says %s', (currency, least, figure) => {
  expect(leastCharge(currency)).toBe(least);
  expect(problemOf({ ...once, currency, unitAmount: least })).toBeNull();
  const problem = problemOf({ ...once, currency, unitAmount: least - (currency === 'huf' ? 100 : 1) });
  expect(problem?.field).toBe('unitAmount');
  expect(problem?.message.replaceAll('\u00a0', ' ')).toBe(
    `Stripe charges at least ${figure} in this currency.`,
  );
});

test.each<[string, Partial<PricingTerms>, keyof PricingTerms | null]>([
  ['1 ct', { unitAmount: 1 }, 'unitAmount'],
  ['$0.49', { unitAmount: 49 }, 'unitAmount'],
  ['¥10', { currency: 'jpy', unitAmount: 10 }, 'unitAmount'],
  ['many of too little: one alone may be bought', { unitAmount: 10, maxQuantity: 99 }, 'unitAmount'],
  [
    'installments of 49 ct',
    { ...monthly, model: 'installments', installments: 12, unitAmount: 49 },
    'unitAmount',
  ],
  ['a renewal of 40 ct after a fee of a dollar', { ...monthly, unitAmount: 40, setupFee: 100 }, 'unitAmount'],
  ['a setup fee of 10 ct', { ...monthly, setupFee: 10 }, 'setupFee'],
  [
    'a setup fee of 10 ct, all that a trial begins with',
    { ...monthly, trialDays: 7, setupFee: 10 },
    'setupFee',
  ],
  ['pay what you want from 10 ct', { model: 'pay_what_you_want', unitAmount: 0, minAmount: 10 }, 'minAmount'],
  ['pay what you want from 50 ct', { model: 'pay_what_you_want', unitAmount: 0, minAmount: 50 }, null],
  ['free', { model: 'free', unitAmount: 0 }, null],
  ['a currency that the table does not name', { currency: 'isk', unitAmount: 100 }, null],
])('A12: %s', (_name, change, field) => {
  expect(problemOf({ ...once, ...change })?.field ?? null).toBe(field);
});

test('A12: nothing is no charge, and a currency without a figure has none', () => {
  expect(isBelowLeastCharge(0, 'usd')).toBe(false);
  expect(isBelowLeastCharge(1, 'usd')).toBe(true);
  expect(isBelowLeastCharge(1, 'isk')).toBe(false);
  expect(leastCharge('isk')).toBeNull();
});

test('A12: more than Stripe takes is refused where the buyer chooses, too', () => {
  const chosen = { ...once, model: 'pay_what_you_want', unitAmount: 0, minAmount: 500 } as const;
  expect(problemOf({ ...chosen, maxAmount: 99_999_999 })).toBeNull();
  expect(problemOf({ ...chosen, maxAmount: 100_000_000 })?.field).toBe('maxAmount');
});
