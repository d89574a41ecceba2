import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '../process/identity';
import { stopProcess, type StopOptions } from '../process/stop';
import { waitFor } from '../process/wait';

/** In postmaster.pid, counted from nought: the server's number, and the key and id of its shared memory. */
const LINE_PID = 0;
const LINE_SHARED_MEMORY = 6;
/** Linux lists shared memory here: second column the id, seventh how many processes use it. */
const SHARED_MEMORY_LIST = '/proc/sysvipc/shm';
const COLUMN_ID = 1;
const COLUMN_USERS = 6;
const RELEASE_DEADLINE_MS = 10_000;

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a server, or one of the backends that outlive a killed one for a moment, still uses the memory. */
function isMemoryInUse(id: string | undefined): boolean {
  if (id === undefined || !existsSync(SHARED_MEMORY_LIST)) return false;
  return readFileSync(SHARED_MEMORY_LIST, 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .some((columns) => columns[COLUMN_ID] === id && Number(columns[COLUMN_USERS]) > 0);
}

/**
 * Ends a server that outlived an earlier run on this folder. Postgres refuses to start while the number in its lock
 * belongs to anybody, be it another program that got the number later or a zombie that nobody waits for: such a lock is
 * removed, but not before the memory that it names is free. Any other lock Postgres judges better itself.
 */
export async function stopSurvivor(dataFolder: string, how: StopOptions): Promise<void> {
  const file = join(dataFolder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[LINE_PID]);
  const holder = identify(pid);
  if (holder?.command.includes(` -D ${dataFolder} `)) await stopProcess(holder, how);
  if (!exists(pid)) return;
  const memoryId = lines[LINE_SHARED_MEMORY]?.trim().split(/\s+/)[1];
  await waitFor("release of Postgres' shared memory", () => !isMemoryInUse(memoryId), {
    deadlineMs: RELEASE_DEADLINE_MS,
  });
  rmSync(file, { force: true });
}
