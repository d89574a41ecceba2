#!/usr/bin/env node
// npm run build: Prisma's client, the compiled emulator and product, and the workflow bundle. Does only what is not up
// to date, so that it can stand before every start and every test.
import { ensureInstalled } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
