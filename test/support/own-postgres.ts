import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../src/local/process/ports';
import { migrate } from '../../src/local/postgres/migrate';
import { findPostgresBinaries } from '../../src/local/postgres/binaries';
import { ensureDatabase, query, startPostgres, STOP_POSTGRES } from '../../src/local/postgres/server';
import { postgresUser, reachableBinaries } from '../../src/local/postgres/user';
import { startUntilReady } from '../../src/local/process/ready-child';
import { ProcessRecord } from '../../src/local/process/record';
import { STACK_PREFIX } from '../harness/run';
import { provided } from '../harness/variables';

export type OwnPostgres = Awaited<ReturnType<typeof startOwnPostgres>>;

/** A server of Postgres that a test may stop, freeze and start again: nobody else is on it. */
export async function startOwnPostgres(...settings: string[]) {
  const folder = join(provided('folder'), `${STACK_PREFIX}${randomBytes(6).toString('hex')}`);
  const port = await freePort();
  const record = new ProcessRecord(join(folder, 'processes.json'));
  const start = (...more: string[]) =>
    startPostgres({
      dataFolder: join(folder, 'postgres'),
      port,
      password: 'test',
      logFile: join(folder, 'postgres.log'),
      settings: ['fsync=off', ...settings, ...more],
      onSpawn: (child) => record.put('postgres', child.identity),
    });
  let server = await start();
  await ensureDatabase(server, 'session');
  const url = server.url('session');
  await migrate(url);
  /** The postmaster and every backend: a frozen machine. */
  const processes = () => {
    const pid = server.child.identity.pid;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/);
    return [pid, ...children.filter(Boolean).map(Number)];
  };
  const signal = (name: NodeJS.Signals) => {
    for (const pid of processes()) process.kill(pid, name);
  };

  /** A standby that nobody may read yet: it is starting until it is stopped, and says so (57P03). */
  const startUnready = async () => {
    const user = postgresUser();
    const { postgres: command } = reachableBinaries(findPostgresBinaries(), user);
    const standby = join(server.dataFolder, 'standby.signal');
    writeFileSync(standby, '');
    const options = ['hot_standby=off', 'restore_command=false', 'listen_addresses=127.0.0.1'];
    const child = await startUntilReady(
      {
        name: 'Postgres',
        command,
        args: ['-D', server.dataFolder, '-p', String(port), '-k', '', ...options.flatMap((o) => ['-c', o])],
        cwd: '/',
        logFile: join(folder, 'postgres.log'),
        onSpawn: ({ identity }) => record.put('postgres', identity),
        ...user,
      },
      () =>
        query(url, 'SELECT 1').then(
          () => true,
          (error: { code?: string }) => error.code === '57P03',
        ),
    );
    return async () => {
      await child.stop(STOP_POSTGRES);
      rmSync(standby);
    };
  };
  return {
    url,
    startUnready,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: () => server.stop(),
    async start(...more: string[]) {
      server = await start(...more);
    },
    /** One statement of the superuser's, on a connection of its own. */
    sql: (text: string) => query(url, text),
  };
}
