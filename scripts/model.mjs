#!/usr/bin/env node
// npm run model: random sequences of everything that can happen to a coach's sales are played on the product, and after
// every step its answer to "who has access?" is compared with a simple reference model (docs/decisions/0017).
import { runFromSources } from './run-from-sources.mjs';

await runFromSources('test', 'model', 'main.ts');
