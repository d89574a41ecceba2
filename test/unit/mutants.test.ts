import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const PATCHES = 'test/mutants';

// A mutant that does not apply any more says nothing of the protection that it takes out (npm run mutants).
test.each(readdirSync(PATCHES))('the mutant %s applies to the code as it is', (file) => {
  const { stderr } = spawnSync('git', ['apply', '--check', join(PATCHES, file)], { encoding: 'utf8' });
  expect(stderr).toBe('');
});
