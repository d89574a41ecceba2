#!/usr/bin/env node
// npm run bench [name…] [--json]: measures on a stack of its own, and prints each figure beside its baseline of the same run
// (docs/performance.md).
import { ensureInstalled } from './ensure-installed.mjs';
import { runFromSources } from './run-from-sources.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
// Not a word on standard output: that belongs to the report.
console.log = console.error;
await build();
await runFromSources('test', 'bench', 'main.ts');
