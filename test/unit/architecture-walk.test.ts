import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The walks of docs/architecture.md: a newcomer opens each file and finds the function.
const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
const steps = [...page.matchAll(/^\d+\. `(src\/[^`]+)` `([^`]+)`:/gm)].map(([, file = '', name = '']) => ({
  file,
  name,
}));

test('there are two walks, and the longer one has eighteen steps', () => {
  expect(steps.length).toBe(28);
});

test('the longer walk comes back to no file', () => {
  const files = steps.slice(0, 18).map(({ file }) => file);
  expect(new Set(files).size).toBe(files.length);
});

test.each(steps)('$name is in $file', ({ file, name }) => {
  expect(readFileSync(join(root, file), 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
});
