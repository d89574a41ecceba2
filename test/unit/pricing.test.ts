import {
  expectedSubtotal,
  PRICING_MODELS,
  type PricingTerms,
  problemOf,
  periodsBetween,
  accessStart,
  termEnd,
} from '../../src/domain/pricing';
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
  accessStartsAt: null,
  seats: null,
  promotionCodes: false,
  maxQuantity: 1,
};
const APRIL = new Date('2027-04-01T06:00:00Z');
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
  [
    'recurring with seats and promotion codes',
    { model: 'recurring', ...monthly, seats: 12, promotionCodes: true },
  ],
  ['recurring in quantity', { model: 'recurring', ...monthly, maxQuantity: 10 }],
  [
    'installments with a setup fee and seats',
    { model: 'installments', ...monthly, installments: 6, setupFee: 100, seats: 9 },
  ],
  [
    'pay what you want for a fixed term, with seats',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 100, accessDays: 7, seats: 5 },
  ],
  ...(['one_off', 'free'] as const).map((model): [string, Partial<PricingTerms>] => [
    `${model} that begins on a date`,
    { model, ...(model === 'free' ? { unitAmount: 0 } : {}), accessStartsAt: APRIL, accessDays: 84 },
  ]),
  [
    'installments that begin on a date',
    { model: 'installments', ...monthly, installments: 3, accessStartsAt: APRIL },
  ],
  [
    'pay what you want that begins on a date',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 100, accessStartsAt: APRIL },
  ],
  ['free', { model: 'free', unitAmount: 0 }],
  ['free for a fixed term, with seats', { model: 'free', unitAmount: 0, accessDays: 7, seats: 5 }],
  ['three years', { model: 'recurring', interval: 'year', intervalCount: 3 }],
  ['the most that Stripe takes', { unitAmount: 99_999_999 }],
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
  [
    'a subscription that begins on a date, as it is paid from its first day',
    { model: 'recurring', ...monthly, accessStartsAt: APRIL },
    'accessStartsAt',
  ],
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
  [
    'promotion codes of a free price',
    { model: 'free', unitAmount: 0, promotionCodes: true },
    'promotionCodes',
  ],
  [
    'promotion codes of installments, which could make one of them zero',
    { model: 'installments', ...monthly, installments: 6, promotionCodes: true },
    'promotionCodes',
  ],
  [
    'installments in quantity',
    { model: 'installments', ...monthly, installments: 6, maxQuantity: 2 },
    'maxQuantity',
  ],
  [
    'pay what you want every month',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 1, ...monthly },
    'interval',
  ],
  ['a setup fee of a one-off price', { setupFee: 100 }, 'setupFee'],
  ['more than three years', { model: 'recurring', interval: 'year', intervalCount: 4 }, 'intervalCount'],
  ['more than Stripe takes', { unitAmount: 99_999_999, maxQuantity: 2 }, 'maxQuantity'],
  [
    'a setup fee that makes it more than Stripe takes',
    { model: 'recurring', ...monthly, unitAmount: 99_999_999, setupFee: 1 },
    'unitAmount',
  ],
  ['whole units only', { currency: 'isk', unitAmount: 4950 }, 'unitAmount'],
  [
    'a fee between two steps',
    { model: 'recurring', ...monthly, currency: 'kwd', unitAmount: 100, setupFee: 5 },
    'setupFee',
  ],
  ['a step that the currency does not have', { currency: 'kwd', unitAmount: 4905 }, 'unitAmount'],
  ['a setup fee of nothing', { model: 'recurring', ...monthly, setupFee: 0 }, 'setupFee'],
])('%s is refused with a reason', (_name, over, field) => {
  expect(problemOf(terms(over))).toMatchObject({ field, message: expect.stringMatching(/^[A-Z].+\.$/) });
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

test.each<[string, number | null, number]>([
  ['with the purchase', null, 1000],
  ['on its date, for who has bought before', 5000, 5000],
  ['with the purchase, once the date is past', 999, 1000],
])('access begins %s', (_name, date, begins) => {
  expect(accessStart(1000, date)).toBe(begins);
});

test.each([
  ['the first', '2027-01-31', '2027-01-31', 'month', 1, 0],
  ['in a month too short for the day', '2027-01-31', '2027-02-28', 'month', 1, 1],
  ['after it, on the day again', '2027-01-31', '2027-03-31', 'month', 1, 2],
  ['over the turn of the year', '2027-11-30', '2028-02-29', 'month', 3, 1],
  ['of weeks', '2027-03-01', '2027-03-29', 'week', 2, 2],
  ['of days', '2027-03-27', '2027-03-30', 'day', 1, 3],
  ['of years, begun on a leap day', '2028-02-29', '2031-02-28', 'year', 1, 3],
] as const)('periods are counted: %s', (_name, first, later, interval, count, periods) => {
  const at = (day: string) => Date.parse(`${day}T23:59:59Z`) / 1000;
  expect(periodsBetween(at(first), at(later), interval, count)).toBe(periods);
});

// Each option with each model: sold, or refused with the option's own name. Terms that a model needs are filled in.
const NEEDED: Record<PricingTerms['model'], Partial<PricingTerms>> = {
  one_off: {},
  recurring: monthly,
  installments: { ...monthly, installments: 6 },
  pay_what_you_want: { unitAmount: 0, minAmount: 500 },
  free: { unitAmount: 0 },
};
const OPTIONS: [keyof PricingTerms, Partial<PricingTerms>, string][] = [
  // option, its value, and whether it goes with: one-off, recurring, installments, pay what you want, free
  ['trialDays', { trialDays: 14 }, '- + - - -'],
  ['setupFee', { setupFee: 1000 }, '- + + - -'],
  ['accessDays', { accessDays: 84 }, '+ - + + +'],
  ['seats', { seats: 12 }, '+ + + + +'],
  ['promotionCodes', { promotionCodes: true }, '+ + - - -'],
  ['maxQuantity', { maxQuantity: 5 }, '+ + - - -'],
  ['suggestedAmount', { suggestedAmount: 900 }, '- - - + -'],
  ['maxAmount', { maxAmount: 900 }, '- - - + -'],
];
test.each(
  OPTIONS.flatMap(([option, value, goes]) =>
    PRICING_MODELS.map((model, i) => [option, model, value, goes.split(' ')[i] === '+'] as const),
  ),
)('%s with %s', (option, model, value, goes) => {
  const problem = problemOf(terms({ model, ...NEEDED[model], ...value }));
  expect(problem?.field ?? null).toBe(goes ? null : option);
});
