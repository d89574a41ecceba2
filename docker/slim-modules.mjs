#!/usr/bin/env node
// node docker/slim-modules.mjs FOLDER: takes out of installed packages what no program of ours ever reads: what is for other
// systems and other databases, types, and maps to sources. Says how much is left.
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node docker/slim-modules.mjs FOLDER');
  process.exit(1);
}

const ARCHITECTURE = { x64: 'x86_64', arm64: 'aarch64' }[process.arch] ?? process.arch;
/** Temporal's core, once for each system: `x86_64-unknown-linux-gnu`. */
const CORE = /^@temporalio\/core-bridge\/releases\/([^/]+)$/;
const isOfAnotherSystem = (path) => {
  const system = CORE.exec(path)?.[1];
  return (
    system !== undefined && !(system.startsWith(`${ARCHITECTURE}-`) && system.includes(process.platform))
  );
};
/** Prisma's query compiler, once for each database, and for browsers and edges. */
const OTHER_COMPILERS =
  /^@prisma\/client\/runtime\/(query_compiler_\w+\.(cockroachdb|mysql|sqlite|sqlserver)\.|wasm-compiler-edge\.)/;
const TYPES_AND_MAPS = /\.(d\.[mc]?ts|map|tsbuildinfo)$/;

let bytes = 0;

function slim(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const whole = join(path, entry.name);
    const inModules = relative(folder, whole).split('\\').join('/');
    const isFolder = entry.isDirectory();
    if (
      isFolder
        ? isOfAnotherSystem(inModules)
        : OTHER_COMPILERS.test(inModules) || TYPES_AND_MAPS.test(inModules)
    )
      rmSync(whole, { recursive: true });
    else if (isFolder) slim(whole);
    else bytes += lstatSync(whole).size;
  }
}

slim(folder);
console.log(`${folder}: ${Math.round(bytes / 1_000_000)} MB`);
