#!/usr/bin/env node
// npm run browser-tests: a real browser follows the help page in a system of its own (test/browser). `-- --json` prints
// the result as JSON, `-- --only <part of a title>` runs one part; it may be given several times.
import { join } from 'node:path';
import { ensureInstalled, root } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
try {
  await build();
  const { requireTypeScript } = await import('./load-typescript.mjs');
  const { main } = requireTypeScript(join(root, 'test', 'browser', 'main.ts'));
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
