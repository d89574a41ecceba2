#!/usr/bin/env node
// npm run screenshots: brings up a whole system of its own, takes a new coach and their members through the console and
// the coach's site in a real browser, takes a picture of every step at desktop and phone width, and keeps those that the
// README shows in docs/screenshots; with SCREENSHOTS_DIR, all of them there. Needs Chromium. What runs on this machine
// already, it leaves alone. `-- --every-page FOLDER` takes every page of the console in both schemes and languages, and
// those of members, for whoever looks at them; FOLDER is not the repository's.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build/build.mjs');
const { openBrowser } = await import('./screenshots/browser.mjs');
const { withStack } = await import('./screenshots/stack.mjs');
const { walk } = await import('./screenshots/walk.mjs');

/** The pictures that the README shows: the repository keeps no more. */
const shown = () =>
  new Set(
    [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/docs\/screenshots\/([\w-]+\.png)/g)].map(
      ([, file]) => file,
    ),
  );

/** Pictures of pages that are no more, or that nobody is shown. */
function removeOthers(folder, kept) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.png') && !kept.has(file)))
    rmSync(join(folder, name));
}

/** `-- --every-page FOLDER`: every page in both schemes and languages, to be looked at; nothing of it is kept here. */
async function everyPage(folder) {
  await build();
  const { requireTypeScript } = await import('./load-typescript.mjs');
  const { takePictures } = requireTypeScript(join(root, 'test', 'browser', 'pictures.ts'));
  console.log(`${await takePictures(folder)} pictures are in ${folder}.`);
}

async function main() {
  const at = process.argv.indexOf('--every-page');
  if (at > 0) return everyPage(process.argv[at + 1] ?? join(tmpdir(), 'session-pages'));
  const elsewhere = process.env.SCREENSHOTS_DIR;
  const folder = elsewhere || join(root, 'docs', 'screenshots');
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser(folder);
  try {
    await build();
    await withStack((local) => walk(browser, local));
    const kept = elsewhere ? browser.taken : shown().intersection(browser.taken);
    removeOthers(folder, kept);
    console.log(`${browser.taken.size} pictures were taken, ${kept.size} are kept in ${folder}.`);
  } finally {
    await browser.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
