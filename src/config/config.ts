import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { z } from 'zod';
import type { ConnectFlow } from '../domain/connection';
import { LEAST_EVENT_DAYS, LEAST_IDEMPOTENCY_HOURS, type Retention } from '../domain/retention';
import type { Mode } from '../domain/mode';
import { baseAddress, isPlain, isStripeOrLocal } from './addresses';
import { type Limits, rateLimits } from './limits';
import {
  clientId,
  encryptionKey,
  type PayloadKeys,
  payloadKeys,
  platformKey,
  stripeKey,
  webhookSecrets,
} from './secrets';

const seconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const atLeast = (least: number, fallback: number) => z.coerce.number().int().min(least).default(fallback);

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).default(10),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TASK_QUEUE: z.string().min(1).default('session-payments'),
  TEMPORAL_PAYLOAD_KEYS: payloadKeys.optional(),
  TEMPORAL_UI_URL: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }).optional(),
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  RATE_LIMITS: rateLimits.prefault(''),
  PUBLIC_URL: baseAddress,
  PLATFORM_KEY: platformKey,
  ENCRYPTION_KEY: encryptionKey,
  STRIPE_API_BASE: baseAddress.optional(),
  STRIPE_CONNECT_BASE: baseAddress.default('https://connect.stripe.com'),
  CONNECT_FLOW: z.enum(['oauth', 'account_links']).default('oauth'),
  STRIPE_TEST_SECRET_KEY: stripeKey('test').optional(),
  STRIPE_TEST_CLIENT_ID: clientId.optional(),
  STRIPE_TEST_CONNECT_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_LIVE_SECRET_KEY: stripeKey('live').optional(),
  STRIPE_LIVE_CLIENT_ID: clientId.optional(),
  STRIPE_LIVE_CONNECT_WEBHOOK_SECRET: webhookSecrets.optional(),
  STRIPE_LIVE_PLATFORM_WEBHOOK_SECRET: webhookSecrets.optional(),
  LOCAL_CLOCK: z.stringbool().default(false),
  RELAY_POLL_SECONDS: seconds(5),
  CHECKOUT_POLL_SECONDS: seconds(120),
  RECONCILE_MINUTES: seconds(30),
  RETENTION_MINUTES: seconds(60),
  RETENTION_EVENT_BODY_DAYS: atLeast(1, 30),
  RETENTION_EVENT_DAYS: atLeast(LEAST_EVENT_DAYS, 90),
  RETENTION_IDEMPOTENCY_HOURS: atLeast(LEAST_IDEMPOTENCY_HOURS, 24),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  CODEC_SERVER_PORT: z.coerce.number().int().min(0).max(65535).default(8235),
  WORKFLOW_BUNDLE: z.string().default('dist/workflow-bundle.js'),
  CONSOLE_DIR: z.string().default('dist/console'),
});

/** One webhook signing secret with what may be signed by it. */
export interface WebhookSecret {
  secret: string;
  scope: 'platform' | 'connect';
  mode: Mode;
}

export interface StripeModeConfig {
  secretKey: string;
  clientId: string;
}

export interface Config {
  databaseUrl: string;
  databasePoolSize: number;
  temporal: {
    /** Address, TLS and API key, from Temporal's own environment configuration. */
    connection: NativeConnectionOptions;
    namespace: string;
    taskQueue: string;
    uiUrl: string | null;
    /** What encrypts the payloads; null: nothing does. */
    payloadKeys: PayloadKeys | null;
  };
  api: {
    host: string;
    port: number;
    publicUrl: string;
    /** How many proxies stand before the API: the browser's address is so many hops away. */
    trustedProxies: number;
    /** Null: nothing is limited. */
    limits: Limits | null;
  };
  platformKey: string;
  encryptionKey: Buffer;
  stripe: {
    /** Null: Stripe itself. */
    apiBase: string | null;
    connectBase: string;
    /** How coaches connect: with the account that they have, or with one that is created for them. */
    connectFlow: ConnectFlow;
    /** A mode without a key is off. */
    modes: Partial<Record<Mode, StripeModeConfig>>;
    webhookSecrets: WebhookSecret[];
  };
  /** The accounts' clocks can be moved: only against an emulator. */
  localClock: boolean;
  relayPollSeconds: number;
  checkoutPollSeconds: number;
  /** Minutes between two sweeps of the reconciliation. */
  reconcileMinutes: number;
  /** Minutes between two runs of the retention. */
  retentionMinutes: number;
  retention: Retention;
  logLevel: string;
  workflowBundle: string;
  /** Where the built console is. */
  consoleFolder: string;
}

/** Thrown for a bad environment; the message is one clear sentence for the person at the terminal. */
export class ConfigError extends Error {}

