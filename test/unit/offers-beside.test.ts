import {
  type BesideTerms,
  costsBeside,
  NOT_BESIDE,
  type NotBeside,
  problemOfBeside,
  problemOfHost,
  problemOfOffers,
  takenOf,
} from '../../src/domain/offers-beside';
import { isSoldThrough } from '../../src/domain/sales-window';

const terms = (over: Partial<BesideTerms> = {}): BesideTerms => ({
  id: 'amt_2',
  productId: 'pdt_2',
  status: 'active',
  model: 'one_off',
  currency: 'usd',
  seats: null,
  accessDays: null,
  accessStartsAt: null,
  alsoGives: [],
  ...over,
});
const host = terms({ id: 'amt_1', productId: 'pdt_1', alsoGives: ['pdt_9'] });

test.each<[string, Partial<BesideTerms>, NotBeside | null]>([
  ['what is paid once', {}, null],
  ['what is just being made', { status: 'provisioning' }, null],
  ['what failed at Stripe, and may be tried again', { status: 'failed' }, null],
  ['an archived price', { status: 'archived' }, 'archived'],
  ['a subscription', { model: 'recurring' }, 'not_once'],
  ['installments', { model: 'installments' }, 'not_once'],
  ['what the buyer likes', { model: 'pay_what_you_want' }, 'not_once'],
  ['what is free', { model: 'free' }, 'not_once'],
  ['limited seats', { seats: 1 }, 'seats'],
  ['a fixed term', { accessDays: 1 }, 'fixed_term'],
  ['a date on which it begins', { accessStartsAt: new Date(0) }, 'date'],
  ['a bundle', { alsoGives: ['pdt_3'] }, 'bundle'],
  ['another currency', { currency: 'eur' }, 'currency'],
  ['its own product', { productId: 'pdt_1' }, 'included'],
  ['what it gives anyway', { productId: 'pdt_9' }, 'included'],
])('offered beside what is paid once: %s', (_what, over, problem) => {
  expect(problemOfBeside(host, terms(over))).toBe(problem);
});

test.each([
  ['one_off', null],
  ['recurring', 'beside_itself'],
  ['installments', 'beside_itself'],
  ['pay_what_you_want', 'beside_itself'],
  ['free', 'beside_itself'],
] as const)('beside %s', (model, problem) => {
  expect(problemOfHost({ model })).toBe(problem);
  expect(problemOfBeside({ ...host, model }, terms())).toBe(problem);
});

test('the first of several that does not fit is named, two of a product among them', () => {
  expect(problemOfOffers(host, [])).toBeNull();
  const other = terms({ id: 'amt_3', productId: 'pdt_3' });
  expect(problemOfOffers(host, [terms(), other])).toBeNull();
  expect(problemOfOffers(host, [terms(), { ...other, seats: 1 }])).toEqual({ id: 'amt_3', because: 'seats' });
  expect(problemOfOffers(host, [terms(), { ...other, productId: 'pdt_2' }])).toEqual({
    id: 'amt_3',
    because: 'same_product',
  });
});

test('each reason is a sentence', () => {
  for (const words of Object.values(NOT_BESIDE)) expect(words).toMatch(/^[A-Z].+\.$/);
});

test('it costs what it costs in the currency of the checkout, or nothing is asked', () => {
  const priced = {
    currency: 'eur',
    unitAmount: 900,
    currencyOptions: [{ currency: 'usd', unitAmount: 1100 }],
  };
  expect(costsBeside(priced, 'eur')).toBe(900);
  expect(costsBeside(priced, 'usd')).toBe(1100);
  expect(costsBeside(priced, 'jpy')).toBeNull();
});

describe('what was taken', () => {
  const one = { stripePriceId: 'price_1', unitAmount: 900 };
  const two = { stripePriceId: 'price_2', unitAmount: 1900 };
  const line = (priceId: string, amountSubtotal: number, quantity = 1) => ({
    priceId,
    quantity,
    amountSubtotal,
  });

  test.each([
    ['nothing', [], []],
    ['one', [line('price_2', 1900)], [two]],
    ['both', [line('price_2', 1900), line('price_1', 900)], [two, one]],
    ['another price', [line('price_3', 900)], null],
    ['another amount', [line('price_1', 899)], null],
    ['two of it', [line('price_1', 900, 2)], null],
    ['it twice', [line('price_1', 900), line('price_1', 900)], null],
  ])('%s', (_what, lines, taken) => {
    expect(takenOf(lines, [one, two])).toEqual(taken);
  });
});

test.each([
  [null, null, true],
  [10, null, true],
  [11, null, false],
  [null, 20, true],
  [null, 19, false],
  [null, 10, false],
])('sold from %p to %p: sold all the time from 10 to 20 is %p', (from, to, sold) => {
  const at = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000));
  expect(isSoldThrough({ salesStartAt: at(from), salesEndAt: at(to) }, { from: 10, to: 20 })).toBe(sold);
});
