#!/usr/bin/env node
// npm run chaos: purchases on a stack of its own whose processes are killed and frozen, and whose Stripe fails; then
// everything has to settle, and be as promised (docs/decisions/0047).
import { ensureInstalled } from './ensure-installed.mjs';
import { runFromSources } from './run-from-sources.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
// Not a word on standard output: that belongs to the report.
console.log = console.error;
await build();
await runFromSources('test', 'chaos', 'main.ts');
