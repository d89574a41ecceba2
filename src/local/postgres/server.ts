import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, chownSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Child, ChildSpec } from '../process/child-process';
import { LocalError } from '../process/local-error';
import { findPostgresBinaries, type PostgresBinaries } from './binaries';
import {
  makeDataFolder,
  postgresUser,
  reachableBinaries,
  reachableDataFolder,
  type PostgresUser,
} from './user';
import { stopSurvivor } from './lock';
import { startUntilReady } from '../process/ready-child';
import type { StopOptions } from '../process/stop';

export interface PostgresOptions {
  /** Where the cluster lives; made and initialised on the first start. */
  dataFolder: string;
  port: number;
  /** Of the superuser `postgres`; set on the first start and the same ever after. */
  password: string;
  logFile: string;
  /** Further `name=value` settings of the server. */
  settings?: string[];
  onSpawn?: ChildSpec['onSpawn'];
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
/** 'Now, but cleanly': open connections are closed, nothing is lost. */
export const STOP_POSTGRES: StopOptions = { signal: 'SIGINT', graceMs: 20_000 };
const OCCUPIED_DEADLINE_MS = 10_000;
const OCCUPIED_RETRY_MS = 200;

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
  await stopSurvivor(dataFolder, STOP_POSTGRES);

  const url = (database: string): string =>
    `postgresql://${SUPERUSER}:${encodeURIComponent(options.password)}@${HOST}:${options.port}/${database}`;
  const settings = [`listen_addresses=${HOST}`, 'unix_socket_directories=', ...(options.settings ?? [])];
  const spec = {
    name: 'Postgres',
    command: binaries.postgres,
    args: ['-D', dataFolder, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: '/',
    logFile: options.logFile,
    onSpawn: options.onSpawn,
    ...user,
  };
  const child = await retryWhileOccupied(() => startUntilReady(spec, () => answers(url('postgres'))));
  return { child, dataFolder, url, stop: () => child.stop(STOP_POSTGRES) };
}

/** The backends of a killed server notice within moments, and hold its shared memory until then. */
async function retryWhileOccupied(start: () => Promise<Child>): Promise<Child> {
  const giveUpAt = performance.now() + OCCUPIED_DEADLINE_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const occupied = (error as Error).message.includes('shared memory block');
      if (!occupied || performance.now() > giveUpAt) throw error;
      await delay(OCCUPIED_RETRY_MS);
    }
  }
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
