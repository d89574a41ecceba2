#!/usr/bin/env node
// npm run topology: the system as production has it, without containers, plays the story of the demo while one of each is
// killed and one of each is replaced by the next version (docs/decisions/0051).
import { ensureInstalled } from './ensure-installed.mjs';
import { runFromSources } from './run-from-sources.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
// Not a word on standard output: that belongs to the report.
console.log = console.error;
await build();
await runFromSources('test', 'topology', 'main.ts');
