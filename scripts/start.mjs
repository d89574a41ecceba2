#!/usr/bin/env node
// npm start: the whole system on this machine, from a fresh clone. Installs and builds what is missing, then hands over
// to src/local/main.ts in this same process, so that a signal needs no forwarding.
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../dist/local/main.js');
