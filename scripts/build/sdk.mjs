import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../ensure-installed.mjs';
import { runNode } from './compile.mjs';
import { whenChanged } from './fingerprint.mjs';

const require = createRequire(import.meta.url);
const folder = join(root, 'packages', 'sdk');

/** Both kinds of modules, each with types of its kind: https://arethetypeswrong.github.io */
const KINDS = { esm: { type: 'module', module: 'esnext' }, cjs: { type: 'commonjs', module: 'commonjs' } };

/** The client of the API, in packages/sdk/dist. Needs the types that are made of the document. */
export function compileSdk() {
  const output = join(folder, 'dist');
  const own = ['tsconfig.json', 'package.json', 'src'].map((name) => join(folder, name));
  const inputs = [join(root, 'package-lock.json'), join(root, 'tsconfig.base.json'), ...own];
  return whenChanged({ root, stamp: join(output, '.stamp'), output, inputs }, () =>
    Promise.all(Object.keys(KINDS).map(compileKind)),
  );
}

async function compileKind(kind) {
  const { type, module } = KINDS[kind];
  const output = join(folder, 'dist', kind);
  rmSync(output, { recursive: true, force: true });
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [tsc, '-p', join(folder, 'tsconfig.json'), '--outDir', output, '--module', module];
  await runNode(`Compiling packages/sdk (${kind})`, args, { cwd: root });
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'package.json'), `${JSON.stringify({ type })}\n`);
}
