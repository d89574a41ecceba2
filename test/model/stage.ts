import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEmulator } from '@session/stripe-emulator';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createApp } from '../../src/api/app';
import { type Config, loadConfig } from '../../src/config/config';
import type { Db } from '../../src/db/client';
import { askForKeys } from '../../src/db/known-keys';
import { createMovableClock } from '../../src/db/clock';
import { createLog } from '../../src/log';
import { createStripeClients, STRIPE_API_VERSION } from '../../src/stripe/client';
import { createWorkflowClient, type WorkflowClient } from '../../src/temporal/workflow-client';
import { dispatch } from '../../src/worker/dispatch';
import { RESOLVERS } from '../../src/worker/resolve-event';
import { createWorker, createWorkerParts, createWorkerRelay } from '../../src/worker/worker';
import type { Target } from '../../src/messages/messages';
import { createTestDatabase } from '../harness/postgres';
import { getDevServer } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { createStripeSide, PLATFORM } from '../support/stripe-side';
import { createDirectRuns } from './direct-runs';
import { startNetwork } from './network';
import { shuffled } from './random';

/** Who calls the activities. */
export type Engine = 'direct' | 'temporal';

/** How the product's work gets done. */
interface Work {
  workflows: WorkflowClient;
  /** Has the account's inbox worked off. Answers how many of its rows are still not done. */
  settleInbox(accountId: string, random: () => number): Promise<number>;
  /** A run's own timer: its row is looked at. */
  wake(targets: Target[], workflowIds: string[]): Promise<void>;
  stop(): Promise<void>;
}

export type Stage = Awaited<ReturnType<typeof startStage>>;

/**
 * The product for the model: real Postgres, the emulator over HTTP, the real API and webhook endpoint, the real
 * activities; the events' way lies in the hands of the test. `direct`: the activities are called where Temporal would
 * call them. `temporal`: the real worker, with its relay, on the real server.
 */
export async function startStage(engine: Engine) {
  const log = createLog('model', process.env['MODEL_LOG'] ?? 'silent');
  const [database, network, emulator, server] = await Promise.all([
    createTestDatabase(),
    startNetwork(),
    startEmulator({ port: 0, log: (line) => log.warn({ line }, 'emulator') }),
    listen(),
  ]);
  network.leadsTo(`${server.url}/webhooks/stripe`);
  const config = await configOf({
    databaseUrl: database.url,
    emulator: emulator.url,
    api: server.url,
    webhooks: network.url,
  });
  const parts = createWorkerParts(config, log);
  const clock = createMovableClock(parts.db);
  const work = engine === 'direct' ? workDirectly() : await workThroughTemporal();
  const { workflows, settleInbox, wake } = work;
  server.serve(
    createApp({
      config,
      db: parts.db,
      pool: parts.pool,
      keys: askForKeys(parts.pool),
      // Nobody else is there who could ask.
      presence: { number: () => null, stop: () => Promise.resolve() },
      clock,
      log,
      workflows,
      stripe: parts.stripe,
      temporalReady: () => Promise.resolve(),
    }),
  );

  function workDirectly(): Work {
    const stripe = (mode: 'test' | 'live') => parts.stripe.of(mode);
    const settleInbox = (accountId: string, random: () => number) =>
      dispatchAll(parts.db, accountId, random, (rows) =>
        dispatch({ db: parts.db, stripe, workflows: direct.workflows, log }, rows),
      );
    const direct = createDirectRuns(parts.activities, parts.db, (accountId) =>
      settleInbox(accountId, () => 0),
    );
    return {
      workflows: direct.workflows,
      settleInbox,
      async wake(targets) {
        for (const target of targets) await direct.settle(target, 'timer');
      },
      stop: () => Promise.resolve(),
    };
  }

  async function workThroughTemporal(): Promise<Work> {
    const temporal = await getDevServer();
    const worker = await createWorker(temporal.nativeConnection, config, {
      workflowBundle: getWorkflowBundle(),
      activities: parts.activities,
    });
    const running = worker.run();
    const relay = createWorkerRelay(config, parts, temporal.client, log);
    const { taskQueue } = config.temporal;
    const workflows = createWorkflowClient(temporal.client, {
      taskQueue,
      checkoutPollSeconds: config.checkoutPollSeconds,
    });
    return {
      workflows,
      settleInbox: (accountId) => parts.db.inbox.count({ where: { accountId, status: 'waiting' } }),
      wake: (_targets, workflowIds) => workflows.signalClockMoved(workflowIds),
      async stop() {
        await relay.stop();
        worker.shutdown();
        await running;
        await temporal.close();
      },
    };
  }

  return {
    engine,
    ...parts,
    clock,
    network,
    workflows,
    settleInbox,
    wake,
    /** An activity that no run has: it reports that it is alive as any other. */
    asActivity: <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work),
    api: server.url,
    platformKey: config.platformKey,
    stripeSide: createStripeSide(emulator.url),
    async close() {
      await work.stop();
      await server.close();
      await emulator.close();
      await network.close();
      await parts.db.$disconnect();
      await database.drop();
    },
  };
}

