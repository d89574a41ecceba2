#!/usr/bin/env node
// npm run emulator:parity: in what the emulator differs from the real Stripe. See --help.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from '../../../scripts/ensure-installed.mjs';

await ensureInstalled();
const { requireTypeScript } = await import('../../../scripts/load-typescript.mjs');
const home = dirname(fileURLToPath(import.meta.url));
const { parity } = requireTypeScript(join(home, 'command.ts'));

// The first Ctrl+C ends the story and tidies up after it; the second one ends everything.
let interrupted = false;
process.once('SIGINT', () => (interrupted = true));
process.exitCode = await parity(process.argv.slice(2), {
  env: process.env,
  out: (line) => console.log(line),
  progress: (line) => console.error(line),
  interrupted: () => interrupted,
});
