import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Child } from '../../src/local/process/child-process';
import { freePorts } from '../../src/local/process/ports';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { startUntilReady } from '../../src/local/process/ready-child';
import { migrate } from '../../src/local/postgres/migrate';
import { ensureDatabase, startPostgres } from '../../src/local/postgres/server';
import { currentRun } from '../harness/run';
import { VARIABLES } from '../harness/variables';
import { rounded } from './measured';
import { cpuOf } from './load/load';

/** A server that is measured. */
export interface Server {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

const SECRET = 'whsec_of_the_bench_0123456789';
const DATABASE = 'bench';
/** `BENCH_PROFILE=folder`: a CPU profile of each server that ends by itself. https://nodejs.org/api/cli.html#--cpu-prof */
const PROFILE = [process.env['BENCH_PROFILE'] ?? []]
  .flat()
  .flatMap((folder) => ['--cpu-prof', `--cpu-prof-dir=${folder}`]);
const ENCRYPTION_KEY = randomBytes(32).toString('base64');

/**
 * A Postgres that survives a crash of the machine, as in production, with one database for both sides: what one writes
 * the other's checkpoint pays for, and so they take turns.
 */
export async function startDatabase() {
  const { folder, record } = await currentRun();
  const [port = 0] = await freePorts(1);
  const logFile = join(folder, `postgres-bench-${port}.log`);
  const postgres = await startPostgres({
    dataFolder: join(folder, `postgres-bench-${port}`),
    port,
    password: 'bench',
    logFile,
    settings: ['jit=off', 'max_connections=100', 'shared_buffers=256MB', 'max_wal_size=4GB'],
  });
  record.put(`postgres-bench-${port}`, postgres.child.identity);
  await ensureDatabase(postgres, DATABASE);
  const url = postgres.url(DATABASE);
  await migrate(url);
  const sql = new Client({ connectionString: url });
  // The end of a run that failed is not another failure.
  sql.on('error', () => undefined);
  await sql.connect();
  return {
    url,
    sql,
    logFile,
    secret: SECRET,
    async stop() {
      await sql.end();
      await postgres.stop();
    },
  };
}

export type Database = Awaited<ReturnType<typeof startDatabase>>;

const answersAt = (path: string) => async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  await answer.body?.cancel();
  return answer.ok;
};

async function startServer(
  name: string,
  script: string,
  envOf: (port: number) => Record<string, string>,
  isUp: (port: number, child: Child) => Promise<boolean>,
  cwd: string = PROJECT_ROOT,
): Promise<Server> {
  const { folder, record } = await currentRun();
  const [port = 0] = await freePorts(1);
  const child: Child = await startUntilReady(
    {
      name,
      command: process.execPath,
      args: [...PROFILE, script],
      cwd,
      env: { PATH: process.env['PATH'], ...envOf(port) },
      logFile: join(folder, `${name}-${port}.log`),
    },
    (started) => isUp(port, started),
  );
  record.put(`${name}-${port}`, child.identity);
  return { port, pid: child.identity.pid, stop: () => child.stop() };
}

/** What the product is told. */
const variables = (
  { url, secret }: Pick<Database, 'url' | 'secret'>,
  port: number,
): Record<string, string> => ({
  NODE_ENV: 'production',
  DATABASE_URL: url,
  API_PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  // Nobody is there: what the API is measured at never needs Temporal or Stripe.
  TEMPORAL_ADDRESS: process.env[VARIABLES.temporal] ?? '127.0.0.1:1',
  STRIPE_API_BASE: 'http://127.0.0.1:1',
  PLATFORM_KEY: 'platform-key-of-the-bench-0123456789',
  ENCRYPTION_KEY,
  STRIPE_TEST_SECRET_KEY: 'sk_test_bench',
  STRIPE_TEST_CLIENT_ID: 'ca_bench',
  STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: `${secret}_platform`,
  STRIPE_TEST_CONNECT_WEBHOOK_SECRET: secret,
  // So wide that they are counted and never met.
  RATE_LIMITS: 'key=100000000/60,coach=100000000/60',
});

/** The API as it was built. @param root the folder that it was built in, or was copied to */
export const startOurs = (
  database: Pick<Database, 'url' | 'secret'>,
  root: string = PROJECT_ROOT,
): Promise<Server> =>
  startServer(
    'api',
    join(root, 'dist', 'api', 'main.js'),
    (port) => variables(database, port),
    answersAt('/healthz'),
    root,
  );

/** The worker as it was built, with its relay. @param root as that of the API */
export const startWorker = (
  database: Pick<Database, 'url' | 'secret'>,
  root: string = PROJECT_ROOT,
): Promise<Server> =>
  startServer(
    'worker',
    join(root, 'dist', 'worker', 'main.js'),
    (port) => ({ ...variables(database, port), TEMPORAL_TASK_QUEUE: `bench-${port}` }),
    (_port, child) => Promise.resolve(readFileSync(child.logFile, 'utf8').includes('The worker is ready')),
    root,
  );

const startOther =
  (name: string, script: string) =>
  ({ url, secret }: Pick<Database, 'url' | 'secret'>): Promise<Server> =>
    startServer(
      name,
      join(__dirname, 'bare', script),
      (port) => ({ NODE_ENV: 'production', DATABASE_URL: url, PORT: String(port), SECRET: secret }),
      answersAt('/healthz'),
    );

/** The same work without this product, in a process of its own. */
export const startBare = startOther('bare', 'server.mjs');

/** What one would take instead of it, as far as webhooks go. */
export const startSyncEngine = startOther('sync-engine', 'sync-engine.mjs');

/** Milliseconds of CPU that a server takes for each of what it is asked meanwhile. */
export async function withCpu<T extends { answered: number }>(
  { pid }: Server,
  work: () => Promise<T>,
): Promise<T & { cpu: number }> {
  const before = cpuOf(pid);
  const result = await work();
  const after = cpuOf(pid);
  const cpu = before === null || after === null ? NaN : (after - before) / result.answered;
  return { ...result, cpu: rounded(cpu) };
}