type Rows = Parameters<typeof dispatch>[1];

/**
 * The relay's part, one account at a time and without leases: rows are dispatched in any order, together or one by one,
 * until nothing moves any more. What resolves to nothing yet stays, as it does for the relay.
 */
async function dispatchAll(
  db: Db,
  accountId: string,
  random: () => number,
  hand: (rows: Rows) => Promise<void>,
): Promise<number> {
  for (let before = ''; ;) {
    const rows = await db.inbox.findMany({ where: { accountId, status: 'waiting' }, orderBy: { id: 'asc' } });
    const present = rows.map(({ id, note }) => `${id} ${note}`).join();
    if (rows.length === 0 || present === before) return rows.length;
    before = present;
    const mixed = random() < 0.5 ? rows : shuffled(rows, random);
    if (random() < 0.7) await hand(mixed);
    else for (const row of mixed) await hand([row]);
  }
}

async function listen() {
  let app: RequestListener | undefined;
  const server = createServer((request, response) => {
    if (app === undefined) response.writeHead(503).end();
    else app(request, response);
  });
  // No idle connection is closed while somebody is about to use it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(next: RequestListener) {
      app = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function configOf(at: {
  databaseUrl: string;
  emulator: string;
  api: string;
  webhooks: string;
}): Promise<Config> {
  const base = {
    DATABASE_URL: at.databaseUrl,
    DATABASE_POOL_SIZE: '20',
    TEMPORAL_ADDRESS: 'unused:1',
    TEMPORAL_TASK_QUEUE: `model-${randomBytes(6).toString('hex')}`,
    PUBLIC_URL: at.api,
    PLATFORM_KEY: 'platform-key-of-a-test-with-32-letters',
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_BASE: at.emulator,
    STRIPE_CONNECT_BASE: at.emulator,
    STRIPE_TEST_SECRET_KEY: PLATFORM.test.secretKey,
    STRIPE_TEST_CLIENT_ID: PLATFORM.test.clientId,
    LOCAL_CLOCK: 'true',
    LOG_LEVEL: 'silent',
    // One machine plays many coaches in a minute.
    RATE_LIMITS: 'off',
  };
  // The secret comes of the registration, which needs a client first.
  const { stripe } = loadConfig({ ...base, STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'whsec_unknown' });
  const { secret } = await createStripeClients(stripe)
    .of('test')
    .webhookEndpoints.create({
      url: at.webhooks,
      connect: true,
      enabled_events: Object.keys(RESOLVERS) as [],
      api_version: STRIPE_API_VERSION,
    });
  return loadConfig({ ...base, STRIPE_TEST_CONNECT_WEBHOOK_SECRET: secret });
}
