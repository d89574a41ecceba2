import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// No dependencies here: this runs before they are installed.

const LOOK_AGAIN_MS = 200;

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Whether there is a process with this number, ours or another user's. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holderLives(file) {
  try {
    return isAlive(Number(readFileSync(file, 'utf8')));
  } catch {
    // Given free between the look and the read.
    return false;
  }
}

/**
 * Waits until no other process does the same work in this clone: two that install or compile at once would remove each
 * other's files. Whoever held it and died holds nothing.
 * @returns what gives it free again
 */
export function acquireLock(root, work) {
  const clone = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `session-payments-${clone}.${work}`);
  while (!take(file)) {
    if (holderLives(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
    else rmSync(file, { force: true });
  }
  return () => rmSync(file, { force: true });
}
