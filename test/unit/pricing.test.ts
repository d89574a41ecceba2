import { expectedSubtotal, type PricingTerms, problemOf, termEnd } from '../../src/domain/pricing';
import { DAY } from '../../src/domain/time';

const BASE: PricingTerms = {
  model: 'one_off',
  currency: 'usd',
  unitAmount: 4900,
  interval: null,
  intervalCount: null,
  trialDays: null,
  setupFee: null,
  installments: null,
  minAmount: null,
  maxAmount: null,
  suggestedAmount: null,
  accessDays: null,
  seats: null,
  promotionCodes: false,
  maxQuantity: 1,
};
const monthly = { interval: 'month', intervalCount: 1 } as const;
const terms = (over: Partial<PricingTerms>): PricingTerms => ({ ...BASE, ...over });

test.each<[string, Partial<PricingTerms>]>([
  ['one-off', {}],
  [
    'one-off for a fixed term, with seats and promotion codes',
    { accessDays: 84, seats: 12, promotionCodes: true },
  ],
  ['one-off in quantity', { maxQuantity: 10 }],
  ['recurring', { model: 'recurring', ...monthly }],
  ['recurring with trial and setup fee', { model: 'recurring', ...monthly, trialDays: 14, setupFee: 1000 }],
  ['installments', { model: 'installments', ...monthly, installments: 6 }],
  ['installments for a fixed term', { model: 'installments', ...monthly, installments: 3, accessDays: 84 }],
  ['pay what you want', { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, suggestedAmount: 2000 }],
  ['free', { model: 'free', unitAmount: 0 }],
  ['zero decimals', { currency: 'jpy', unitAmount: 4901 }],
  ['three decimals', { currency: 'kwd', unitAmount: 4900 }],
])('%s can be sold', (_name, over) => {
  expect(problemOf(terms(over))).toBeNull();
});

test.each<[string, Partial<PricingTerms>, keyof PricingTerms]>([
  ['a trial of a one-off price', { trialDays: 14 }, 'trialDays'],
  [
    'a trial of installments',
    { model: 'installments', ...monthly, installments: 6, trialDays: 14 },
    'trialDays',
  ],
  ['a recurring price without interval', { model: 'recurring' }, 'interval'],
  ['a fixed term of a recurring price', { model: 'recurring', ...monthly, accessDays: 84 }, 'accessDays'],
  ['installments without a number', { model: 'installments', ...monthly }, 'installments'],
  ['a single installment', { model: 'installments', ...monthly, installments: 1 }, 'installments'],
  ['limited seats in quantity', { seats: 5, maxQuantity: 2 }, 'maxQuantity'],
  ['nothing to pay', { unitAmount: 0 }, 'unitAmount'],
  ['pay what you want without a least', { model: 'pay_what_you_want', unitAmount: 0 }, 'minAmount'],
  [
    'a suggestion below the least',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, suggestedAmount: 400 },
    'suggestedAmount',
  ],
  [
    'a most below the least',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, maxAmount: 400 },
    'maxAmount',
  ],
  [
    'promotion codes where the buyer chooses',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, promotionCodes: true },
    'promotionCodes',
  ],
  ['a free price that costs', { model: 'free' }, 'unitAmount'],
  ['seats of a free price', { model: 'free', unitAmount: 0, seats: 5 }, 'seats'],
  ['a step that the currency does not have', { currency: 'kwd', unitAmount: 4905 }, 'unitAmount'],
  ['a setup fee of nothing', { model: 'recurring', ...monthly, setupFee: 0 }, 'setupFee'],
])('%s is refused with a reason', (_name, over, field) => {
  expect(problemOf(terms(over))).toEqual({ field, message: expect.stringMatching(/^[A-Z].+\.$/) });
});

test('the first payment is the price times the quantity and the setup fee; in a trial the fee alone', () => {
  expect(expectedSubtotal(terms({}), 3)).toEqual({ least: 14_700, most: 14_700 });
  expect(expectedSubtotal(terms({ setupFee: 1000 }), 1)).toEqual({ least: 5900, most: 5900 });
  expect(expectedSubtotal(terms({ setupFee: 1000, trialDays: 14 }), 1)).toEqual({ least: 1000, most: 1000 });
  expect(
    expectedSubtotal(terms({ model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, maxAmount: 900 }), 1),
  ).toEqual({ least: 500, most: 900 });
});

test('a fixed term ends to the second', () => {
  expect(termEnd(1000, 84)).toBe(1000 + 84 * DAY);
  expect(termEnd(1000, null)).toBeNull();
});
