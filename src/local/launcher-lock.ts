import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from './data-folder';
import { LocalError } from './process/local-error';
import { identify, isRunning, type ProcessIdentity } from './process/identity';
import { stopProcess } from './process/stop';

/** Who holds a data folder. */
interface Holder extends ProcessIdentity {
  /** The npm that started it, if npm did. A launcher whose npm was killed is ending, or about to. */
  npm?: ProcessIdentity | undefined;
}

/** Longer than a launcher needs to stop everything. */
const END_GRACE_MS = 60_000;
const LOOK_AT_NPM_EVERY_MS = 500;

function npmAboveUs(): ProcessIdentity | undefined {
  return process.env['npm_lifecycle_event'] === undefined ? undefined : identify(process.ppid);
}

function holderOf(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder;
    return isRunning(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One `npm start` per data folder at a time. A launcher that was killed holds nothing: its process is gone. One whose npm
 * was killed is asked to end, and waited for.
 * @returns what gives the folder free again
 * @throws LocalError if another one runs
 */
export async function lockDataFolder(folder: DataFolder): Promise<() => void> {
  const file = folder.launcher;
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ ...identify(process.pid), npm: npmAboveUs() }), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // Linking is the atomic 'create unless it is there', with the content already complete.
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        await endOrRefuse(holderOf(file), folder);
        rmSync(file, { force: true });
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

async function endOrRefuse(holder: Holder | undefined, folder: DataFolder): Promise<void> {
  if (!holder) return;
  if (holder.npm && !isRunning(holder.npm)) {
    await stopProcess(holder, { graceMs: END_GRACE_MS });
    return;
  }
  throw new LocalError(
    `Session Payments already runs from ${folder.path} (process ${holder.pid}): stop that one first, or set ` +
      'SESSION_DATA_DIR and the ports to run a second copy.',
  );
}

/** Resolves when the npm that started us is gone: whoever killed it meant all of it. Never, if npm did not. */
export function npmGone(): Promise<void> {
  const npm = process.ppid;
  if (npmAboveUs() === undefined) return new Promise(() => {});
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (process.ppid === npm) return;
      clearInterval(look);
      resolve();
    }, LOOK_AT_NPM_EVERY_MS);
    look.unref();
  });
}
