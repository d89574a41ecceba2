// Fails the build when the console's first load needs too much JavaScript: the entry and all it imports, and the same
// for each page on top, compressed as a server sends it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const BUDGET = 200 * 1024;
const output = fileURLToPath(new URL('../../dist/console', import.meta.url));
const manifest = JSON.parse(readFileSync(join(output, '.vite/manifest.json'), 'utf8'));

const sizes = new Map();
const sizeOf = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(output, file))).length);
  return sizes.get(file);
};

/** A chunk and all that it imports before it runs. */
function loadedBy(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key].imports ?? []) loadedBy(imported, seen);
  return seen;
}
const bytes = (keys) => [...keys].reduce((sum, key) => sum + sizeOf(manifest[key].file), 0);
const kilobytes = (count) => `${(count / 1024).toFixed(1)} KB`;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = loadedBy(entry);
const pages = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry)
  .map((key) => ({ key, total: bytes(new Set([...first, ...loadedBy(key)])) }))
  .sort((a, b) => b.total - a.total);
const [largest] = pages;

console.log(
  `First load: ${kilobytes(bytes(first))} of JavaScript (gzip); with the largest page, ${largest.key}: ${kilobytes(largest.total)} of ${kilobytes(BUDGET)}.`,
);
if (largest.total > BUDGET) {
  console.error('The console is too large for its budget: load what a page needs with that page.');
  process.exitCode = 1;
}
