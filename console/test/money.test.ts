import { createFormat } from '../src/format/create-format';
import { formatMoney, parseMoney, readMoney, typedMoney } from '../src/format/money';

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

  it.each([
    ['1.234,56', 'eur', 'grouped', '1234.56'],
    ['1,234.56', 'eur', 'grouped', '1234.56'],
    ['1 234,56', 'eur', 'grouped', '1234.56'],
    ['1’234.50', 'chf', 'grouped', '1234.50'],
    ['1.234.567', 'eur', 'grouped', '1234567'],
    ['12,345', 'jpy', 'too_many_decimals', null],
    ['49.999', 'eur', 'too_many_decimals', null],
    ['4.9005', 'kwd', 'too_many_decimals', null],
    ['€ 20', 'eur', 'more_than_a_number', '20'],
    ['20 EUR', 'eur', 'more_than_a_number', '20'],
    ['20,50€', 'eur', 'more_than_a_number', '20.50'],
    ['twenty', 'eur', 'no_number', null],
    ['-5', 'eur', 'no_number', null],
    ['49 or so', 'eur', 'no_number', null],
  ])('%j of %s: %s, meant %s', (typed, currency, why, meant) => {
    expect(readMoney(typed, currency)).toEqual({ why, meant });
  });

  it('a currency that has no name here is its code, once', () => {
    expect(createFormat('en').currency('eur')).toBe('EUR · Euro');
    expect(createFormat('en').currency('zzz')).toBe('ZZZ');
  });

  it.each(['eur', 'jpy', 'kwd', 'isk'])('what is shown for typing of %s is understood again', (currency) => {
    for (const locale of ['en-GB', 'de-DE'])
      expect(parseMoney(typedMoney(123450, currency, locale), currency)).toBe(123450);
  });
});
