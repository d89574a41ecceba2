import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEmulator, type RunningEmulator } from '@session/stripe-emulator';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import Stripe from 'stripe';
import { createApp } from '../../src/api/app';
import { type Config, loadConfig } from '../../src/config/config';
import type { Db } from '../../src/db/client';
import { createMovableClock } from '../../src/db/clock';
import type { Mode } from '../../src/domain/mode';
import { createLog } from '../../src/log';
import { createStripeClients } from '../../src/stripe/client';
import { createRuns, type Runs } from '../../src/temporal/runs';
import { createWorkerParts, createWorkerRelay } from '../../src/worker/worker';
import { createTestDatabase } from '../harness/postgres';
import { createTimeSkippingEnv } from '../harness/temporal';
import { getWorkflowBundle } from '../harness/workflow-bundle';

const PLATFORM_KEY = 'platform-key-of-the-tests-0123456789';
export const RETURN_ORIGIN = 'http://coach-ui.example';

/** An answer of the API: its status and JSON body. */
export interface Answer {
  status: number;
  // A test reads any field and fails by itself where one is missing.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

/** A coach with a key for each mode. */
export interface TestCoach {
  id: string;
  keys: Record<Mode, string>;
}

/**
 * The whole product in this process, as `npm start` puts it together: API, worker and relay, on the run's Postgres, a
 * time-skipping Temporal server and the Stripe emulator. Only `stop()` has to be called.
 */
export class Product {
  private constructor(
    readonly url: string,
    readonly config: Config,
    readonly db: Db,
    readonly runs: Runs,
    readonly env: TestWorkflowEnvironment,
    readonly emulator: RunningEmulator,
    private readonly stopAll: () => Promise<void>,
  ) {}

