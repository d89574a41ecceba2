import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// No dependencies here: this runs before they are installed.

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const lockFile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
/** npm writes this one at the end of every installation. */
const installedFile = join(modules, '.package-lock.json');
/** Ours: which lock file was installed last. A checkout may touch the lock file without changing it. */
const hashFile = join(modules, '.session-payments-lock');

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

function isInstalled() {
  if (!existsSync(installedFile)) return false;
  if (statSync(installedFile).mtimeMs >= statSync(lockFile).mtimeMs) return true;
  return existsSync(hashFile) && readFileSync(hashFile, 'utf8') === lockHash();
}

function checkNode() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [major, minor] = /(\d+)\.(\d+)/.exec(engines.node).slice(1).map(Number);
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return;
  fail(
    `This needs Node ${major}.${minor} or later, and you run ${process.versions.node}: install a newer one.`,
  );
}

/** Held by whoever installs: two installations at once would remove each other's files. */
const lockOfInstallation = join(root, '.installing');
const LOOK_AGAIN_MS = 500;

function holdsLock() {
  try {
    writeFileSync(lockOfInstallation, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function removeLockOfTheDead() {
  try {
    process.kill(Number(readFileSync(lockOfInstallation, 'utf8')), 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lockOfInstallation, { force: true });
  }
}

/** Checks the version of Node, and installs the dependencies if they are missing or older than the lock file. */
export function ensureInstalled() {
  if (process.platform === 'win32') fail('On Windows, run this inside the Windows Subsystem for Linux.');
  checkNode();
  while (!isInstalled()) {
    if (holdsLock()) {
      try {
        install();
      } finally {
        rmSync(lockOfInstallation, { force: true });
      }
      return;
    }
    removeLockOfTheDead();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
  }
}

function install() {
  console.log('Installing dependencies …');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error) fail(`npm could not be run (${error.message}): it comes with Node; put it on the PATH.`);
  if (status !== 0) fail('The dependencies could not be installed: see what npm says above, then try again.');
  writeFileSync(hashFile, lockHash());
}
