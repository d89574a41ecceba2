#!/usr/bin/env node
// npm run replay -- --from-server: production's runs against the workflows of this build (docs/operations.md).
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
const say = console.log;
// Not a word on standard output: that belongs to the report.
console.log = console.error;
await build();
console.log = say;
const { main } = await import('../dist/worker/replay-main.js');
try {
  process.exit(await main(process.argv.slice(2), process.env, (text) => process.stdout.write(text)));
} catch (error) {
  console.error(`Nothing was replayed: ${error.message}`);
  process.exit(2);
}
