import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// No dependencies here: this runs before they are installed.

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ownMajor = Number.parseInt(process.versions.node, 10);

/** The major version that we develop on and ship. */
export const DEVELOPED_ON = Number.parseInt(readFileSync(join(root, '.nvmrc'), 'utf8'), 10);

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** The oldest major version that works. */
export const OLDEST = Number.parseInt(engines.node.replace('>=', ''), 10);

/**
 * The program of a major version of Node: ours if it is one, else that of the npm package `node`, which carries it.
 * @throws Error if npm cannot get it
 */
export function nodeOf(major) {
  if (ownMajor === major) return process.execPath;
  const args = ['--yes', '--prefer-offline', `node@${major}`, '--print', 'process.execPath'];
  const { status, stdout, stderr, error } = spawnSync('npx', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Node ${major} could not be had from npm: ${error?.message ?? stderr}`);
  return stdout.trim().split('\n').at(-1);
}

/** The program that runs us if it is new enough, else that of the version that we develop on. */
export const supportedNode = () => (ownMajor >= OLDEST ? process.execPath : nodeOf(DEVELOPED_ON));

/** An environment in which `node` is this program, for whatever is started by name. */
export const withNode = (program, env = process.env) => ({
  ...env,
  PATH: `${dirname(program)}:${env.PATH ?? ''}`,
});
