import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WorkflowNotFoundError } from '@temporalio/client';
import { createApp } from '../../src/api/app';
import { type Config, loadConfig } from '../../src/config/config';
import { createDatabase, type Db } from '../../src/db/client';
import { createMovableClock } from '../../src/db/clock';
import { knowKeys } from '../../src/db/known-keys';
import { announcePresence, type Presence } from '../../src/db/presence';
import { newId } from '../../src/domain/ids';
import type { Mode } from '../../src/domain/mode';
import { createLog } from '../../src/log';
import { createStripeClients } from '../../src/stripe/client';
import type { WorkflowClient } from '../../src/temporal/workflow-client';
import { late, type Lifetime } from '../../packages/stripe-emulator/test/support/late';
import { createTestDatabase } from '../harness/postgres';
import { watchAudit } from '../support/audited';

export const PLATFORM_KEY = 'platform-key-of-the-tests-0123456789';
export const CONNECT_SECRET = { test: 'whsec_test_connect', live: 'whsec_live_connect' };

/** What a run would do, done at once: enough for the API, whose business ends at the call. */
export interface FakeRuns {
  workflows: WorkflowClient;
  /** Names of the calls, with their first argument. */
  calls: string[];
  /** Replaces one method for a test. */
  set<K extends keyof WorkflowClient>(name: K, method: WorkflowClient[K]): void;
  reset(): void;
}

