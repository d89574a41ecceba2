import { DAY, HOUR, MINUTE } from '../../src/domain/time';
import {
  isAccepted,
  isGone,
  listensTo,
  retryAfterOf,
  secondsToNextTry,
  TRIES,
} from '../../src/domain/webhook-delivery';

const delays = (seed: string) => {
  const found: number[] = [];
  for (let tries = 1; ; tries++) {
    const wait = secondsToNextTry(tries, seed, null);
    if (wait === null) return found;
    found.push(wait);
  }
};

test('ten tries take three days, give or take the jitter', () => {
  for (let i = 0; i < 200; i++) {
    const waits = delays(`whe_${i}/fct_1`);
    expect(waits).toHaveLength(TRIES - 1);
    const whole = waits.reduce((sum, wait) => sum + wait, 0);
    expect(whole).toBeGreaterThan(2.6 * DAY);
    expect(whole).toBeLessThan(3.4 * DAY);
    expect(waits[0]).toBeGreaterThanOrEqual(27);
    expect(waits[0]).toBeLessThanOrEqual(33);
    // Each is longer than the one before.
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  }
});

test('what is worked out again is the same, and others wait otherwise', () => {
  expect(delays('whe_1/fct_1')).toEqual(delays('whe_1/fct_1'));
  expect(delays('whe_1/fct_1')).not.toEqual(delays('whe_1/fct_2'));
});

test.each([
  [1, 5, [27, 33]],
  [1, 10 * MINUTE, [600, 600]],
  [1, 30 * DAY, [DAY, DAY]],
  [9, HOUR, [30 * HOUR, 38 * HOUR]],
])('after try %i a receiver that asks for %i seconds is given %j', (tries, asked, [least, most]) => {
  const wait = secondsToNextTry(tries, 'seed', asked);
  expect(wait).toBeGreaterThanOrEqual(least ?? 0);
  expect(wait).toBeLessThanOrEqual(most ?? 0);
});

test('after the last there is none, whatever is asked for', () => {
  expect(secondsToNextTry(TRIES, 'seed', 60)).toBeNull();
});

const NOW = Date.UTC(2026, 10, 27, 12) / 1000;
test.each([
  [undefined, null],
  ['120', 120],
  [' 120 ', 120],
  ['-1', null],
  ['soon', null],
  ['Fri, 27 Nov 2026 12:02:00 GMT', 120],
  ['Fri, 27 Nov 2026 11:00:00 GMT', 0],
])('Retry-After: %s is %s seconds', (header, seconds) => {
  expect(retryAfterOf(header, NOW)).toBe(seconds);
});

test.each([
  [200, true],
  [204, true],
  [299, true],
  [199, false],
  [300, false],
  [301, false],
  [410, false],
  [500, false],
  [null, false],
])('%s: accepted %s', (status, accepted) => {
  expect(isAccepted({ status, error: null })).toBe(accepted);
});

test('410 alone says that the receiver is gone', () => {
  expect([404, 410, 500].map((status) => isGone({ status, error: null }))).toEqual([false, true, false]);
});

test.each([
  [[], 'membership.ended', true],
  [['membership.ended'], 'membership.ended', true],
  [['membership.*'], 'membership.ended', true],
  [['member.*'], 'membership.ended', false],
  [['access.granted'], 'membership.ended', false],
])('%j listens to %s: %s', (types, type, listens) => {
  expect(listensTo(types, type)).toBe(listens);
});
