import { secondsToNextLook } from '../../src/domain/checkout-poll';

const NOW = 1_800_000_000;
const next = (deadline: number | null, pollSeconds: number, quietLooks: number | null) =>
  secondsToNextLook({ deadline, now: NOW }, pollSeconds, quietLooks);

describe('C12: how long until a checkout is looked at again', () => {
  test.each<[string, number | null, number, number]>([
    ['a debit that was just ordered', 0, 120, 120],
    ['after one look that found nothing new', 1, 120, 240],
    ['after two', 2, 120, 480],
    ['after four', 4, 120, 1920],
    ['once an hour at most', 5, 120, 3600],
    ['after days', 80, 120, 3600],
    ['after more looks than a number could double', 5000, 1, 3600],
    ['where anything is asked about more seldom than that', 3, 7200, 7200],
    ['what is open does not back off', null, 120, 120],
  ])('%s', (_when, quietLooks, pollSeconds, expected) => {
    expect(next(null, pollSeconds, quietLooks)).toBe(expected);
  });

  test('a pending debit is asked about some thirty times in a day, not seven hundred', () => {
    let asked = 0;
    for (let at = 0; at < 86_400; asked++) at += next(null, 120, asked);
    expect(asked).toBeLessThan(35);
  });

  test.each<[string, number, number]>([
    ['the session ends before', NOW + 60, 60],
    ['it ends later', NOW + 7200, 120],
    ['it should have ended: not at once, and not for ever', NOW - 30, 15],
  ])('%s', (_when, deadline, expected) => {
    expect(next(deadline, 120, null)).toBe(expected);
  });
});
