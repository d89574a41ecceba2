#!/usr/bin/env node
// npm run failpoints: everything that the product does outside is a place at which it can be killed; each place is found by
// watching it work, and the product is killed at each, before and after, once and twice (docs/decisions/0046).
import { runFromSources } from './run-from-sources.mjs';

await runFromSources('test', 'failpoints', 'main.ts');
// Whoever was killed has closed nothing.
process.exit();
