import {
  isMoment,
  isoTime,
  isoTimeOrNull,
  LATEST,
  toDate,
  toDateOrNull,
  toSeconds,
} from '../../src/domain/time';

test('seconds and dates are the same moment', () => {
  const date = new Date('2027-02-28T23:59:59Z');
  expect(toDate(toSeconds(date))).toEqual(date);
  expect(toSeconds(new Date(date.getTime() + 999))).toBe(toSeconds(date));
});

test('null stays null', () => {
  expect(toDateOrNull(null)).toBeNull();
  expect(toDateOrNull(0)).toEqual(new Date(0));
});

test.each([
  [-1, '1970-01-01T00:00:00.000Z'],
  [LATEST + 1, '9999-12-31T23:59:59.000Z'],
  [9e15, '9999-12-31T23:59:59.000Z'],
  [-9e15, '1970-01-01T00:00:00.000Z'],
])('%d seconds, as Stripe may say, is stored as the nearest moment there is', (seconds, shown) => {
  expect(isMoment(seconds)).toBe(false);
  expect(toDate(seconds).toISOString()).toBe(shown);
});

test.each<[string, Date, string]>([
  ['the last millisecond', new Date('9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z'],
  ['the first one', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['the year 10000', new Date(253_402_300_800_000), '9999-12-31T23:59:59.000Z'],
  ['the end of what a date can hold', new Date(8.64e15), '9999-12-31T23:59:59.000Z'],
  ['before 1970', new Date(-1), '1970-01-01T00:00:00.000Z'],
  ['what cannot be read', new Date('20000-01-01'), '9999-12-31T23:59:59.000Z'],
])('%s is shown', (_name, date, shown) => {
  expect(isoTime(date)).toBe(shown);
  expect(isoTimeOrNull(date)).toBe(shown);
});

test('no time is shown as none, and one that cannot be read is the last', () => {
  expect([isoTimeOrNull(null), isoTimeOrNull(undefined)]).toEqual([null, null]);
  expect(toSeconds(new Date(NaN))).toBe(LATEST);
});
