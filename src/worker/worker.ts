import type { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { type Activities, atTemporal, type BackgroundActivity, createActivities } from '../activities';
import type { Config } from '../config/config';
import { createDatabase } from '../db/client';
import { createMovableClock, systemClock } from '../db/clock';
import { BACKGROUND_TIMEOUTS_MS } from '../db/pool';
import type { Log } from '../log';
import { backgroundTaskQueue, deliveryTaskQueue, mailTaskQueue } from '../messages/ids';
import { paceOf } from '../stripe/allowance';
import { createStripeClients } from '../stripe/client';
import { wordsOf } from '../stripe/errors';
import { tracedHttpClient } from '../stripe/trace';
import { dataConverterFor } from '../temporal/data-converter';
import { createWorkflowClient } from '../temporal/workflow-client';
import { tracedWorkflows } from '../tracing/workflow-spans';
import { startDeliveryRelay } from './deliveries';
import { heartbeats } from './heartbeats';
import { startMailRelay } from './mails';
import type { WorkerMetrics } from './metrics';
import { scrubFailures } from './scrub-failures';
import { type Relay, startRelay } from './relay';
import { stripeLaneOfActivity } from './stripe-lane';

/** What the activities of a process are made of. */
export function createWorkerParts(config: Config, log: Log) {
  const { db, pool } = createDatabase(config.databaseUrl, config.databasePoolSize, BACKGROUND_TIMEOUTS_MS);
  const stripe = createStripeClients(config.stripe, {
    httpClient: config.tracing ? tracedHttpClient : undefined,
    laneOf: stripeLaneOfActivity,
    pace: paceOf(pool, config.stripe.limits, {
      onTrouble: (error) => log.warn({ why: wordsOf(error) }, 'Nobody can say whose turn at Stripe it is'),
    }),
  });
  const clock = config.localClock ? createMovableClock(db) : systemClock;
  const activities = createActivities({
    db,
    stripe,
    clock,
    log,
    publicUrl: config.api.publicUrl,
    encryptionKey: config.encryptionKey,
    retention: config.retention,
    receivers: config.receivers,
    mailServer: config.mailServer,
  });
  return { db, pool, stripe, activities };
}

/** Deliveries that one process has under way at once: a try waits for its receiver, and costs next to nothing. */
const DELIVERIES = 100;
/** Mails that one process hands over at once. */
const MAILS = 20;
/** What nobody waits for, that one process has under way at once. */
const BACKGROUND = 10;

/** The Temporal workers of a process: they run, and are shut down, as one. */
export type Workers = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/**
 * A Temporal worker with our workflows and activities, and beside it one for deliveries, one for mails and one for what nobody
 * waits for: receivers and mail servers that are slow, and sweeps, keep nothing else waiting. The workflow code comes prebuilt.
 * @param around interceptors of activities that come before ours
 */
export async function createWorker(
  connection: NativeConnection,
  config: Config,
  parts: { workflowBundle: WorkflowBundleOption; activities: Activities },
  metrics?: Pick<WorkerMetrics, 'activities'>,
  around: ActivityInterceptorsFactory[] = [],
): Promise<Workers> {
  const { taskQueue, namespace, deployment } = config.temporal;
  const activities = atTemporal(parts.activities);
  const shared = {
    connection,
    namespace,
    interceptors: {
      activity: [
        ...around,
        ...(metrics === undefined ? [] : [metrics.activities]),
        heartbeats,
        scrubFailures,
      ],
    },
    dataConverter: dataConverterFor(config.temporal),
    shutdownGraceTime: '15 seconds',
    ...(deployment === null ? {} : { workerDeploymentOptions: versionedAs(deployment) }),
  };
  const all = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue,
      activities,
      workflowBundle: parts.workflowBundle,
      sinks: tracedWorkflows,
    }),
    Worker.create({
      ...shared,
      taskQueue: deliveryTaskQueue(taskQueue),
      activities: { tryToDeliver: activities.tryToDeliver },
      maxConcurrentActivityTaskExecutions: DELIVERIES,
    }),
    Worker.create({
      ...shared,
      taskQueue: mailTaskQueue(taskQueue),
      activities: { tryToSend: activities.tryToSend },
      maxConcurrentActivityTaskExecutions: MAILS,
    }),
    Worker.create({
      ...shared,
      taskQueue: backgroundTaskQueue(taskQueue),
      activities: {
        listConnectedAccounts: activities.listConnectedAccounts,
        reconcileAccount: activities.reconcileAccount,
        deleteOld: activities.deleteOld,
        moveMember: activities.moveMember,
      } satisfies Pick<typeof activities, BackgroundActivity>,
      maxConcurrentActivityTaskExecutions: BACKGROUND,
    }),
  ]);
  const shutdown = () => {
    for (const each of all) if (each.getState() === 'RUNNING') each.shutdown();
  };
  return {
    shutdown,
    // As good as the one that is worse off.
    getState: () => all.map((each) => each.getState()).find((state) => state !== 'RUNNING') ?? 'RUNNING',
    async run() {
      // One that fails takes the others with it.
      await Promise.all(all.map((each) => each.run().finally(shutdown)));
    },
  };
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
  const shared = {
    db: parts.db,
    workflows: metrics?.relay(workflows) ?? workflows,
    log,
    databaseUrl: config.databaseUrl,
    pollSeconds: config.relayPollSeconds,
  };
  const relays = [
    startRelay({ ...shared, stripe: (mode) => parts.stripe.of(mode) }),
    startDeliveryRelay(shared),
    startMailRelay({ ...shared, sends: config.mailServer !== null }),
  ];
  return {
    async stop() {
      await Promise.all(relays.map((each) => each.stop()));
    },
  };
}
