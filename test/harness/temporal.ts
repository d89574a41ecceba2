import { Client, Connection } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Log } from '../../src/log';
import { writeTo } from '../../src/temporal/sdk-log';
import { provided } from './variables';

/** Whom the SDK tells all; null: nobody, and its warnings go to standard error. */
let told: Log | null = null;
let isInstalled = false;

/** Has the SDK write all that it says, warnings or not, to a log of the test's, as it does to the product's; null: no longer. */
export function logSdkTo(log: Log | null): void {
  told = log;
  installRuntime();
}

/**
 * The SDK logs every worker's start and stop; in tests only warnings and errors are of interest. Its native part would
 * write to standard output, which belongs to reports. The files of a share have one runtime together.
 */
function installRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  const warnings = new DefaultLogger('WARN');
  Runtime.install({
    logger: new DefaultLogger('INFO', (entry) =>
      told === null ? warnings.log(entry.level, entry.message, entry.meta) : writeTo(told, entry),
    ),
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} } },
  });
}

/** The SDK gives a server five seconds to come up, which a busy machine may need for Java alone. */
async function startPatiently<T>(start: () => Promise<T>, tries = 5): Promise<T> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      tries -= 1;
      if (tries === 0 || !String(error).includes('did not start within')) throw error;
    }
  }
}

/**
 * A server of its own on which waiting takes no time; call `teardown()` on it. Time does not skip while a client awaits
 * an update (sdk-typescript #1549): move it with `env.sleep`. Schedules, list and count do not exist there.
 */
export async function createTimeSkippingEnv(): Promise<TestWorkflowEnvironment> {
  installRuntime();
  const executable = { type: 'existing-path' as const, path: provided('timeSkippingServer') };
  return startPatiently(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }));
}

export interface DevServer {
  address: string;
  namespace: string;
  client: Client;
  /** For workers in this process. */
  nativeConnection: NativeConnection;
  /** Closes this file's connections; the server is the whole run's. */
  close(): Promise<void>;
}

/** Connects to the run's real Temporal server. Test files share it: use ids and task queues that nobody else uses. */
export async function getDevServer(): Promise<DevServer> {
  installRuntime();
  const address = provided('temporal');
  const connection = await Connection.connect({ address });
  const nativeConnection = await NativeConnection.connect({ address });
  return {
    address,
    namespace: 'default',
    client: new Client({ connection }),
    nativeConnection,
    close: async () => {
      await connection.close();
      await nativeConnection.close();
    },
  };
}
