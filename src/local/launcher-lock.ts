import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from './data-folder';
import { LocalError } from './tools/local-error';
import { identify, isRunning, type ProcessIdentity } from './tools/process-identity';

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isRunning(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One `npm start` per data folder at a time. A launcher that was killed holds nothing: its process is gone.
 * @returns what gives the folder free again
 * @throws LocalError if another one runs
 */
export function lockDataFolder(folder: DataFolder): () => void {
  const file = folder.launcher;
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      try {
        // Linking is the atomic 'create unless it is there', with the content already complete.
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = holderOf(file);
        if (holder) {
          throw new LocalError(
            `Session Payments already runs from ${folder.path} (process ${holder.pid}): stop that one first, or set ` +
              'SESSION_DATA_DIR and the ports to run a second copy.',
          );
        }
        rmSync(file, { force: true });
      }
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
