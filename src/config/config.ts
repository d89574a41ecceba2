import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { ConnectFlow } from '../domain/connection';
import type { Mode } from '../domain/mode';
import type { ReceiverRules } from '../domain/receiver-address';
import type { Retention } from '../domain/retention';
import { STRIPE_LIMITS } from '../domain/stripe-allowance';
import { ConfigError, type Environment, parse, schema } from './environment';
import { databaseUrlOf } from './database-url';
import type { Limits } from './limits';
import { mailServerOf } from './mail-server';
import { withSecretFiles } from './secret-files';
import type { PayloadKeys } from './secrets';
import type { StripeLimits } from './stripe-limits';
import {
  expectLiveAddresses,
  mayLeadBack,
  readStripeModes,
  type StripeModeConfig,
  type WebhookSecret,
} from './stripe-modes';

export interface Config {
  databaseUrl: string;
  databasePoolSize: number;
  temporal: {
    /** Address, TLS and API key, from Temporal's own environment configuration. */
    connection: NativeConnectionOptions;
    namespace: string;
    taskQueue: string;
    /** Which build of the worker this is, for Worker Versioning; null: it is not versioned. */
    deployment: WorkerDeploymentVersion | null;
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
  /** Where a worker tells how it is; null: nowhere. The port after it is the SDK's, on the loopback interface. */
  workerHttp: { host: string; port: number } | null;
  platformKey: string;
  encryptionKey: Buffer;
  stripe: {
    /** Null: Stripe itself. */
    apiBase: string | null;
    connectBase: string;
    /** How coaches connect: with the account that they have, or with one that is created for them. */
    connectFlow: ConnectFlow;
    /** Calls a second on one account; null: none waits for its turn. */
    limits: StripeLimits | null;
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
  /** Where the receivers of coaches may be. */
  receivers: ReceiverRules;
  /** Where mails are handed over, and the address that they are from; null: none is sent. */
  mailServer: { url: string; from: string } | null;
  logLevel: string;
  /** Whether spans are sent to a collector; where and how, OpenTelemetry's own variables say. */
  tracing: boolean;
  workflowBundle: string;
  /** Where the built console is. */
  consoleFolder: string;
}

/**
 * Reads the environment once, at boot; nobody else reads `process.env`.
 * @throws ConfigError naming the variable and what is wrong with it.
 */
export function loadConfig(given: Record<string, string | undefined>): Config {
  const env = withSecretFiles(given);
  // A blank secret is a mistake, not an absence: refuse to start rather than accept unsigned webhooks.
  const e = parse(schema, env);
  const { modes, webhookSecrets } = readStripeModes(e);
  if (modes.live !== undefined) expectLiveAddresses(e);
  if (e.PLATFORM_KEY === env.ENCRYPTION_KEY)
    throw new ConfigError('PLATFORM_KEY: is the ENCRYPTION_KEY as well; each needs a value of its own');
  if (e.CONNECT_FLOW === 'account_links' && modes.live !== undefined && !mayLeadBack(e.PUBLIC_URL, e))
    throw new ConfigError(
      'PUBLIC_URL: has to begin with https:// for CONNECT_FLOW=account_links in live mode; Stripe leads back to nothing else',
    );
  if (e.LOCAL_CLOCK && e.STRIPE_API_BASE === undefined)
    throw new ConfigError('LOCAL_CLOCK: works only against an emulator (STRIPE_API_BASE)');
  if (e.WEBHOOKS_TO_THIS_MACHINE && e.STRIPE_API_BASE === undefined)
    throw new ConfigError('WEBHOOKS_TO_THIS_MACHINE: works only against an emulator (STRIPE_API_BASE)');
  return {
    databaseUrl: databaseUrlOf(e),
    databasePoolSize: e.DATABASE_POOL_SIZE,
    temporal: {
      connection: temporalConnection(env),
      namespace: e.TEMPORAL_NAMESPACE,
      taskQueue: e.TEMPORAL_TASK_QUEUE,
      deployment: deploymentOf(e),
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
    workerHttp:
      e.WORKER_HTTP_PORT === undefined ? null : { host: e.WORKER_HTTP_HOST, port: e.WORKER_HTTP_PORT },
    platformKey: e.PLATFORM_KEY,
    encryptionKey: e.ENCRYPTION_KEY,
    stripe: {
      apiBase: e.STRIPE_API_BASE ?? null,
      connectBase: e.STRIPE_CONNECT_BASE,
      connectFlow: e.CONNECT_FLOW,
      // An emulator has no limits, unless somebody wants to see what they do.
      limits: e.STRIPE_RATE_LIMITS ?? (e.STRIPE_API_BASE === undefined ? STRIPE_LIMITS : null),
      modes,
      webhookSecrets,
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
      factDays: e.RETENTION_FACT_DAYS,
      auditDays: e.RETENTION_AUDIT_DAYS,
    },
    receivers: { thisMachine: e.WEBHOOKS_TO_THIS_MACHINE },
    mailServer: mailServerOf(e),
    logLevel: e.LOG_LEVEL,
    tracing: (e.OTEL_EXPORTER_OTLP_ENDPOINT ?? e.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) !== undefined,
    workflowBundle: e.WORKFLOW_BUNDLE,
    consoleFolder: e.CONSOLE_DIR,
  };
}

/**
 * `TEMPORAL_ADDRESS`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_…` and the rest, as every Temporal tool reads them.
 * https://docs.temporal.io/develop/environment-configuration
 */
export function temporalConnection(env: Record<string, string | undefined>): NativeConnectionOptions {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) }).connectionOptions;
  } catch (error) {
    throw new ConfigError(`TEMPORAL_…: ${error instanceof Error ? error.message : 'is not valid'}`);
  }
}

/** The names by which Temporal's controller for Kubernetes says it as well. https://docs.temporal.io/worker-versioning */
function deploymentOf(e: Environment): WorkerDeploymentVersion | null {
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = e;
  if (deploymentName === undefined && buildId === undefined) return null;
  if (deploymentName === undefined)
    throw new ConfigError(
      'TEMPORAL_DEPLOYMENT_NAME: is missing, and TEMPORAL_WORKER_BUILD_ID is a build of it',
    );
  if (buildId === undefined)
    throw new ConfigError('TEMPORAL_WORKER_BUILD_ID: is missing, and TEMPORAL_DEPLOYMENT_NAME needs one');
  return { deploymentName, buildId };
}
