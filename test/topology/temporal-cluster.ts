import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import type { Child } from '../../src/local/process/child-process';
import { freePorts } from '../../src/local/process/ports';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { startUntilReady } from '../../src/local/process/ready-child';
import type { Progress } from '../../src/local/temporal/go-install';
import { RETENTION_DAYS } from '../../src/local/temporal/settings';
import { eventually } from '../support/eventually';
import { findTemporalPrograms } from './temporal-programs';

const HOST = '127.0.0.1';
const NAMESPACE = 'default';
/** The variables of the server's own configuration, each with a port for it. */
const PORTS = [
  ...['FRONTEND', 'HISTORY', 'MATCHING', 'WORKER'].flatMap((service) => [
    `${service}_GRPC_PORT`,
    `${service}_MEMBERSHIP_PORT`,
  ]),
  'FRONTEND_HTTP_PORT',
];
/** Each database with the schema that the tool carries. */
const DATABASES = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' };

export interface TemporalCluster {
  address: string;
  version: string;
  shards: number;
  child: Child;
}

/**
 * Temporal as docker-compose.yml runs it, without containers: the server's four services in one process, configured by the
 * same variables, on databases that the schema tool has made.
 * @param postgresUrl of a user who may create databases
 */
export async function startTemporalCluster(
  { postgresUrl, folder, shards }: { postgresUrl: string; folder: string; shards: number },
  { progress, onSpawn }: { progress: Progress; onSpawn: (child: Child) => void },
): Promise<TemporalCluster> {
  const programs = await findTemporalPrograms(progress);
  const { hostname, port, username, password } = new URL(postgresUrl);
  await makeSchemas(programs.sqlTool, {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: hostname,
    SQL_PORT: port,
    SQL_USER: username,
    SQL_PASSWORD: decodeURIComponent(password),
  });

  const numbers = await freePorts(PORTS.length);
  const ports = Object.fromEntries(PORTS.map((name, index) => [name, String(numbers[index])]));
  const address = `${HOST}:${ports['FRONTEND_GRPC_PORT']}`;
  const child = await startUntilReady(
    {
      name: 'Temporal',
      command: programs.server,
      args: ['--allow-no-auth', 'start'],
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        DB: 'postgres12',
        DB_PORT: port,
        POSTGRES_SEEDS: hostname,
        POSTGRES_USER: username,
        POSTGRES_PWD: decodeURIComponent(password),
        NUM_HISTORY_SHARDS: String(shards),
        BIND_ON_IP: HOST,
        LOG_LEVEL: 'warn',
        DYNAMIC_CONFIG_FILE_PATH: join(PROJECT_ROOT, 'docker', 'temporal-dynamic-config.yml'),
        ...ports,
      },
      logFile: join(folder, 'temporal-server.log'),
      onSpawn,
    },
    () => answers(address),
  );
  const version = await makeNamespace(address);
  return { address, version, shards, child };
}

/** The job `temporal-schema` of docker-compose.yml. */
async function makeSchemas(sqlTool: string, env: Record<string, string>): Promise<void> {
  const run = promisify(execFile);
  for (const [database, schema] of Object.entries(DATABASES))
    for (const command of [
      ['create'],
      ['setup-schema', '-v', '0.0'],
      ['update-schema', '--schema-name', schema],
    ])
      await run(sqlTool, ['--db', database, ...command], { env: { PATH: process.env['PATH'], ...env } });
}

async function connected<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 2000 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

const answers = (address: string) =>
  connected(address, async (connection) => {
    await connection.workflowService.getClusterInfo({});
    return true;
  });

/** The job `temporal-namespace`; it is there for every service within seconds. */
const makeNamespace = (address: string) =>
  connected(address, async ({ workflowService }) => {
    await workflowService.registerNamespace({
      namespace: NAMESPACE,
      workflowExecutionRetentionPeriod: msToTs(`${RETENTION_DAYS} days`),
    });
    await eventually('the namespace', () =>
      workflowService.countWorkflowExecutions({ namespace: NAMESPACE }).then(() => true),
    );
    return (await workflowService.getClusterInfo({})).serverVersion ?? 'unknown';
  });
