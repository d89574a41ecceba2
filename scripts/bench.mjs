#!/usr/bin/env node
// npm run bench fairness: measures on a stack of its own, and prints each figure beside its baseline of the same run.
import { runFromSources } from './run-from-sources.mjs';

await runFromSources('test', 'bench', 'main.ts');
