#!/usr/bin/env node
// npm run trace:picture: plays the demo with tracing on and draws a trace of it into docs/trace.svg.
import { build } from './build/build.mjs';
import { runFromSources } from './run-from-sources.mjs';

await build();
await runFromSources('test', 'trace-picture', 'main.ts');
