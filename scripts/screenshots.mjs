#!/usr/bin/env node
// npm run screenshots: takes a new coach's way through the demo site of a running `npm start` in a real browser, as a
// person would, and keeps pictures of the pages in docs/screenshots, at desktop and phone width.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure-installed.mjs';
import { openBrowser } from './screenshots/browser.mjs';
import { readLocal } from './screenshots/local.mjs';
import { walk } from './screenshots/walk.mjs';

const folder = process.env.SCREENSHOTS_DIR ?? join(root, 'docs', 'screenshots');
mkdirSync(folder, { recursive: true });
const local = readLocal();
const browser = await openBrowser(folder);
try {
  await walk(browser, local);
} finally {
  await browser.close();
}
