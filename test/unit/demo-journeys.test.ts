import { Journeys, progressOf } from '../../src/demo-site/journeys';

const DAY = 86_400_000;
const month = { from: 0, to: 31 * DAY, days: 31 };

test('while time passes that is known, and what came of it is told once', async () => {
  const journeys = new Journeys();
  let arrive = (): void => {};
  const ended = journeys.begin('test', month, () => new Promise((resolve) => (arrive = resolve)));
  expect(journeys.of('test')).toEqual(month);
  expect(journeys.of('live')).toBeNull();
  expect(journeys.takeArrival('test')).toBeNull();
  arrive();
  await ended;
  expect(journeys.of('test')).toBeNull();
  expect(journeys.takeArrival('test')).toEqual({ days: 31, failed: false });
  expect(journeys.takeArrival('test')).toBeNull();
});

test('a second click changes nothing, and what failed is told as that', async () => {
  const journeys = new Journeys();
  let moves = 0;
  let fail = (): void => {};
  const ended = journeys.begin('test', month, () => {
    moves += 1;
    return new Promise((_, reject) => (fail = () => reject(new Error('The inbox did not come to rest.'))));
  });
  await journeys.begin('test', { ...month, days: 7 }, () => {
    moves += 1;
    return Promise.resolve();
  });
  expect(moves).toBe(1);
  fail();
  await ended;
  expect(journeys.takeArrival('test')).toEqual({ days: 31, failed: true });
});

test.each([
  [0, 0],
  [15.5 * DAY, 50],
  [31 * DAY, 100],
  [40 * DAY, 100],
])('after %i milliseconds it is %i %% there', (now, percent) => {
  expect(progressOf(month, now)).toBe(percent);
});
