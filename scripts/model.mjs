#!/usr/bin/env node
// npm run model: random sequences of everything that can happen to a coach's sales are played on the product, and after
// every step its answer to "who has access?" is compared with a simple reference model (docs/decisions/0017).
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
const { main } = requireTypeScript(join(root, 'test', 'model', 'main.ts'));
try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
