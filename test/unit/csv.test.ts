import { type Cell, csvLine } from '../../src/domain/csv';
import { plainAmount } from '../../src/domain/money';
import { netOfStatement } from '../../src/domain/statement';

test.each<[Cell, string]>([
  ['plain', 'plain'],
  [null, ''],
  [7, '7'],
  [-7, '-7'],
  [{ amount: '-4.50' }, '-4.50'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['=1+1', "'=1+1"],
  ['+49', "'+49"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['=A1,B1', `"'=A1,B1"`],
])('a cell of %j', (cell, expected) => {
  expect(csvLine(['x', cell])).toBe(`x,${expected}\r\n`);
});

test.each([
  [4900, 'eur', '49.00'],
  [5, 'eur', '0.05'],
  [5000, 'jpy', '5000'],
  [1234, 'kwd', '1.234'],
  [-50, 'usd', '-0.50'],
])('%s %s in a file', (amount, currency, expected) => {
  expect(plainAmount(amount, currency)).toBe(expected);
});

test('what is left of a month', () => {
  const sums = { gross: { count: 2, amount: 1000 }, refunds: { count: 1, amount: 300 } };
  expect(
    netOfStatement({ ...sums, disputes: { count: 1, amount: 200 }, fees: { amount: 50, unknown: 1 } }),
  ).toBe(450);
});
