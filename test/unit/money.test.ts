import { modeOf } from '../../src/domain/mode';
import { decimalsOf, formatMoney, stepOf } from '../../src/domain/money';

test.each<[string, 0 | 2 | 3, number, string]>([
  ['usd', 2, 1, '$49.05'],
  ['eur', 2, 1, '€49.05'],
  ['jpy', 0, 1, '¥4,905'],
  ['krw', 0, 1, '₩4,905'],
  ['kwd', 3, 10, 'KWD 4.905'],
  ['tnd', 3, 10, 'TND 4.905'],
  // Stripe keeps two decimals for these, which ISO 4217 does not.
  ['isk', 2, 100, 'ISK 49.05'],
  ['ugx', 2, 100, 'UGX 49.05'],
])('%s has %i decimals, in steps of %i: %s', (currency, decimals, step, words) => {
  expect(decimalsOf(currency)).toBe(decimals);
  expect(stepOf(currency)).toBe(step);
  expect(formatMoney(4905, currency).replaceAll('\u00a0', ' ')).toBe(words);
});

test('Stripe’s lists of currencies without decimals, and with three', () => {
  const zero = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
  expect(zero.map(decimalsOf)).toEqual(Array(15).fill(0));
  expect(['bhd', 'jod', 'kwd', 'omr', 'tnd'].map(decimalsOf)).toEqual(Array(5).fill(3));
});

test('the mode is what Stripe calls livemode', () => {
  expect([modeOf(true), modeOf(false)]).toEqual(['live', 'test']);
});
