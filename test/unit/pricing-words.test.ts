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
  [
    'a date that is ahead, and a fixed term',
    { beginsAt: new Date('2027-04-01T06:00:00Z'), accessDays: 84 },
    '€49.00',
    'once',
    ['Access begins on 1 April 2027 at 06:00 UTC.', 'Access for 84 days.'],
  ],
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

test.each<[string, Partial<Parameters<typeof priceInWords>[0]>, string, string, string[]]>([
  ['one-off', { accessDays: 1 }, '49,00 €', 'einmal', ['Zugang für 1 Tag.']],
  ['monthly', { model: 'recurring', ...month }, '49,00 €', 'jeden Monat', []],
  [
    'every two weeks, after a day',
    { model: 'recurring', interval: 'week', intervalCount: 2, trialDays: 1 },
    '49,00 €',
    'alle 2 Wochen',
    ['Der erste Tag ist kostenlos.'],
  ],
  [
    'installments',
    { model: 'installments', ...month, installments: 6, setupFee: 600 },
    '49,00 €',
    'jeden Monat, 6 Zahlungen',
    [
      'Einmalig kommt eine Einrichtungsgebühr von 6,00 € hinzu.',
      'Insgesamt 300,00 €; nach der letzten Zahlung wird nichts mehr abgebucht.',
    ],
  ],
  [
    'pay what you want',
    { model: 'pay_what_you_want', unitAmount: 0, minAmount: 500, maxAmount: 9000 },
    'Ab 5,00 €',
    'einmal, Sie bestimmen den Betrag',
    ['Höchstens 90,00 €.'],
  ],
  ['free', { model: 'free', unitAmount: 0, accessDays: 7 }, 'Kostenlos', '', ['Zugang für 7 Tage.']],
])('%s, in German', (_what, over, amount, rhythm, details) => {
  const words = priceInWords({ ...BASE, ...over }, 'de');
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  expect({ ...words, amount: plain(words.amount), details: words.details.map(plain) }).toEqual({
    amount,
    rhythm,
    details,
  });
});
