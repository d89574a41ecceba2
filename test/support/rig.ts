import { randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { startEmulator } from '@session/stripe-emulator';
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { NativeConnection } from '@temporalio/worker';
import { type Activities, createActivities } from '../../src/activities';
import { createApp } from '../../src/api/app';
import { loadConfig } from '../../src/config/config';
import { type Clock, createMovableClock } from '../../src/db/clock';
import { announcePresence, type Presence } from '../../src/db/presence';
import { askForKeys } from '../../src/db/known-keys';
import type { ConnectFlow } from '../../src/domain/connection';
import type { Mode } from '../../src/domain/mode';
import type { Seconds } from '../../src/domain/time';
import { createLog, type Log } from '../../src/log';
import { createStripeClients, STRIPE_API_VERSION } from '../../src/stripe/client';
import { EVENT_TYPES } from '../../src/stripe/event-types';
import { createWorkflowClient } from '../../src/temporal/workflow-client';
import type { Relay } from '../../src/worker/relay';
import { createWorker, createWorkerParts, createWorkerRelay } from '../../src/worker/worker';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/namespace';
import { createTestDatabase } from '../harness/postgres';
import { createTimeSkippingEnv, getDevServer } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';
import { watchAudit } from './audited';
import { eventually } from './eventually';
import { expectReplayable, type RunRef } from './replay';
import { createStripeSide, PLATFORM } from './stripe-side';

export interface RigOptions {
  /** `skipping`: timers take no time, see `harness/temporal`. `dev`: the real server. */
  temporal: 'dev' | 'skipping';
  relayPollSeconds?: number;
  checkoutPollSeconds?: number;
  /** How coaches connect; OAuth unless told. */
  connectFlow?: ConnectFlow;
  /** Milliseconds between the emulator's delivery attempts. */
  deliveryRetryMs?: number[];
  /** What the product writes, instead of nothing. */
  log?: Log;
  /** Without it the file's runs wait in the inbox and at Temporal. */
  worker?: boolean;
  /** Further variables of the environment. */
  variables?: Record<string, string>;
  /** Every change that the file asks for is held against the audit log at its end. */
  audited?: true;
  /** Where a harness stands between the parts of the product. */
  seams?: Seams;
  /** False: so many runs that replaying them all at the end would take longer than they did. */
  replays?: boolean;
}

/** Each is handed a part of the product at work, and has it work, or not. */
export interface Seams {
  /** What the API and the relay speak to Temporal with. */
  client: (client: Client) => Client;
  attempt: <T>(activity: string, perform: () => Promise<T>) => Promise<T>;
  request: (request: IncomingMessage, response: ServerResponse, serve: () => void) => void;
  relay: (start: () => Relay) => Relay;
}

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const KEYWORD = 2;

/** The runs for which time is skipped. */
interface Waiting {
  someone: () => Promise<boolean>;
  isIdle: () => Promise<boolean>;
}

interface TemporalSide {
  client: Client;
  connection: NativeConnection;
  /** Lets seconds pass for timers and accounts; null where each account's clock is moved instead. */
  skip: ((seconds: number, isIdle: Waiting['isIdle']) => Promise<void>) | null;
  /** The same until a moment, or as long as someone waits for anything. */
  skipTo: ((at: Seconds, waiting: Waiting) => Promise<void>) | null;
  /** The server's own time, where it can be skipped: what a timer waited for is then past for the rules as well. */
  clock: Clock | null;
  close(): Promise<void>;
}

export type ActivityHooks = Partial<
  Record<keyof Activities, { before?: () => Promise<void>; after?: () => Promise<void> }>
>;

export type Rig = Awaited<ReturnType<typeof startRig>>;

/**
 * The whole product in this process, but for nothing: real Postgres, a Temporal server, the emulator over HTTP, the real
 * API listening on a port, the real worker and its relay. `close()` replays every run that anything started.
 */
export async function startRig(options: RigOptions) {
  const log = options.log ?? createLog('test', process.env['RIG_LOG'] ?? 'silent');
  const [database, temporal, emulator, api] = await Promise.all([
    createTestDatabase(),
    options.temporal === 'dev' ? devServer() : timeSkippingServer(),
    startEmulator({
      port: 0,
      log: (line) => log.warn({ line }, 'emulator'),
      ...(options.deliveryRetryMs === undefined ? {} : { deliveryRetryMs: options.deliveryRetryMs }),
    }),
    listen(),
  ]);
  const environment = await environmentOf(options, {
    databaseUrl: database.url,
    emulator: emulator.url,
    api: api.url,
  });
  const config = loadConfig(environment);
  const parts = createWorkerParts(config, log);
  const clock = temporal.clock ?? createMovableClock(parts.db);
  const activities = createActivities({
    db: parts.db,
    stripe: parts.stripe,
    clock,
    log,
    publicUrl: config.api.publicUrl,
    encryptionKey: config.encryptionKey,
    retention: config.retention,
    receivers: config.receivers,
    mailServer: config.mailServer,
  });
  const client = options.seams?.client(temporal.client) ?? temporal.client;
  const workflows = createWorkflowClient(client, {
    taskQueue: config.temporal.taskQueue,
    checkoutPollSeconds: config.checkoutPollSeconds,
  });
  const temporalReady = async () => {
    await temporal.client.workflowService.getSystemInfo({});
  };
  /** Others can ask about it when it begins, as they can about one that has run for a while. */
  const audit = watchAudit();
  const startApi = async (): Promise<Presence> => {
    const presence = announcePresence(config.databaseUrl, (why) => log.warn({ why }, 'presence'));
    const app = createApp({
      config,
      db: parts.db,
      pool: parts.pool,
      keys: askForKeys(parts.pool),
      presence,
      clock,
      log,
      workflows,
      stripe: parts.stripe,
      temporalReady,
    });
    await eventually('the presence of the API', () => presence.number() !== null);
    const around = options.seams?.request;
    const noted = audit.around((req, res) => void app(req, res));
    api.serve(around === undefined ? noted : (req, res) => around(req, res, () => noted(req, res)));
    return presence;
  };
  let presence = await startApi();

  const seen = new Map<string, RunRef>();
  const closed = new Set<string>();
  const hooks: ActivityHooks = {};
  const startWorker = async () => {
    const worker = await createWorker(temporal.connection, config, {
      workflowBundle: getWorkflowBundle(),
      activities: watched(activities, seen, hooks, options.seams?.attempt),
    });
    const running = worker.run();
    const startRelay = () => createWorkerRelay(config, parts, client, log);
    const relay = options.seams?.relay(startRelay) ?? startRelay();
    return {
      async stop() {
        await relay.stop();
        worker.shutdown();
        await running;
      },
    };
  };
  let worker = options.worker === false ? null : await startWorker();
  /** Whether nobody has anything to do: skipping time under a task that is under way confuses the test server. */
  const isIdle = async (workflowIds: readonly string[]): Promise<boolean> => {
    const present = new Set([...workflowIds, ...[...seen.values()].map(({ workflowId }) => workflowId)]);
    for (const workflowId of present)
      if (!closed.has(workflowId)) {
        const state = await stateOfRun(temporal.client, workflowId);
        if (state === 'busy') return false;
        if (state === 'closed') closed.add(workflowId);
      }
    return true;
  };

  return {
    ...parts,
    config,
    /** The same as variables, for a process beside this one. */
    environment,
    pool: parts.pool,
    clock,
    workflows,
    log,
    client: temporal.client,
    api: api.url,
    stripeSide: createStripeSide(emulator.url),
    /** Null where each account's clock is moved instead. */
    skip: temporal.skip === null ? null : (seconds: number) => temporal.skip?.(seconds, () => isIdle([])),
    /** Null where each account's clock is moved instead. */
    skipTo:
      temporal.skipTo === null
        ? null
        : (at: Seconds, runs: () => Promise<readonly string[]>) =>
            temporal.skipTo?.(at, {
              someone: async () => (await runs()).length > 0,
              isIdle: async () => isIdle(await runs()),
            }),
    /** Every run that an activity was executed for. */
    seenRuns: () => [...seen.values()],

    isIdle,

    /** What happens around activities: waiting keeps them under way, throwing is a crash before or after the effect. */
    hooks,

    /** The worker's process dies and comes back, as far as that is possible within one process. */
    async stopWorker() {
      await worker?.stop();
      worker = null;
    },
    async startWorker() {
      worker ??= await startWorker();
    },
    /** The API's process is gone, with every request that it was at, and another one is there. */
    async replaceApi() {
      api.serve(null);
      api.cutConnections();
      await presence.stop();
      presence = await startApi();
    },
    /** What Stripe's deliveries meet from now on: our API, or somebody who answers with that status. */
    answerWebhooksWith: (status: number | null) => api.override(status),

    /** One part that cannot be closed keeps none of the others open: Jest waits for whatever is left. */
    async close() {
      await closeAll([
        () => worker?.stop(),
        () => api.close(),
        () => emulator.close(),
        () => (options.audited === true ? audit.expectWritten(parts.db) : undefined),
        () => (options.replays === false ? undefined : expectReplayable(temporal.client, [...seen.values()])),
        () => presence.stop(),
        // Prisma waits for every transaction, also for those of whom a harness has killed: they end with the database.
        () => (options.seams === undefined ? parts.db.$disconnect() : undefined),
        () => temporal.close(),
        () => database.drop(),
      ]);
    },
  };
}

/** One after the other, each of them whatever became of those before. @throws what the first failure threw. */
async function closeAll(closing: (() => Promise<void> | undefined)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing)
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
}

