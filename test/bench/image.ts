import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { currentRun } from '../harness/run';

const run = promisify(execFile);

/** What npm asks for before it installs anything: the packages of this project. */
const MANIFESTS = ['', 'packages/stripe-emulator', 'packages/sdk', 'packages/cli', 'console'].map((folder) =>
  join(folder, 'package.json'),
);

/**
 * What the image holds of the product, in a folder, by the steps of the Dockerfile. Answers the folder, and how large the
 * installed packages are in it.
 */
export async function layOutImage(): Promise<{ root: string; modulesMegabytes: number }> {
  const { folder } = await currentRun();
  const root = join(folder, 'image');
  for (const file of [
    ...MANIFESTS,
    'package-lock.json',
    'dist',
    'docs',
    'packages/sdk/README.md',
    'packages/cli/README.md',
  ]) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    cpSync(join(PROJECT_ROOT, file), join(root, file), { recursive: true });
  }
  const install = ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', install, { cwd: root });
  const slim = join(PROJECT_ROOT, 'docker', 'slim-modules.mjs');
  const { stdout } = await run(process.execPath, [slim, join(root, 'node_modules')]);
  return { root, modulesMegabytes: Number(/: (\d+) MB$/.exec(stdout.trim())?.[1]) };
}