/**
 * Reads the environment once, at boot; nobody else reads `process.env`.
 * @throws ConfigError naming the variable and what is wrong with it.
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  // A blank secret is a mistake, not an absence: refuse to start rather than accept unsigned webhooks.
  const e = parse(schema, env);
  const modes: Partial<Record<Mode, StripeModeConfig>> = {};
  const signers: WebhookSecret[] = [];
  for (const mode of ['test', 'live'] as const) {
    const name = mode === 'test' ? 'TEST' : 'LIVE';
    const secretKey = e[`STRIPE_${name}_SECRET_KEY`];
    if (secretKey === undefined) continue;
    const client = e[`STRIPE_${name}_CLIENT_ID`];
    const connect = e[`STRIPE_${name}_CONNECT_WEBHOOK_SECRET`];
    const platform = e[`STRIPE_${name}_PLATFORM_WEBHOOK_SECRET`];
    if (client === undefined)
      throw new ConfigError(`STRIPE_${name}_CLIENT_ID: is needed with STRIPE_${name}_SECRET_KEY`);
    if (connect === undefined)
      throw new ConfigError(
        `STRIPE_${name}_CONNECT_WEBHOOK_SECRET: is needed, or webhooks could not be verified`,
      );
    modes[mode] = { secretKey, clientId: client };
    for (const secret of connect) signers.push({ secret, scope: 'connect', mode });
    for (const secret of platform ?? []) signers.push({ secret, scope: 'platform', mode });
  }
  if (Object.keys(modes).length === 0) throw new ConfigError(NO_KEY);
  expectOneUse(signers);
  if (modes.live !== undefined) expectLiveAddresses(e);
  if (e.PLATFORM_KEY === env.ENCRYPTION_KEY)
    throw new ConfigError('PLATFORM_KEY: is the ENCRYPTION_KEY as well; each needs a value of its own');
  if (e.CONNECT_FLOW === 'account_links' && modes.live !== undefined && !mayLeadBack(e.PUBLIC_URL, e))
    throw new ConfigError(
      'PUBLIC_URL: has to begin with https:// for CONNECT_FLOW=account_links in live mode; Stripe leads back to nothing else',
    );
  if (e.LOCAL_CLOCK && e.STRIPE_API_BASE === undefined)
    throw new ConfigError('LOCAL_CLOCK: works only against an emulator (STRIPE_API_BASE)');
  return {
    databaseUrl: e.DATABASE_URL,
    databasePoolSize: e.DATABASE_POOL_SIZE,
    temporal: {
      connection: temporalConnection(env),
      namespace: e.TEMPORAL_NAMESPACE,
      taskQueue: e.TEMPORAL_TASK_QUEUE,
      uiUrl: e.TEMPORAL_UI_URL ?? null,
      payloadKeys: e.TEMPORAL_PAYLOAD_KEYS ?? null,
    },
    api: {
      host: e.API_HOST,
      port: e.API_PORT,
      publicUrl: e.PUBLIC_URL,
      trustedProxies: e.TRUSTED_PROXIES,
      limits: e.RATE_LIMITS,
    },
    platformKey: e.PLATFORM_KEY,
    encryptionKey: e.ENCRYPTION_KEY,
    stripe: {
      apiBase: e.STRIPE_API_BASE ?? null,
      connectBase: e.STRIPE_CONNECT_BASE,
      connectFlow: e.CONNECT_FLOW,
      modes,
      webhookSecrets: signers,
    },
    localClock: e.LOCAL_CLOCK,
    relayPollSeconds: e.RELAY_POLL_SECONDS,
    checkoutPollSeconds: e.CHECKOUT_POLL_SECONDS,
    reconcileMinutes: e.RECONCILE_MINUTES,
    retentionMinutes: e.RETENTION_MINUTES,
    retention: {
      eventBodyDays: e.RETENTION_EVENT_BODY_DAYS,
      eventDays: e.RETENTION_EVENT_DAYS,
      idempotencyHours: e.RETENTION_IDEMPOTENCY_HOURS,
    },
    logLevel: e.LOG_LEVEL,
    workflowBundle: e.WORKFLOW_BUNDLE,
    consoleFolder: e.CONSOLE_DIR,
  };
}

/** What `npm run stripe:setup` needs to know: before it has run, there are no webhook secrets yet. */
export interface StripeSetupConfig {
  publicUrl: string;
  stripe: Pick<Config['stripe'], 'apiBase' | 'modes'>;
}