async function devServer(): Promise<TemporalSide> {
  const server = await getDevServer();
  return {
    client: server.client,
    connection: server.nativeConnection,
    skip: null,
    skipTo: null,
    clock: null,
    close: () => server.close(),
  };
}

const POLL_MS = 15;
/** How long time may go no faster than ours until that is looked into. */
const LOCKED_MS = 2000;
/** A timer of whole seconds fires up to a second and its own delay late: what was due at the moment is under way then. */
const LEAD_MS = 2000;

async function timeSkippingServer(): Promise<TemporalSide> {
  const env = await createTimeSkippingEnv();
  let atLeast: Seconds = 0;
  let lost = 0;
  const sleep = async (ms: number, waiting: Waiting) => {
    lost += await sleepWhile(env, ms, lost, waiting);
  };
  await env.connection.operatorService.addSearchAttributes({
    namespace: env.namespace ?? 'default',
    searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTES.map((name) => [name, KEYWORD])),
  });
  return {
    client: env.client,
    connection: env.nativeConnection,
    skip: (seconds, isIdle) => sleep(seconds * 1000, { someone: () => Promise.resolve(true), isIdle }),
    async skipTo(at, waiting) {
      const left = at * 1000 - (await env.currentTimeMs()) + LEAD_MS;
      if (left > 0 && (await waiting.someone())) await sleep(left, waiting);
      atLeast = at;
    },
    clock: {
      now: async () => Math.max(atLeast, Math.floor((await env.currentTimeMs()) / 1000)),
      moveTo: () => Promise.reject(new Error('On the time-skipping server time is skipped.')),
    },
    close: () => env.teardown(),
  };
}

