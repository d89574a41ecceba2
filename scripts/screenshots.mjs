#!/usr/bin/env node
// npm run screenshots: takes a new coach's way through the console, and a member's through the coach's site, of a running
// `npm start` in a real browser, and keeps a picture of every page at desktop and phone width in docs/screenshots (or in
// SCREENSHOTS_DIR). It needs a coach who has done nothing yet: start with an empty SESSION_DATA_DIR.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure-installed.mjs';
import { openBrowser } from './screenshots/browser.mjs';
import { readLocal } from './screenshots/local.mjs';
import { walk } from './screenshots/walk.mjs';

const folder = process.env.SCREENSHOTS_DIR || join(root, 'docs', 'screenshots');
mkdirSync(folder, { recursive: true });
const local = readLocal();
const browser = await openBrowser(folder);
try {
  await walk(browser, local);
} finally {
  await browser.close();
}
