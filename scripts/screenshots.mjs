#!/usr/bin/env node
// npm run screenshots: takes a new coach's way through the demo site of a running `npm start` in a real browser, as a
// person would, and keeps the pictures that the README shows in docs/screenshots. With SCREENSHOTS_DIR every page is kept
// there, at desktop and at phone width. The pictures of the documents are best taken with an empty SESSION_DATA_DIR.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ensure-installed.mjs';
import { openBrowser } from './screenshots/browser.mjs';
import { readLocal } from './screenshots/local.mjs';
import { walk } from './screenshots/walk.mjs';

/** What the documents show. */
const SHOWN = [
  'payments-due-desktop',
  'offers-desktop',
  'checkout-declined-desktop',
  'sales-canceling-desktop',
  'products-phone',
  'members-phone',
  'disconnect-phone',
  'runs-desktop',
  'run-membership-desktop',
];

const everything = process.env.SCREENSHOTS_DIR;
const folder = everything ?? join(root, 'docs', 'screenshots');
mkdirSync(folder, { recursive: true });
const local = readLocal();
const browser = await openBrowser(folder, (name) => everything !== undefined || SHOWN.includes(name));
try {
  await walk(browser, local);
} finally {
  await browser.close();
}
