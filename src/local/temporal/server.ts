import { chmodSync, existsSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import type { Child, ChildSpec } from '../process/child-process';
import { startUntilReady } from '../process/ready-child';
import { missingSearchAttributes, SEARCH_ATTRIBUTES } from '../../temporal/namespace';
import { DYNAMIC_CONFIG, RETENTION_DAYS } from './settings';

export interface TemporalServerOptions {
  /** The Temporal CLI, see `findTemporalCli`. */
  cli: string;
  port: number;
  /** Port of the Web UI; no Web UI if absent. */
  uiPort?: number;
  /** Where everything is kept; only in memory if absent. */
  databaseFile?: string;
  /** Settings of that database, as `name=value`; the server's own if absent. */
  sqlitePragmas?: readonly string[];
  logFile: string;
  /** The whole environment of the server; ours if absent. */
  env?: NodeJS.ProcessEnv;
  onSpawn?: ChildSpec['onSpawn'];
}

export interface RunningTemporal {
  child: Child;
  address: string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const NAMESPACE = 'default';
const CONNECT_TIMEOUT_MS = 2_000;

function commandLine({ port, uiPort, databaseFile, sqlitePragmas = [] }: TemporalServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', HOST, '--port', String(port), '--log-level', 'warn'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(databaseFile === undefined ? [] : ['--db-filename', databaseFile]),
    ...sqlitePragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
    ...SEARCH_ATTRIBUTES.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** The server is ready when the namespace answers and knows our search attributes. */
async function prepareNamespace(address: string): Promise<true> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    const missing = await missingSearchAttributes(connection, NAMESPACE);
    if (missing.length > 0) throw new Error(`search attributes ${missing.join(', ')} are missing`);
    await connection.workflowService.updateNamespace({
      namespace: NAMESPACE,
      config: { workflowExecutionRetentionTtl: msToTs(`${RETENTION_DAYS} days`) },
    });
    return true;
  } finally {
    await connection.close();
  }
}

/** Histories are nobody else's business; an earlier version of us left them readable. */
function closeToOthers(databaseFile: string | undefined): void {
  if (databaseFile === undefined) return;
  for (const file of [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`])
    if (existsSync(file)) chmodSync(file, 0o600);
}

/**
 * Starts Temporal's development server on the loopback interface, with our search attributes, closed runs kept for 30
 * days, and the settings that take its artificial latency out; waits until it can be used.
 * @throws LocalError with the reason when it does not come up
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<RunningTemporal> {
  const address = `${HOST}:${options.port}`;
  closeToOthers(options.databaseFile);
  const child = await startUntilReady(
    {
      name: 'Temporal',
      command: options.cli,
      args: commandLine(options),
      logFile: options.logFile,
      isPrivate: true,
      onSpawn: options.onSpawn,
      ...(options.env ? { env: options.env } : {}),
    },
    () => prepareNamespace(address),
  );
  return { child, address, stop: () => child.stop() };
}
