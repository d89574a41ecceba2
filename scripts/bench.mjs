#!/usr/bin/env node
// npm run bench fairness: measures on a stack of its own, and prints each figure beside its baseline of the same run.
import { ensureInstalled, root } from './ensure-installed.mjs';
import Module from 'node:module';
import { join } from 'node:path';

ensureInstalled();
const { generateClient } = await import('./build/build.mjs');
await generateClient();
const { requireTypeScript } = await import('./load-typescript.mjs');
// The emulator's sources instead of its build, which may be of another day.
const emulator = join(root, 'packages', 'stripe-emulator', 'src', 'index.ts');
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  resolve(request === '@session/stripe-emulator' ? emulator : request, ...rest);
const { main } = requireTypeScript(join(root, 'test', 'bench', 'main.ts'));
try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
