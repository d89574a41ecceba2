#!/usr/bin/env node
// npm run stripe:setup [-- --check --json]: the platform's webhook endpoints at Stripe. The work is src/setup.
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { requireTypeScript } = await import('./load-typescript.mjs');
const { main } = requireTypeScript('../src/setup/main.ts');
process.exitCode = await main(process.argv.slice(2), process.env, (line) => console.log(line));
