import { openUntil, salesState, sessionEnd, SHORTEST_SESSION } from '../../src/domain/sales-window';
import { HOUR, MINUTE, toDateOrNull } from '../../src/domain/time';

const NOW = 1_800_000_000;
const windowOf = (from: number | null, to: number | null) => ({
  salesStartAt: toDateOrNull(from),
  salesEndAt: toDateOrNull(to),
});

test.each<[number | null, number | null, string]>([
  [null, null, 'on_sale'],
  [NOW, null, 'on_sale'],
  [NOW + 1, null, 'not_started'],
  [null, NOW + 1, 'on_sale'],
  [null, NOW, 'ended'],
  [NOW - 2, NOW - 1, 'ended'],
  [NOW + 1, NOW + 2, 'not_started'],
])('sold from %p until %p: %s', (from, to, state) => {
  expect(salesState(windowOf(from, to), NOW)).toBe(state);
});

test.each<[string, number | null, number]>([
  ['without an end it has its whole lifetime', null, NOW + 2 * HOUR],
  ['an end that is far off changes nothing', NOW + 3 * HOUR, NOW + 2 * HOUR],
  ['Stripe closes it when sales end', NOW + HOUR, NOW + HOUR],
  ['it cannot be shorter than Stripe allows', NOW + MINUTE, NOW + SHORTEST_SESSION],
])('a session: %s', (_why, end, expected) => {
  expect(sessionEnd(NOW, 2 * HOUR, windowOf(null, end))).toBe(expected);
});

test('an open session is looked at when sales end, or when Stripe closes it', () => {
  expect(openUntil(NOW + HOUR, windowOf(null, null))).toBe(NOW + HOUR);
  expect(openUntil(NOW + HOUR, windowOf(null, NOW + MINUTE))).toBe(NOW + MINUTE);
  expect(openUntil(NOW + HOUR, windowOf(null, NOW + 2 * HOUR))).toBe(NOW + HOUR);
});
