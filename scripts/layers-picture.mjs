#!/usr/bin/env node
// npm run layers:picture: draws which folder of src imports from which into docs/architecture.md, between its two marks.
// `--check` writes nothing and fails when the picture there is an old one.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './ensure-installed.mjs';

const PAGE = join(root, 'docs', 'architecture.md');
const BEGIN = '<!-- layers: made by npm run layers:picture -->\n';
const END = '<!-- layers: end -->\n';

/** The folders (and single files) of src with an arrow for every import between two of them. */
function arrows() {
  const cruiser = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const output = execFileSync(process.execPath, [cruiser, 'src', '--output-type', 'json'], {
    cwd: root,
    maxBuffer: 256 * 1024 * 1024,
  });
  const folderOf = (path) => /^src\/([^/.]+)/.exec(path)?.[1];
  const found = new Set();
  for (const { source, dependencies } of JSON.parse(output).modules) {
    for (const { resolved } of dependencies) {
      const [from, to] = [folderOf(source), folderOf(resolved)];
      if (from !== undefined && to !== undefined && from !== to) found.add(`${from} --> ${to}`);
    }
  }
  return [...found].sort();
}

function draw() {
  const lines = arrows().map((arrow) => `  ${arrow}`);
  return ['', '```mermaid', 'flowchart TD', ...lines, '```', ''].join('\n');
}

ensureInstalled();
const page = readFileSync(PAGE, 'utf8');
const [before, rest] = page.split(BEGIN);
const [, after] = rest.split(END);
const next = `${before}${BEGIN}${draw()}\n${END}${after}`;
if (next !== page) {
  if (process.argv.includes('--check')) {
    console.error('The picture of the layers is an old one: npm run layers:picture');
    process.exitCode = 1;
  } else writeFileSync(PAGE, next);
}
