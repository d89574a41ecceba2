import { toDate, toDateOrNull, toSeconds } from '../../src/domain/time';

test('seconds and dates are the same moment', () => {
  const date = new Date('2027-02-28T23:59:59Z');
  expect(toDate(toSeconds(date))).toEqual(date);
  expect(toSeconds(new Date(date.getTime() + 999))).toBe(toSeconds(date));
});

test('null stays null', () => {
  expect(toDateOrNull(null)).toBeNull();
  expect(toDateOrNull(0)).toEqual(new Date(0));
});
