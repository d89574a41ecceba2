import { priceInWords } from '../../src/domain/pricing-words';

const BASE = {
  model: 'one_off',
  currency: 'eur',
  unitAmount: 4900,
  interval: null,
  intervalCount: null,
  trialDays: null,
  setupFee: null,
  installments: null,
  minAmount: null,
  maxAmount: null,
  accessDays: null,
} as const;
const month = { interval: 'month', intervalCount: 1 } as const;

test.each<[string, Partial<Parameters<typeof priceInWords>[0]>, string, string, string[]]>([
  ['one-off', {}, '€49.00', 'once', []],
  ['a fixed term', { accessDays: 84 }, '€49.00', 'once', ['Access for 84 days.']],
  ['a fixed term of a day', { accessDays: 1 }, '€49.00', 'once', ['Access for 1 day.']],
  ['monthly', { model: 'recurring', ...month }, '€49.00', 'every month', []],
  [
    'every two weeks',
    { model: 'recurring', interval: 'week', intervalCount: 2 },
    '€49.00',
    'every 2 weeks',
    [],
  ],
  [
    'a trial with a setup fee',
    { model: 'recurring', ...month, trialDays: 14, setupFee: 1000 },
    '€49.00',
    'every month',
    ['The first 14 days are free.', 'A setup fee of €10.00 is charged once.'],
  ],
  [
    'installments',
    { model: 'installments', ...month, installments: 6, setupFee: 600 },
    '€49.00',
    'every month, 6 payments',
    [
      'A setup fee of €6.00 is charged once.',
      '€300.00 in all; nothing more is charged after the last payment.',
    ],
  ],
  [
    'pay what you want',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, maxAmount: 9000 },
    'From €5.00',
    'once, you choose how much',
    ['€90.00 at most.'],
  ],
  ['free', { model: 'free', unitAmount: 0, accessDays: 7 }, 'Free', '', ['Access for 7 days.']],
  ['yen', { currency: 'jpy', unitAmount: 5000 }, '¥5,000', 'once', []],
  ['dinar', { currency: 'kwd', unitAmount: 12500 }, 'KWD\u00a012.500', 'once', []],
])('%s', (_what, over, amount, rhythm, details) => {
  expect(priceInWords({ ...BASE, ...over })).toEqual({ amount, rhythm, details });
});
