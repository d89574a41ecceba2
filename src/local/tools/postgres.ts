import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chownSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { describeExit, lastLines, startChild, type Child } from './child-process';
import { LocalError } from './local-error';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries';
import {
  makeDataFolder,
  postgresUser,
  reachableBinaries,
  reachableDataFolder,
  type PostgresUser,
} from './postgres-user';
import { identify } from './process-identity';
import { stopProcess } from './stop-process';
import { waitFor } from './wait';

export interface PostgresOptions {
  /** Where the cluster lives; made and initialised on the first start. */
  dataFolder: string;
  port: number;
  /** Of the superuser `postgres`; set on the first start and the same ever after. */
  password: string;
  logFile: string;
  /** Further `name=value` settings of the server. */
  settings?: string[];
}

export interface RunningPostgres {
  child: Child;
  /** Where the cluster lives in fact. */
  dataFolder: string;
  /** The address of a database of this cluster, whether or not it exists. */
  url(database: string): string;
  stop(): Promise<void>;
}

const SUPERUSER = 'postgres';
const HOST = '127.0.0.1';
const READY_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 20_000;
/** 'Now, but cleanly': open connections are closed, nothing is lost. */
const FAST_SHUTDOWN = 'SIGINT';

const run = promisify(execFile);

async function initialise(
  binaries: PostgresBinaries,
  dataFolder: string,
  password: string,
  user: PostgresUser | undefined,
): Promise<void> {
  makeDataFolder(dataFolder, user);
  const secretFolder = mkdtempSync(join(tmpdir(), 'session-postgres-'));
  const passwordFile = join(secretFolder, 'password');
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user) {
      chmodSync(secretFolder, 0o711);
      chownSync(passwordFile, user.uid, user.gid);
    }
    const args = [
      `--pgdata=${dataFolder}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
    ];
    await run(binaries.initdb, args, { cwd: '/', ...user });
  } catch (error) {
    // A half-made cluster would be taken for a whole one the next time.
    rmSync(dataFolder, { recursive: true, force: true });
    const reason = (error as { stderr?: string }).stderr?.trim() || String(error);
    throw new LocalError(`Postgres could not create its data in ${dataFolder}: ${reason}`);
  } finally {
    rmSync(secretFolder, { recursive: true, force: true });
  }
}

/**
 * Ends a server that outlived an earlier run on this folder, and removes a lock that names a process which is not it:
 * Postgres refuses to start while the number in its lock belongs to anybody.
 */
async function stopSurvivor(dataFolder: string): Promise<void> {
  const lock = join(dataFolder, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const survivor = identify(Number(readFileSync(lock, 'utf8').split('\n')[0]));
  if (survivor && survivor.command.includes(` -D ${dataFolder} `)) {
    await stopProcess(survivor, { signal: FAST_SHUTDOWN, graceMs: STOP_GRACE_MS });
  }
  rmSync(lock, { force: true });
}

function checkVersion(dataFolder: string, { major }: PostgresBinaries): void {
  const made = readFileSync(join(dataFolder, 'PG_VERSION'), 'utf8').trim();
  if (made === major) return;
  throw new LocalError(
    `The data in ${dataFolder} was made by Postgres ${made}, but the one found here is ${major}: install that ` +
      'version, or move the folder away to start with an empty one.',
  );
}

/**
 * Starts a Postgres of our own on the loopback interface and waits until it answers. The data folder is initialised
 * when it is empty, and a server left over from a killed run is stopped first.
 * @throws LocalError with the reason when it does not come up
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const user = postgresUser();
  const binaries = reachableBinaries(findPostgresBinaries(), user);
  const dataFolder = reachableDataFolder(options.dataFolder, user);
  if (!existsSync(join(dataFolder, 'PG_VERSION'))) {
    await initialise(binaries, dataFolder, options.password, user);
  }
  checkVersion(dataFolder, binaries);
  await stopSurvivor(dataFolder);

  const settings = [`listen_addresses=${HOST}`, 'unix_socket_directories=', ...(options.settings ?? [])];
  const child = await startChild({
    name: 'Postgres',
    command: binaries.postgres,
    args: ['-D', dataFolder, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: '/',
    logFile: options.logFile,
    ...user,
  });
  const url = (database: string): string =>
    `postgresql://${SUPERUSER}:${encodeURIComponent(options.password)}@${HOST}:${options.port}/${database}`;
  const stop = (): Promise<void> => child.stop({ signal: FAST_SHUTDOWN, graceMs: STOP_GRACE_MS });
  try {
    await waitFor('Postgres', () => child.exitReason() !== undefined || answers(url('postgres')), {
      deadlineMs: READY_DEADLINE_MS,
    });
  } catch (error) {
    await stop();
    throw new LocalError(`Postgres did not answer on port ${options.port}: ${describeCause(error)}.`);
  }
  const exit = child.exitReason();
  if (exit) {
    throw new LocalError(`Postgres ended with ${describeExit(exit)}:\n${lastLines(options.logFile)}`);
  }
  return { child, dataFolder, url, stop };
}

function describeCause(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

async function answers(url: string): Promise<boolean> {
  await query(url, 'SELECT 1');
  return true;
}

/** One statement on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that goes away while we talk to it also fails the call below, which says so.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

/** Creates the database unless it is there. */
export async function ensureDatabase(server: Pick<RunningPostgres, 'url'>, name: string): Promise<void> {
  const rows = await query(server.url('postgres'), `SELECT 1 FROM pg_database WHERE datname = '${name}'`);
  if (rows.length === 0) await query(server.url('postgres'), `CREATE DATABASE "${name}"`);
}
