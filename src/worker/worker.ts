import type { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { type Activities, atTemporal, createActivities } from '../activities';
import type { Config } from '../config/config';
import { createDatabase } from '../db/client';
import { createMovableClock, systemClock } from '../db/clock';
import { BACKGROUND_TIMEOUTS_MS } from '../db/pool';
import type { Log } from '../log';
import { createStripeClients } from '../stripe/client';
import { dataConverterFor } from '../temporal/data-converter';
import { createWorkflowClient } from '../temporal/workflow-client';
import { heartbeats } from './heartbeats';
import type { WorkerMetrics } from './metrics';
import { scrubFailures } from './scrub-failures';
import { type Relay, startRelay } from './relay';

/** What the activities of a process are made of. */
export function createWorkerParts(config: Config, log: Log) {
  const { db, pool } = createDatabase(config.databaseUrl, config.databasePoolSize, BACKGROUND_TIMEOUTS_MS);
  const stripe = createStripeClients(config.stripe);
  const clock = config.localClock ? createMovableClock(db) : systemClock;
  const activities = createActivities({
    db,
    stripe,
    clock,
    log,
    publicUrl: config.api.publicUrl,
    encryptionKey: config.encryptionKey,
    retention: config.retention,
  });
  return { db, pool, stripe, activities };
}

/** A Temporal worker with our workflows and activities. The workflow code comes prebuilt. */
export function createWorker(
  connection: NativeConnection,
  config: Config,
  parts: { workflowBundle: WorkflowBundleOption; activities: Activities },
  metrics?: Pick<WorkerMetrics, 'activities'>,
): Promise<Worker> {
  const { deployment } = config.temporal;
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.temporal.taskQueue,
    workflowBundle: parts.workflowBundle,
    activities: atTemporal(parts.activities),
    interceptors: {
      activity: [...(metrics === undefined ? [] : [metrics.activities]), heartbeats, scrubFailures],
    },
    dataConverter: dataConverterFor(config.temporal),
    shutdownGraceTime: '15 seconds',
    ...(deployment === null ? {} : { workerDeploymentOptions: versionedAs(deployment) }),
  });
}

/** Each workflow says itself whether its open runs go on with the next build (src/workflows/versioning.ts). */
const versionedAs = (version: WorkerDeploymentVersion): WorkerDeploymentOptions => ({
  version,
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'AUTO_UPGRADE',
});

/** The relay of a worker process. */
export function createWorkerRelay(
  config: Config,
  parts: Pick<ReturnType<typeof createWorkerParts>, 'db' | 'stripe'>,
  client: Client,
  log: Log,
  metrics?: Pick<WorkerMetrics, 'relay'>,
): Relay {
  const workflows = createWorkflowClient(client, {
    taskQueue: config.temporal.taskQueue,
    checkoutPollSeconds: config.checkoutPollSeconds,
  });
  return startRelay({
    db: parts.db,
    stripe: (mode) => parts.stripe.of(mode),
    workflows: metrics?.relay(workflows) ?? workflows,
    log,
    databaseUrl: config.databaseUrl,
    pollSeconds: config.relayPollSeconds,
  });
}
