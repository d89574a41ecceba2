#!/usr/bin/env node
// npm run attack: everything that somebody who may not could try at the product's doors is tried, on a stack of its own
// and on this machine alone; how many doors opened is printed, and has to be none (docs/security.md).
import { runFromSources } from './run-from-sources.mjs';

await runFromSources('test', 'attack', 'main.ts');
