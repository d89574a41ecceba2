import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { filesIn } from './fingerprint.mjs';

const require = createRequire(import.meta.url);

/** Runs a Node program; its output is shown only if it fails. */
export async function runNode(what, args, { cwd, env = process.env }) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${what} failed:\n${Buffer.concat(output).toString().trim()}`);
}

const COMPILED = /(\.d\.ts|\.js)(\.map)?$/;
/** In the product's output, but not the compiler's: the workflows' bundle and the console. */
const NOT_COMPILED = ['workflow-bundle.js', 'workflow-bundle-encoded.js', 'console'];

/** What the compiler would leave behind of sources that are gone. */
function removeOrphans(sources, output) {
  const isForeign = (file) => NOT_COMPILED.includes(relative(output, file).split(sep)[0]);
  const compiled = filesIn(output).filter((file) => COMPILED.test(file) && !isForeign(file));
  for (const file of compiled) {
    const source = join(sources, relative(output, file)).replace(COMPILED, '');
    if (!['ts', 'tsx', 'js'].some((kind) => existsSync(`${source}.${kind}`))) rmSync(file);
  }
}

/** Pages, styles and other files that the programs read beside themselves. */
function copyAssets(sources, output) {
  for (const file of filesIn(sources).filter((name) => !/\.tsx?$/.test(name))) {
    const target = join(output, relative(sources, file));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(file, target);
  }
}

/** Compiles `src` of a package into its `dist`. Throws with the compiler's words. */
export async function compile(root, folder) {
  const sources = join(folder, 'src');
  const output = join(folder, 'dist');
  removeOrphans(sources, output);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  await runNode(`Compiling ${relative(root, sources)}`, [tsc, '-p', join(folder, 'tsconfig.json')], {
    cwd: root,
  });
  copyAssets(sources, output);
}
