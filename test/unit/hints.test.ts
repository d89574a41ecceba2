import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asksForRun, HINTS, RUN_HINTS } from '../../src/domain/hints';

const SRC = join(__dirname, '../../src');
const named = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
  .flatMap((file) => readFileSync(join(SRC, file), 'utf8').match(/\binternal\.[a-z_]+/g) ?? []);

test('every hint that the product writes says what answers it: a look, or its own run', () => {
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].sort()).toEqual(Object.keys(HINTS).sort());
});

test.each(Object.entries(HINTS))('%s is answered by a %s', (type, by) => {
  expect(asksForRun({ eventId: 'hint_1', type })).toBe(by === 'run');
  expect(RUN_HINTS.includes(type)).toBe(by === 'run');
  // Only our own: an event that calls itself so is none.
  expect(asksForRun({ eventId: 'evt_1', type })).toBe(false);
});