function createFakeRuns(db: Db): FakeRuns {
  const calls: string[] = [];
  let replaced: Partial<WorkflowClient> = {};
  const closed = async (id: string, status: 'cancelled') => {
    await db.checkout.updateMany({ where: { id }, data: { status, endedAt: new Date() } });
    return { checkoutId: id, status, url: null };
  };
  const defaults: Partial<WorkflowClient> = {
    withDeadline: (_milliseconds, fn) => fn(),
    startPriceProvisioning: () => Promise.resolve('started'),
    syncCatalog: () => Promise.resolve(),
    openConnection: () => Promise.resolve(),
    async openCheckout(id) {
      const url = `https://checkout.stripe.test/${id}`;
      await db.checkout.updateMany({
        where: { id, status: 'opening' },
        data: { status: 'open', url, stripeSessionId: `cs_${id}`, revision: { increment: 1 } },
      });
      return { checkoutId: id, status: 'open', url };
    },
    cancelCheckout: (id) => closed(id, 'cancelled'),
    memberReturned: () => Promise.reject(new WorkflowNotFoundError('no run', '', undefined)),
    signalClockMoved: () => Promise.resolve(),
  };
  const workflows = new Proxy({} as WorkflowClient, {
    get: (_target, name: keyof WorkflowClient) => {
      const method = (replaced[name] ?? defaults[name]) as ((...args: unknown[]) => unknown) | undefined;
      if (method === undefined) return undefined;
      return (...args: unknown[]) => {
        if (name !== 'withDeadline') calls.push(`${name} ${JSON.stringify(args[0])}`);
        return method(...args);
      };
    },
  });
  return {
    workflows,
    calls,
    set(name, method) {
      replaced = { ...replaced, [name]: method };
    },
    reset() {
      replaced = {};
      calls.length = 0;
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON body. */
  body: Record<string, unknown>;
}

export interface ApiTest {
  db: Db;
  config: Config;
  fake: FakeRuns;
  /** Stopped, it looks to others as if this process had been killed. */
  presence: Presence;
  url: string;
  /** Sends JSON with a key; `body` may be a string to send it as it is. */
  call(
    method: string,
    path: string,
    options?: { key?: string | null; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  close(): Promise<void>;
}

export function testEnvironment(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: '5',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    PUBLIC_URL: 'http://127.0.0.1:4000',
    PLATFORM_KEY,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_BASE: 'http://127.0.0.1:1',
    STRIPE_TEST_SECRET_KEY: 'sk_test_x',
    STRIPE_TEST_CLIENT_ID: 'ca_test',
    STRIPE_TEST_CONNECT_WEBHOOK_SECRET: CONNECT_SECRET.test,
    STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: 'whsec_test_platform',
    STRIPE_LIVE_SECRET_KEY: 'sk_live_x',
    STRIPE_LIVE_CLIENT_ID: 'ca_live',
    STRIPE_LIVE_CONNECT_WEBHOOK_SECRET: CONNECT_SECRET.live,
    LOCAL_CLOCK: 'true',
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
  };
}

/**
 * The API over HTTP, in this process, on a database of its own.
 * @param audited every change that is asked for is held against the audit log at the end
 */
export async function startApi(
  overrides: Record<string, string> = {},
  { audited = false }: { audited?: boolean } = {},
): Promise<ApiTest> {
  const database = await createTestDatabase();
  const config = loadConfig({ ...testEnvironment(database.url), ...overrides });
  const { db, pool } = createDatabase(config.databaseUrl, config.databasePoolSize);
  const fake = createFakeRuns(db);
  const presence = announcePresence(config.databaseUrl, () => undefined);
  const keys = knowKeys(pool, config.databaseUrl, () => undefined);
  const app = createApp({
    config,
    db,
    pool,
    keys,
    presence,
    workflows: fake.workflows,
    clock: createMovableClock(db),
    log: createLog('api', 'silent'),
    stripe: createStripeClients(config.stripe),
    temporalReady: () => Promise.reject(new Error('no Temporal here')),
  });
  const audit = watchAudit();
  const server: Server = createServer(audit.around((req, res) => void app(req, res)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    db,
    config,
    fake,
    presence,
    url,
    async call(method, path, { key, body, headers = {} } = {}) {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(key == null ? {} : { Authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (isJson && text !== '' ? JSON.parse(text) : {}) as Answer['body'],
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      try {
        if (audited) await audit.expectWritten(db);
      } finally {
        await presence.stop();
        await keys.stop();
        await db.$disconnect();
        await database.drop();
      }
    },
  };
}

/** The API as `startApi` starts it, for the tests of a file. */
export function apiFor(
  lifetime: Lifetime,
  overrides: Record<string, string> = {},
  options: { audited?: boolean } = {},
): ApiTest {
  return late(
    lifetime,
    () => startApi(overrides, options),
    (api) => api.close(),
  );
}

/** A coach with a key, as the platform makes them. */
export async function createCoach(api: ApiTest, mode: Mode = 'test') {
  const coach = await api.call('POST', '/v1/coaches', { key: PLATFORM_KEY, body: { name: 'Yoga with Ana' } });
  const coachId = coach.body.id as string;
  const made = await api.call('POST', `/v1/coaches/${coachId}/api-keys`, {
    key: PLATFORM_KEY,
    body: { mode },
  });
  return { coachId, mode, key: made.body.key as string, keyId: made.body.id as string };
}

export type TestCoach = Awaited<ReturnType<typeof createCoach>>;

/** A coach with a key of test mode. */
export function coachFor(lifetime: Lifetime, api: ApiTest): TestCoach {
  return late(lifetime, () => createCoach(api));
}

/** What the coach's server signs with who is buying. */
export async function createSigningSecret(api: ApiTest, { key }: { key: string }) {
  const { body } = await api.call('POST', '/v1/signing-secrets', { key, body: {} });
  return { id: body.id as string, secret: body.secret as string };
}

let accounts = 0;

/** Puts a connection there, as its run would have left it. */
export async function connect(api: ApiTest, coach: TestCoach, over: { chargesEnabled?: boolean } = {}) {
  const accountId = `acct_${++accounts}${newId('coach').slice(6)}`;
  await api.db.connection.create({
    data: {
      id: newId('connection'),
      coachId: coach.coachId,
      mode: coach.mode,
      status: 'connected',
      accountId,
      chargesEnabled: true,
      defaultCurrency: 'eur',
      connectedAt: new Date(),
      ...over,
    },
  });
  return accountId;
}

/** A product with an active price, as provisioning would have left it. */
export async function createPrice(
  api: ApiTest,
  coach: TestCoach,
  accountId: string,
  body: Record<string, unknown> = { unitAmount: 4900, recurring: { interval: 'month' }, maxQuantity: 9 },
) {
  const product = await api.call('POST', '/v1/products', { key: coach.key, body: { name: 'Morning yoga' } });
  const productId = product.body.id as string;
  const made = await api.call('POST', `/v1/products/${productId}/prices`, { key: coach.key, body });
  const priceId = made.body.id as string;
  await api.db.price.update({ where: { id: priceId }, data: { status: 'active' } });
  await api.db.priceProvisioning.updateMany({
    where: { priceId, accountId },
    data: { status: 'provisioned', stripePriceId: `price_${priceId}` },
  });
  return { productId, priceId };
}

/** A completed purchase with its membership and grant, as the checkout's run would have left it. */
export async function createMembership(
  api: ApiTest,
  coach: TestCoach,
  price: { productId: string; priceId: string },
  memberId: string,
  over: {
    kind?: 'subscription' | 'one_off';
    status?: 'active' | 'owned' | 'ended';
    until?: Date | null;
    buyerKey?: string;
  } = {},
) {
  const { coachId, mode } = coach;
  const { productId, priceId } = price;
  const accountId = (await api.db.connection.findFirstOrThrow({ where: { coachId, mode } })).accountId ?? '';
  const kind = over.kind ?? 'subscription';
  const status = over.status ?? (kind === 'subscription' ? 'active' : 'owned');
  const until =
    over.until === undefined
      ? kind === 'subscription'
        ? new Date(Date.now() + 86_400_000)
        : null
      : over.until;
  const checkoutId = newId('checkout');
  const membershipId = newId('membership');
  const owner = { coachId, mode, memberId, productId };
  await api.db.$transaction([
    api.db.checkout.create({
      data: {
        id: checkoutId,
        ...owner,
        accountId,
        priceId,
        stripePriceId: 'price_x',
        buyerKey: over.buyerKey ?? `member:${memberId}`,
        unitAmount: 4900,
        currency: 'eur',
        recurring: kind === 'subscription',
        status: 'completed',
        successUrl: 'http://127.0.0.1:4000/thanks',
        cancelUrl: 'http://127.0.0.1:4000/thanks',
        endedAt: new Date(),
      },
    }),
    api.db.memberProduct.createMany({ data: [owner], skipDuplicates: true }),
    api.db.membership.create({
      data: {
        id: membershipId,
        ...owner,
        accountId,
        priceId,
        checkoutId,
        kind,
        status,
        reason: kind === 'subscription' ? 'paid' : 'owned',
        startedAt: new Date(Date.now() - 1000),
        paidThrough: until,
        verifiedAt: new Date(),
      },
    }),
    api.db.grant.create({
      data: {
        id: newId('grant'),
        ...owner,
        cause: 'membership',
        membershipId,
        startsAt: new Date(Date.now() - 2000),
        until,
      },
    }),
  ]);
  return { membershipId, checkoutId };
}