/** @throws ConfigError naming the variable and what is wrong with it. */
export function loadStripeSetupConfig(env: Record<string, string | undefined>): StripeSetupConfig {
  const e = parse(
    schema.pick({
      PUBLIC_URL: true,
      STRIPE_API_BASE: true,
      STRIPE_TEST_SECRET_KEY: true,
      STRIPE_LIVE_SECRET_KEY: true,
    }),
    env,
  );
  const keys = { test: e.STRIPE_TEST_SECRET_KEY, live: e.STRIPE_LIVE_SECRET_KEY };
  const modes: Config['stripe']['modes'] = {};
  for (const mode of ['test', 'live'] as const) {
    const secretKey = keys[mode];
    if (secretKey !== undefined) modes[mode] = { secretKey, clientId: '' };
  }
  if (Object.keys(modes).length === 0) throw new ConfigError(NO_KEY);
  if (modes.live !== undefined) expectLiveAddresses(e);
  return { publicUrl: e.PUBLIC_URL, stripe: { apiBase: e.STRIPE_API_BASE ?? null, modes } };
}

/** What `npm run codec-server` needs to know: an operator who reads runs has none of the product's own secrets. */
export interface CodecServerConfig {
  payloadKeys: PayloadKeys;
  /** The Temporal Web UI's address, which alone may ask. */
  uiUrl: string;
  port: number;
}

/** @throws ConfigError naming the variable and what is wrong with it. */
export function loadCodecServerConfig(env: Record<string, string | undefined>): CodecServerConfig {
  const e = parse(
    schema.pick({ TEMPORAL_PAYLOAD_KEYS: true, TEMPORAL_UI_URL: true, CODEC_SERVER_PORT: true }),
    env,
  );
  if (e.TEMPORAL_PAYLOAD_KEYS === undefined)
    throw new ConfigError('TEMPORAL_PAYLOAD_KEYS: nothing is encrypted without, and nothing to decrypt');
  return {
    payloadKeys: e.TEMPORAL_PAYLOAD_KEYS,
    uiUrl: e.TEMPORAL_UI_URL ?? 'http://localhost:8233',
    port: e.CODEC_SERVER_PORT,
  };
}

/** By its secret we know what an endpoint may deliver: one for two of them would let each deliver what is the other's. */
function expectOneUse(signers: readonly WebhookSecret[]): void {
  for (const { secret, scope, mode } of signers) {
    const other = signers.find((one) => one.secret === secret && (one.scope !== scope || one.mode !== mode));
    if (other === undefined) continue;
    const [first, second] = [other, { scope, mode }].map(
      (one) => `STRIPE_${one.mode.toUpperCase()}_${one.scope.toUpperCase()}_WEBHOOK_SECRET`,
    );
    throw new ConfigError(`${first}: has a secret that ${second} has as well; each endpoint has its own`);
  }
}

interface PublicAddresses {
  PUBLIC_URL: string;
  STRIPE_API_BASE?: string | undefined;
  STRIPE_CONNECT_BASE?: string;
}

/** Where money moves, keys and sessions travel encrypted, and to Stripe alone. An emulator runs on this machine. */
function expectLiveAddresses({ PUBLIC_URL, ...bases }: PublicAddresses): void {
  if (isPlain(PUBLIC_URL))
    throw new ConfigError('PUBLIC_URL: has to begin with https:// in live mode, except on this machine');
  for (const name of ['STRIPE_API_BASE', 'STRIPE_CONNECT_BASE'] as const) {
    const base = bases[name];
    if (base !== undefined && !isStripeOrLocal(base))
      throw new ConfigError(`${name}: is neither Stripe nor on this machine; no live key is sent there`);
  }
}

const NO_KEY = 'STRIPE_TEST_SECRET_KEY or STRIPE_LIVE_SECRET_KEY: at least one is needed';

function parse<T>(shape: z.ZodType<T>, env: Record<string, string | undefined>): T {
  const parsed = shape.safeParse(env);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${issue?.path.join('.') ?? 'The environment'}: ${issue?.message ?? 'is not valid'}`);
}

/** In live mode Stripe's account links lead back over HTTPS only. https://docs.stripe.com/api/account_links/create */
function mayLeadBack(
  publicUrl: string,
  { STRIPE_API_BASE }: { STRIPE_API_BASE?: string | undefined },
): boolean {
  return STRIPE_API_BASE !== undefined || publicUrl.startsWith('https://');
}

/**
 * `TEMPORAL_ADDRESS`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_…` and the rest, as every Temporal tool reads them.
 * https://docs.temporal.io/develop/environment-configuration
 */
function temporalConnection(env: Record<string, string | undefined>): NativeConnectionOptions {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) }).connectionOptions;
  } catch (error) {
    throw new ConfigError(`TEMPORAL_…: ${error instanceof Error ? error.message : 'is not valid'}`);
  }
}
