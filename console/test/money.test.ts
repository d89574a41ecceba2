import { formatMoney, parseMoney, typedMoney } from '../src/format/money';

describe('money', () => {
  it.each([
    [4900, 'eur', 'en-GB', '€49.00'],
    [4900, 'jpy', 'en-GB', 'JP¥4,900'],
    [4900, 'kwd', 'en-GB', 'KWD 4.900'],
    [4900, 'eur', 'de-DE', '49,00 €'],
    [-150, 'usd', 'en-US', '-$1.50'],
  ])('%i of %s in %s is %s', (amount, currency, locale, text) => {
    expect(formatMoney(amount, currency, locale).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(text);
  });

  it.each([
    ['49', 'eur', 4900],
    ['49.5', 'eur', 4950],
    ['49,50', 'eur', 4950],
    [' 49.00 ', 'eur', 4900],
    ['4900', 'jpy', 4900],
    ['4.900', 'kwd', 4900],
    ['0', 'eur', 0],
  ])('%j of %s is %i minor units', (typed, currency, amount) => {
    expect(parseMoney(typed, currency)).toBe(amount);
  });

  it.each([
    ['', 'eur'],
    ['abc', 'eur'],
    ['-5', 'eur'],
    ['1.234,50', 'eur'],
    ['49.999', 'eur'],
    ['4900.5', 'jpy'],
    ['1e3', 'eur'],
  ])('%j is no amount of %s', (typed, currency) => {
    expect(parseMoney(typed, currency)).toBeNull();
  });

  it.each(['eur', 'jpy', 'kwd', 'isk'])('what is shown for typing of %s is understood again', (currency) => {
    for (const locale of ['en-GB', 'de-DE'])
      expect(parseMoney(typedMoney(123450, currency, locale), currency)).toBe(123450);
  });
});
