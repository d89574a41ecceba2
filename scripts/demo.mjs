#!/usr/bin/env node
// npm run demo: plays the help page against a running npm start. The story is src/demo.
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../dist/demo/main.js');