/**
 * Sleeps on the time-skipping server, but not longer than someone waits. The server locks its time until the parent of a closed
 * child is told, which it never is if it has closed before. A sleep unlocks once what it locks again at its end
 * (`SelfAdvancingTimerImpl` of the Java SDK): when nobody is busy, and time goes no faster than ours, another sleep
 * stands for the lock that nobody takes away, as for each that was lost before.
 * @returns how many more were lost
 */
async function sleepWhile(
  env: TestWorkflowEnvironment,
  ms: number,
  lost: number,
  waiting: Waiting,
): Promise<number> {
  const end = new AbortController();
  const sleep = () => env.connection.withAbortSignal(end.signal, () => env.sleep(ms));
  const another = () => void sleep().catch(() => undefined);
  let found = 0;
  const nobodyWaits = async () => {
    let since = { ours: Date.now(), theirs: await env.currentTimeMs() };
    while (!end.signal.aborted && (await waiting.someone())) {
      await setTimeout(POLL_MS);
      if (Date.now() - since.ours < LOCKED_MS) continue;
      const present = { ours: Date.now(), theirs: await env.currentTimeMs() };
      const isLocked = present.theirs - since.theirs < 2 * (present.ours - since.ours);
      if (isLocked && (await waiting.isIdle())) {
        found += 1;
        another();
      }
      since = present;
    }
  };
  const slept = sleep();
  for (let i = 0; i < lost; i++) another();
  await Promise.race([slept, nobodyWaits()]).finally(() => end.abort());
  return found;
}

