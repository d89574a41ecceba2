import { NativeConnection } from '@temporalio/worker';
import { ConfigError } from '../config/environment';
import { loadConfig } from '../config/config';
import { createLog } from '../log';
import { connectTemporalLazily } from '../temporal/connect';
import { bundleFor } from '../temporal/data-converter';
import { ensureReconciliation, ensureRetention } from '../temporal/schedules';
import { logTemporalTo } from '../temporal/sdk-log';
import { createWorker, createWorkerParts, createWorkerRelay } from './worker';

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog('worker', config.logLevel);
  logTemporalTo(log);
  const parts = createWorkerParts(config, log);
  const client = connectTemporalLazily(config.temporal);
  // The relay starts first: it works, and waits, through an outage of Temporal.
  const relay = createWorkerRelay(config, parts, client, log);
  const connection = await NativeConnection.connect(config.temporal.connection);
  const worker = await createWorker(connection, config, {
    workflowBundle: { codePath: bundleFor(config.temporal, config.workflowBundle) },
    activities: parts.activities,
  });
  const { taskQueue } = config.temporal;
  await ensureReconciliation(client, { taskQueue, everyMinutes: config.reconcileMinutes });
  await ensureRetention(client, { taskQueue, everyMinutes: config.retentionMinutes });
  log.info({ taskQueue }, 'The worker is ready');
  // Temporal's runtime ends `run()` on SIGINT and SIGTERM, after the tasks under way.
  await worker.run();
  await relay.stop();
  await connection.close();
  await client.connection.close();
  await parts.db.$disconnect();
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof ConfigError ? `${message}\n` : `The worker stopped: ${message}\n`);
  process.exit(1);
});
