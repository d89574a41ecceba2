import { NativeConnection } from '@temporalio/worker';
import { ConfigError } from '../config/environment';
import { loadConfig } from '../config/config';
import { createLog } from '../log';
import { connectTemporalLazily } from '../temporal/connect';
import { bundleFor } from '../temporal/data-converter';
import { ensureReconciliation, ensureRetention } from '../temporal/schedules';
import { logTemporalTo } from '../temporal/sdk-log';
import { createWorkerHttp } from './http-server';
import { createWorkerMetrics } from './metrics';
import { createWorker, createWorkerParts, createWorkerRelay, type Workers } from './worker';

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog('worker', config.logLevel);
  const { workerHttp } = config;
  if (config.mailServer === null) log.warn('SMTP_URL is not set: nobody is sent a mail');
  const sdkMetrics = workerHttp === null ? undefined : `127.0.0.1:${workerHttp.port + 1}`;
  logTemporalTo(log, sdkMetrics);
  const tracing = config.tracing
    ? (await import('../tracing/start.js')).traced('session-payments-worker')
    : null;
  const parts = createWorkerParts(config, log);
  const metrics = workerHttp === null ? undefined : createWorkerMetrics(parts);
  const running: { worker: Workers | null } = { worker: null };
  const http =
    metrics === undefined || workerHttp === null
      ? undefined
      : createWorkerHttp({
          registry: metrics.registry,
          sdkMetricsUrl: `http://${sdkMetrics}/metrics`,
          state: () => running.worker?.getState() ?? null,
        }).listen(workerHttp.port, workerHttp.host);
  http?.on('error', (error: NodeJS.ErrnoException) => {
    const why = error.code ?? error.message;
    process.stderr.write(`The worker cannot listen at WORKER_HTTP_PORT ${workerHttp?.port}: ${why}.\n`);
    process.exit(1);
  });
  const client = connectTemporalLazily(config.temporal, tracing?.calls ?? []);
  // The relay starts first: it works, and waits, through an outage of Temporal.
  const relay = createWorkerRelay(config, parts, client, log, metrics);
  const connection = await NativeConnection.connect(config.temporal.connection);
  const workflowBundle = { codePath: bundleFor(config.temporal, config.workflowBundle) };
  const worker = await createWorker(
    connection,
    config,
    { workflowBundle, activities: parts.activities },
    metrics,
    tracing?.activities,
  );
  running.worker = worker;
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
  await tracing?.stop();
  http?.close();
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof ConfigError ? `${message}\n` : `The worker stopped: ${message}\n`);
  process.exit(1);
});
