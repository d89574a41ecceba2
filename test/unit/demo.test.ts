import type { Price } from '@session/sdk';
import { buyLabel, nextInWords, priceInWords, rhythm } from '../../src/demo-site/format';

test('what happens next, in words', () => {
  expect(nextInWords({ what: 'access_end', at: '2026-12-26T06:00:00.000Z', inWords: 'Access ends.' })).toBe(
    'Next, on 26 Dec 2026, 06:00 UTC: Access ends.',
  );
  expect(nextInWords({ what: 'payment_outcome', at: null, inWords: 'Access begins.' })).toBe(
    'Next: Access begins.',
  );
});

test('how often a price renews, in words', () => {
  expect(
    [null, { interval: 'month', intervalCount: 1 }, { interval: 'week', intervalCount: 2 }].map(rhythm),
  ).toEqual(['once', 'every month', 'every 2 weeks']);
});

describe('what a price costs, in words', () => {
  const price = (more: Partial<Price>) =>
    ({
      model: 'recurring',
      unitAmount: 2900,
      currency: 'eur',
      recurring: { interval: 'month', intervalCount: 1 },
      trialDays: null,
      setupFee: null,
      installments: null,
      minAmount: null,
      ...more,
    }) as Price;

  test.each<[Partial<Price>, string, string, string]>([
    [{ model: 'one_off', recurring: null }, '€29.00', 'once', 'Buy'],
    [{}, '€29.00', 'every month', 'Subscribe'],
    [{ trialDays: 14 }, '€29.00', 'every month, the first 14 days free', 'Subscribe'],
    [{ setupFee: 1000 }, '€29.00', 'every month, and €10.00 once', 'Subscribe'],
    [{ model: 'installments', installments: 3 }, '3 × €29.00', 'every month', 'Pay in installments'],
    [{ model: 'pay_what_you_want', recurring: null, minAmount: 500 }, 'As you like', 'from €5.00', 'Buy'],
    [{ model: 'free', recurring: null }, 'Free', '', 'Get it'],
  ])('%j', (terms, amount, more, label) => {
    expect(priceInWords(price(terms))).toEqual({ amount, more });
    expect(buyLabel(price(terms))).toBe(label);
  });
});