/** A server whose address is known before there is anything to serve. */
async function listen() {
  let app: RequestListener | null = null;
  let override: number | null = null;
  const server: Server = createServer((request, response) => {
    if (override !== null || app === null) {
      request.resume();
      response.writeHead(override ?? 503).end();
    } else app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (next: RequestListener | null) => {
      app = next;
    },
    override: (status: number | null) => {
      override = status;
    },
    cutConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function environmentOf(
  options: RigOptions,
  at: { databaseUrl: string; emulator: string; api: string },
): Promise<Record<string, string>> {
  const base = {
    DATABASE_URL: at.databaseUrl,
    TEMPORAL_ADDRESS: 'unused:1',
    TEMPORAL_TASK_QUEUE: `test-${randomBytes(6).toString('hex')}`,
    PUBLIC_URL: at.api,
    PLATFORM_KEY: 'platform-key-of-a-test-with-32-letters',
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_BASE: at.emulator,
    STRIPE_CONNECT_BASE: at.emulator,
    CONNECT_FLOW: options.connectFlow ?? 'oauth',
    LOCAL_CLOCK: 'true',
    WEBHOOKS_TO_THIS_MACHINE: 'true',
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
    TRUSTED_PROXIES: '1',
    RELAY_POLL_SECONDS: String(options.relayPollSeconds ?? 5),
    CHECKOUT_POLL_SECONDS: String(options.checkoutPollSeconds ?? 120),
    ...options.variables,
  };
  const variables = (secrets: Record<Mode, string>) =>
    Object.fromEntries(
      (['test', 'live'] as const).flatMap((mode) => {
        const prefix = `STRIPE_${mode.toUpperCase()}`;
        return [
          [`${prefix}_SECRET_KEY`, PLATFORM[mode].secretKey],
          [`${prefix}_CLIENT_ID`, PLATFORM[mode].clientId],
          [`${prefix}_CONNECT_WEBHOOK_SECRET`, secrets[mode]],
        ];
      }),
    );
  // The secrets come of the registration, which needs clients first.
  const { stripe } = loadConfig({
    ...base,
    ...variables({ test: 'whsec_unknown_test', live: 'whsec_unknown_live' }),
  });
  const clients = createStripeClients(stripe);
  const register = async (mode: Mode): Promise<string> => {
    const { secret } = await clients.of(mode).webhookEndpoints.create({
      url: `${at.api}/webhooks/stripe`,
      connect: true,
      // As `npm run stripe:setup` has it: what nobody here listens to is not delivered.
      enabled_events: EVENT_TYPES,
      api_version: STRIPE_API_VERSION,
    });
    return secret ?? '';
  };
  return { ...base, ...variables({ test: await register('test'), live: await register('live') }) };
}

/** After these a run waits for nothing but time or a message. */
const AT_REST = [
  'workflowTaskCompleted',
  'timerStarted',
  'timerCanceled',
  'upsertWorkflowSearchAttributes',
  'workflowPropertiesModified',
  'workflowExecutionUpdateCompleted',
  'markerRecorded',
];
const CLOSED = ['Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut'];

async function stateOfRun(client: Client, workflowId: string): Promise<'busy' | 'idle' | 'closed'> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const attributes = Object.keys(events?.at(-1) ?? {}).find((key) => key.endsWith('Attributes')) ?? '';
  if (CLOSED.some((end) => attributes === `workflowExecution${end}EventAttributes`)) return 'closed';
  return AT_REST.some((name) => attributes === `${name}EventAttributes`) ? 'idle' : 'busy';
}

/** The same activities, noting which run each was executed for, with the hooks that a test has set. */
function watched(
  activities: Activities,
  seen: Map<string, RunRef>,
  hooks: ActivityHooks,
  attempt: Seams['attempt'] = (_name, perform) => perform(),
): Activities {
  const watch = ([name, activity]: [string, (...args: never[]) => unknown]) => [
    name,
    async function (...args: never[]) {
      const run = activityInfo().workflowExecution;
      if (run !== undefined) seen.set(run.runId, run);
      const hook = hooks[name as keyof Activities];
      await hook?.before?.();
      const result = await attempt(name, async () => activity(...args));
      await hook?.after?.();
      return result;
    },
  ];
  return Object.fromEntries(Object.entries(activities).map(watch)) as Activities;
}
