import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LocalError } from '../process/local-error';
import type { PostgresBinaries } from './binaries';

/** Whom Postgres runs as. It refuses to run as root, so root hands it to a user of that name. */
export interface PostgresUser {
  uid: number;
  gid: number;
}

const USER_NAME = 'postgres';
/** Where the user can always go, for what lies in folders that it cannot enter. */
const SYSTEM_FOLDER = '/var/lib/session-payments';
const OTHERS_MAY_ENTER = 0o001;
const GROUP_MAY_ENTER = 0o010;

function idOf(flag: '-u' | '-g'): number | undefined {
  try {
    return Number(
      execFileSync('id', [flag, USER_NAME], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined;
  }
}

/**
 * The user to run Postgres as; `undefined` when we are not root ourselves. Root without such a user gets one.
 * @throws LocalError if it cannot be created
 */
export function postgresUser(): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (idOf('-u') === undefined) {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', USER_NAME], {
        stdio: 'ignore',
      });
    } catch {
      throw new LocalError(
        'Postgres does not run as root and a user "postgres" could not be created: run as an ordinary user, create ' +
          'that user, or point DATABASE_URL at a running server.',
      );
    }
  }
  return { uid: idOf('-u') as number, gid: idOf('-g') as number };
}

/** Whether the user may pass through every folder above the path. */
function canReach(path: string, { uid, gid }: PostgresUser): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid: owner, gid: group } = statSync(folder);
      const mayEnter =
        (mode & OTHERS_MAY_ENTER) !== 0 || owner === uid || (group === gid && (mode & GROUP_MAY_ENTER) !== 0);
      if (!mayEnter) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/**
 * The wanted data folder, or one where the user can go: a clone in /root is closed to it. A file beside the wanted folder
 * then says where, so that whoever deletes the one starts with an empty other.
 */
export function reachableDataFolder(wanted: string, user: PostgresUser | undefined): string {
  if (!user || canReach(wanted, user)) return wanted;
  const signpost = `${wanted}-is-in`;
  if (existsSync(signpost)) return readFileSync(signpost, 'utf8').trim();
  const elsewhere = join(SYSTEM_FOLDER, `data-${randomBytes(8).toString('hex')}`);
  mkdirSync(dirname(wanted), { recursive: true });
  writeFileSync(signpost, `${elsewhere}\n`);
  return elsewhere;
}

/** The same binaries, copied to where the user can go if need be. */
export function reachableBinaries(
  binaries: PostgresBinaries,
  user: PostgresUser | undefined,
): PostgresBinaries {
  if (!user || canReach(binaries.postgres, user)) return binaries;
  const home = join(SYSTEM_FOLDER, `postgres-${binaries.major}`);
  if (!existsSync(home)) {
    // Copied aside and moved into place, so that a half copy is never taken for a whole one.
    const aside = `${home}.${process.pid}`;
    mkdirSync(SYSTEM_FOLDER, { recursive: true });
    chmodSync(SYSTEM_FOLDER, 0o755);
    cpSync(binaries.home, aside, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(aside, home);
    } catch (error) {
      rmSync(aside, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    }
  }
  return { ...binaries, home, initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres') };
}

/** Makes the folder, with every missing one above it, and hands it to the user. Postgres wants it closed to others. */
export function makeDataFolder(folder: string, user: PostgresUser | undefined): void {
  const firstMade = mkdirSync(folder, { recursive: true });
  if (!user) return;
  if (firstMade !== undefined) {
    for (let made = dirname(folder); made.startsWith(firstMade); made = dirname(made)) chmodSync(made, 0o711);
  }
  chmodSync(folder, 0o700);
  chownSync(folder, user.uid, user.gid);
}
