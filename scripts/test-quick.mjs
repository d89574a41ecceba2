#!/usr/bin/env node
// npm run test:quick: what is worth knowing at every save. The unit tests, among them the rules of the domain and of the
// console, and the types of all that is compiled, side by side; no server is started, and nothing
// is built.
import { ensureInstalled, root } from './ensure-installed.mjs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const at = (...parts) => join(root, 'node_modules', ...parts);
const JEST = at('jest', 'bin', 'jest.js');
const TSC = at('typescript', 'bin', 'tsc');

/** What a check of types has found out is kept, and only what has changed since is checked again. */
const typesOf = (project, stamp) => [
  ...[TSC, '--noEmit', '-p', join(root, project)],
  ...['--incremental', '--tsBuildInfoFile', at(`.session-payments-${stamp}.tsbuildinfo`)],
];

/** Runs a program to its end; whether it succeeded. */
async function run(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return code === 0;
}

ensureInstalled();
const { generateSources } = await import('./build/build.mjs');
await generateSources();
const types = async () =>
  (await run(typesOf('tsconfig.test.json', 'types'))) &&
  (await run(typesOf(join('console', 'tsconfig.json'), 'console-types')));
const succeeded = await Promise.all([types(), run([JEST, '--selectProjects', 'unit', '--maxWorkers=1'])]);
process.exitCode = succeeded.every(Boolean) ? 0 : 1;