  static async start(options: { webhooks?: boolean } = {}): Promise<Product> {
    const [database, env, emulator, server] = await Promise.all([
      createTestDatabase(),
      createTimeSkippingEnv(),
      startEmulator({ port: 0, deliveryRetryMs: [200, 1000, 5000] }),
      listen(),
    ]);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = loadConfig({
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: env.address,
      PUBLIC_URL: url,
      PLATFORM_KEY,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      STRIPE_API_BASE: emulator.url,
      STRIPE_CONNECT_BASE: emulator.url,
      STRIPE_TEST_SECRET_KEY: 'sk_test_emulator',
      STRIPE_TEST_CLIENT_ID: 'ca_test_emulator',
      STRIPE_LIVE_SECRET_KEY: 'sk_live_emulator',
      STRIPE_LIVE_CLIENT_ID: 'ca_live_emulator',
      ...(await registerEndpoints(emulator, url, options.webhooks ?? true)),
      LOCAL_CLOCK: 'true',
      // Nothing may depend on a poll.
      RELAY_POLL_SECONDS: '3600',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    });
    const log = createLog('test', config.logLevel);
    const parts = createWorkerParts(config, log);
    const { taskQueue } = config.temporal;
    const runs = createRuns(env.client, { taskQueue, checkoutPollSeconds: config.checkoutPollSeconds });
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: getWorkflowBundle(),
      activities: parts.activities,
    });
    const working = worker.run();
    const relay = createWorkerRelay(config, parts, env.client, log);
    const app = createApp({
      config,
      db: parts.db,
      log,
      clock: createMovableClock(parts.db),
      runs,
      stripe: createStripeClients(config.stripe),
      temporalReady: () => Promise.resolve(),
    });
    server.on('request', app);
    return new Product(url, config, parts.db, runs, env, emulator, async () => {
      await relay.stop();
      worker.shutdown();
      await working;
      await close(server);
      await emulator.close();
      await env.teardown();
      await parts.db.$disconnect();
      await database.drop();
    });
  }

  stop(): Promise<void> {
    return this.stopAll();
  }

  /** The platform's own client of the emulator. */
  stripe(mode: Mode = 'test'): Stripe {
    return clientOf(this.emulator, mode);
  }

  /** A request to the API with a key. */
  async call(
    method: string,
    path: string,
    key: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** A coach whose UI may be returned to. */
  async coach(name = 'Ada'): Promise<TestCoach> {
    const { body } = await this.call('POST', '/v1/coaches', PLATFORM_KEY, { name });
    const key = async (mode: Mode) =>
      (await this.call('POST', `/v1/coaches/${body.id}/api-keys`, PLATFORM_KEY, { mode })).body.key as string;
    const keys = { test: await key('test'), live: await key('live') };
    for (const mode of ['test', 'live'] as const)
      await this.call('PUT', '/v1/settings', keys[mode], { origins: [RETURN_ORIGIN] });
    return { id: body.id, keys };
  }

  /** The emulator's control API. */
  async control(method: string, path: string, body?: unknown): Promise<Answer['body']> {
    const response = await fetch(`${this.emulator.url}/_emulator${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** Everything that Stripe has to deliver is delivered, and everything delivered is settled. */
  async settle(): Promise<void> {
    await this.control('POST', '/deliveries/drain', {});
    await eventually(async () => {
      expect(await this.db.inbox.count({ where: { status: 'waiting' } })).toBe(0);
    });
  }

  /** Starts connecting and follows the browser to Stripe's page. */
  async authorizePage(coach: TestCoach, browser = new Browser(), mode: Mode = 'test'): Promise<URL> {
    const begun = await this.call('POST', '/v1/connection', coach.keys[mode], {
      returnUrl: `${RETURN_ORIGIN}/payments`,
    });
    expect(begun.status).toBe(201);
    return browser.redirected(await browser.get(begun.body.url));
  }

  /** Presses a button of Stripe's page; the browser ends at the coach UI. */
  async decide(page: URL, browser: Browser, fields: Record<string, string>): Promise<URL> {
    const form = { ...Object.fromEntries(page.searchParams), ...fields };
    const callback = browser.redirected(await browser.post(`${page.origin}/oauth/authorize`, form));
    return browser.redirected(await browser.get(callback.href));
  }

  /** The way of the help page: connect, approve, return, confirm. Answers what the confirmation answered. */
  async connect(coach: TestCoach, fields: Record<string, string> = {}, mode: Mode = 'test'): Promise<Answer> {
    const browser = new Browser();
    const page = await this.authorizePage(coach, browser, mode);
    const returned = await this.decide(page, browser, {
      account: 'new',
      country: 'DE',
      action: 'approve',
      ...fields,
    });
    const token = returned.searchParams.get('connection_token');
    expect(token).not.toBeNull();
    return this.call('POST', '/v1/connection/confirm', coach.keys[mode], { token });
  }
}

/** A browser as far as cookies and redirects go; it stops at each redirect. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  get(url: string): Promise<Response> {
    return this.fetch(url, {});
  }

  post(url: string, fields: Record<string, string>): Promise<Response> {
    return this.fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Where the answer leads. */
  redirected(response: Response): URL {
    expect(response.status).toBe(303);
    return new URL(response.headers.get('location') ?? '');
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** Tries again at once, and then every few milliseconds, until the check passes or ten seconds are over. */
export async function eventually<T>(check: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}

async function registerEndpoints(
  emulator: RunningEmulator,
  url: string,
  enabled: boolean,
): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const mode of ['test', 'live'] as const)
    for (const connect of [true, false]) {
      const name = `STRIPE_${mode.toUpperCase()}_${connect ? 'CONNECT' : 'PLATFORM'}_WEBHOOK_SECRET`;
      secrets[name] = 'whsec_nobody_signs_with_this';
      if (!enabled) continue;
      const endpoint = await clientOf(emulator, mode).webhookEndpoints.create({
        url: `${url}/webhooks/stripe`,
        enabled_events: ['*'],
        connect,
      });
      secrets[name] = endpoint.secret ?? '';
    }
  return secrets;
}

function clientOf(emulator: RunningEmulator, mode: Mode): Stripe {
  return new Stripe(`sk_${mode}_emulator`, {
    host: '127.0.0.1',
    port: emulator.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

function listen(): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
