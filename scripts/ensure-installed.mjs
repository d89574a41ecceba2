import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireLock } from './build/lock.mjs';
import { DEVELOPED_ON, OLDEST, supportedNode, withNode } from './node/find-node.mjs';

// No dependencies here: this runs before they are installed.

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const lockFile = join(root, 'package-lock.json');
/** npm writes this one at the end of every installation: the same entries as the lock file's, for what is installed. */
const installedFile = join(root, 'node_modules', '.package-lock.json');

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** Whether every package that the lock file asks for is there, in its version. Optional ones are for other machines. */
function isInstalled() {
  if (!existsSync(installedFile)) return false;
  const installed = packagesIn(installedFile);
  return Object.entries(packagesIn(lockFile)).every(([path, wanted]) => {
    if (path === '' || !path.startsWith('node_modules/')) return true;
    const present = installed[path];
    return present ? present.version === wanted.version : wanted.optional || wanted.devOptional;
  });
}

/** On a Node that is too old, the same script is run by the one that we develop on, as npm carries it. */
function goOnWithSupportedNode() {
  const program = supportedNode();
  if (program === process.execPath) return;
  console.error(
    `Node ${process.versions.node} is too old: it goes on with Node ${DEVELOPED_ON} from npm. Install Node ${OLDEST} or newer.`,
  );
  const { status } = spawnSync(program, process.argv.slice(1), {
    stdio: 'inherit',
    env: withNode(program),
  });
  process.exit(status ?? 1);
}

function install() {
  console.log('Installing dependencies …');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) fail(`npm could not be run (${error.message}): it comes with Node; put it on the PATH.`);
  if (status !== 0) fail('The dependencies could not be installed: see what npm says above, then try again.');
}

/**
 * Sees to the version of Node, and installs the dependencies if some are missing or have another version than the lock
 * file says.
 */
export function ensureInstalled() {
  if (process.platform === 'win32') fail('On Windows, run this inside the Windows Subsystem for Linux.');
  goOnWithSupportedNode();
  if (isInstalled()) return;
  const release = acquireLock(root, 'installing');
  // `fail` ends the process without coming back here.
  process.once('exit', release);
  if (!isInstalled()) install();
  release();
  process.off('exit', release);
}
