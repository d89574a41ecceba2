#!/usr/bin/env node
// npm run figures: a simulated year of a coach, with everything that happens to members, and every figure of every month
// compared with what the emulator's own subscriptions and invoices come to (docs/figures.md).
import { runFromSources } from './run-from-sources.mjs';

await runFromSources('test', 'figures', 'main.ts');
