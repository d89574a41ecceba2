import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Mode } from '../domain/mode';
import { WEBHOOK_SCOPES } from '../domain/webhook-endpoints';
import type { DataFolder } from './data-folder';
import { type DatabaseRole, passwordOf } from './postgres/roles';
import type { Secrets } from './secrets';
import type { Settings } from './settings';
import { PROJECT_ROOT } from './process/project';

const EMULATOR_KEYS = {
  test: { secretKey: 'sk_test_emulator', clientId: 'ca_test_emulator' },
  live: { secretKey: 'sk_live_emulator', clientId: 'ca_live_emulator' },
} as const satisfies Record<Mode, object>;

export const MODES = ['test', 'live'] as const satisfies Mode[];

/** Of our own Postgres. */
export const DATABASE_NAME = 'session';
const NAMESPACE = 'default';
const HOST = '127.0.0.1';
/** Whom caught mails are from. https://www.rfc-editor.org/rfc/rfc2606 */
const MAIL_FROM = 'mails@session.example';

/** Where our own parts are, or the real ones that replace them. */
export interface Addresses {
  /** As each role finds it; in a database of the user's there are the roles that they gave us. */
  databaseUrls: Record<DatabaseRole, string>;
  temporalAddress: string;
  /** Null where the user brought their own server. */
  temporalUi: string | null;
  /** Null with real Stripe. */
  stripeEmulator: string | null;
  /** Where caught mails can be read; null with a mail server of the user's. */
  mails: string | null;
}

/** What is known of the stack before any part of it runs. */
export interface StackFacts {
  settings: Settings;
  folder: DataFolder;
  secrets: Secrets;
  addresses: Addresses;
}

/** Everything is decided before anything is started. */
export function addressesOf(
  { databaseUrl, temporalAddress, stripeEmulator, mailCatcher, ports }: Settings,
  secrets: Secrets,
): Addresses {
  const urlOf = (role: DatabaseRole): string => {
    const password = passwordOf(role, secrets.postgresPassword);
    return (
      databaseUrl ??
      `postgresql://session_${role}:${password}@${HOST}:${ports.postgres.number}/${DATABASE_NAME}`
    );
  };
  return {
    databaseUrls: { owner: urlOf('owner'), api: urlOf('api'), worker: urlOf('worker') },
    temporalAddress: temporalAddress ?? `${HOST}:${ports.temporal.number}`,
    temporalUi: temporalAddress === null ? `http://localhost:${ports.temporalUi.number}` : null,
    stripeEmulator: stripeEmulator ? `http://localhost:${ports.stripeEmulator.number}` : null,
    mails: mailCatcher ? `http://localhost:${ports.mails.number}` : null,
  };
}

/** What is ours of Temporal's variables, whichever server it is. */
const OURS = new Set([
  'TEMPORAL_TASK_QUEUE',
  'TEMPORAL_PAYLOAD_KEYS',
  'TEMPORAL_DEPLOYMENT_NAME',
  'TEMPORAL_WORKER_BUILD_ID',
]);

/** The variables of a real Temporal server, and a profile in the user's file, would send our own one's clients astray. */
function withoutTemporal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ([name]: [string, unknown]): boolean => !name.startsWith('TEMPORAL_') || OURS.has(name);
  return Object.fromEntries(Object.entries(env).filter(kept));
}

/** Against the emulator: both modes on, its keys, the secrets of the endpoints registered there, movable clocks. */
function emulatorVariables(env: NodeJS.ProcessEnv, emulator: string, secrets: Secrets): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {
    STRIPE_API_BASE: emulator,
    STRIPE_CONNECT_BASE: emulator,
    LOCAL_CLOCK: 'true',
    WEBHOOKS_TO_THIS_MACHINE: 'true',
    // On one machine everybody has one address.
    RATE_LIMITS: env['RATE_LIMITS'] ?? 'off',
    // The emulator minds being asked less than Stripe does, and nobody at a laptop likes to wait.
    CHECKOUT_POLL_SECONDS: env['CHECKOUT_POLL_SECONDS'] ?? '30',
  };
  for (const mode of MODES) {
    const prefix = `STRIPE_${mode.toUpperCase()}`;
    variables[`${prefix}_SECRET_KEY`] = EMULATOR_KEYS[mode].secretKey;
    variables[`${prefix}_CLIENT_ID`] = EMULATOR_KEYS[mode].clientId;
    for (const scope of WEBHOOK_SCOPES) {
      // Before the endpoints are registered there is nothing to verify with yet: a secret that nobody knows.
      const secret =
        secrets.webhookEndpoint(mode, scope)?.secret ?? `whsec_${randomBytes(32).toString('hex')}`;
      variables[`${prefix}_${scope.toUpperCase()}_WEBHOOK_SECRET`] = secret;
    }
  }
  return variables;
}

/** The whole environment of the API or the worker. */
export function productEnvironment(
  env: NodeJS.ProcessEnv,
  { settings, folder, addresses, secrets }: StackFacts,
  program: 'api' | 'worker',
): NodeJS.ProcessEnv {
  return {
    ...(settings.temporalAddress === null
      ? {
          ...withoutTemporal(env),
          TEMPORAL_NAMESPACE: NAMESPACE,
          TEMPORAL_CONFIG_FILE: folder.temporalProfile,
        }
      : env),
    DATABASE_URL: addresses.databaseUrls[program],
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    ...(addresses.temporalUi === null ? {} : { TEMPORAL_UI_URL: addresses.temporalUi }),
    API_HOST: env['API_HOST'] ?? HOST,
    API_PORT: String(settings.ports.api.number),
    PUBLIC_URL: settings.publicUrl,
    PLATFORM_KEY: env['PLATFORM_KEY'] ?? secrets.platformKey,
    ENCRYPTION_KEY: env['ENCRYPTION_KEY'] ?? secrets.encryptionKey,
    WORKFLOW_BUNDLE: join(PROJECT_ROOT, 'dist', 'workflow-bundle.js'),
    CONSOLE_DIR: join(PROJECT_ROOT, 'dist', 'console'),
    ...(settings.mailCatcher
      ? { SMTP_URL: `smtp://${HOST}:${settings.ports.smtp.number}`, MAIL_FROM: env['MAIL_FROM'] ?? MAIL_FROM }
      : {}),
    ...(addresses.stripeEmulator === null ? {} : emulatorVariables(env, addresses.stripeEmulator, secrets)),
  };
}
