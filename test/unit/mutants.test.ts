import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PATCHES = 'test/mutants';
const mutants = readdirSync(PATCHES);

// A mutant that does not apply any more says nothing of the protection that it takes out (npm run mutants).
test.each(mutants)('the mutant %s applies to the code as it is', (file) => {
  const { stderr } = spawnSync('git', ['apply', '--check', join(PATCHES, file)], { encoding: 'utf8' });
  expect(stderr).toBe('');
});

test('the number of each mutant is that of a scenario with a test', () => {
  const tests = ['unit', 'integration', 'replay', 'workflows'].flatMap((kind) =>
    readdirSync(join('test', kind))
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFileSync(join('test', kind, file), 'utf8')),
  );
  const tested = new Set(tests.flatMap((text) => [...text.matchAll(/scenario (\d+)/g)].map(([, n]) => n)));
  expect(mutants.filter((file) => !tested.has(/^\d+/.exec(file)?.[0] ?? ''))).toEqual([]);
});
