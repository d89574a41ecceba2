import { isAbsolute, join, resolve } from 'node:path';
import { LocalError } from './process/local-error';
import { PROJECT_ROOT } from './process/project';

/** The ports that can be moved, each by its variable. */
const PORTS = {
  api: { variable: 'API_PORT', fallback: 4000, what: 'the API' },
  demoSite: { variable: 'DEMO_SITE_PORT', fallback: 4001, what: 'the demo site' },
  stripeEmulator: { variable: 'STRIPE_EMULATOR_PORT', fallback: 4002, what: 'the Stripe emulator' },
  postgres: { variable: 'POSTGRES_PORT', fallback: 4003, what: 'Postgres' },
  mails: { variable: 'MAIL_PORT', fallback: 4004, what: 'the page of the mails' },
  smtp: { variable: 'MAIL_SMTP_PORT', fallback: 4005, what: 'the mail server' },
  temporal: { variable: 'TEMPORAL_PORT', fallback: 7233, what: 'Temporal' },
  temporalUi: { variable: 'TEMPORAL_UI_PORT', fallback: 8233, what: 'the Temporal Web UI' },
} as const;

export type PortName = keyof typeof PORTS;

export interface Port {
  number: number;
  /** The environment variable that moves it. */
  variable: string;
  /** Who listens there, for sentences. */
  what: string;
}

/** What `npm start` was asked for. Each part is embedded, or replaced by a real one through its usual variable. */
export interface Settings {
  dataFolder: string;
  ports: Record<PortName, Port>;
  /** The API's address for browsers and for Stripe, without a trailing slash. */
  publicUrl: string;
  /** A database of the user's; null: our own Postgres. */
  databaseUrl: string | null;
  /** A Temporal server of the user's, host and port; null: our own development server. */
  temporalAddress: string | null;
  /** False as soon as there is a real Stripe key for either mode. */
  stripeEmulator: boolean;
  /** Mails are caught on this machine; false where there is a mail server of the user's. */
  mailCatcher: boolean;
}

type Environment = Record<string, string | undefined>;

const HIGHEST_PORT = 65_535;

function portFrom(env: Environment, name: PortName): Port {
  const { variable, fallback, what } = PORTS[name];
  const text = env[variable];
  const number = text === undefined || text === '' ? fallback : Number(text);
  if (!Number.isInteger(number) || number < 1 || number > HIGHEST_PORT) {
    throw new LocalError(
      `${variable} has to be a port number from 1 to ${HIGHEST_PORT}, but it is "${text}".`,
    );
  }
  return { number, variable, what };
}

function portsFrom(env: Environment): Record<PortName, Port> {
  const names = Object.keys(PORTS) as PortName[];
  const ports = names.map((name) => [name, portFrom(env, name)] as const);
  const byNumber = new Map<number, Port>();
  for (const [, port] of ports) {
    const other = byNumber.get(port.number);
    if (other) {
      throw new LocalError(
        `${other.variable} and ${port.variable} are both ${port.number}: give each its own port.`,
      );
    }
    byNumber.set(port.number, port);
  }
  return Object.fromEntries(ports) as Record<PortName, Port>;
}

function dataFolderFrom(env: Environment): string {
  const wanted = env['SESSION_DATA_DIR'];
  if (!wanted) return join(PROJECT_ROOT, '.data');
  return isAbsolute(wanted) ? wanted : resolve(wanted);
}

function addressFrom(env: Environment, variable: string): string | null {
  const address = env[variable];
  if (!address) return null;
  if (!/^[^\s/:]+:\d+$|^\[[0-9a-f:]+\]:\d+$/i.test(address)) {
    throw new LocalError(`${variable} has to be host:port, such as 127.0.0.1:7233, but it is "${address}".`);
  }
  return address;
}

function urlFrom(env: Environment, variable: string, protocols: string[], example: string): string | null {
  const text = env[variable];
  if (!text) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocols.includes(protocol)) return text;
  throw new LocalError(`${variable} has to be an address such as ${example}.`);
}

/**
 * Reads what concerns the local stack. The product's own variables are checked by the product's configuration.
 * @throws LocalError with a sentence that names the variable
 */
export function settingsFrom(env: Environment): Settings {
  const ports = portsFrom(env);
  const publicUrl = urlFrom(env, 'PUBLIC_URL', ['http:', 'https:'], 'https://payments.example.com');
  return {
    dataFolder: dataFolderFrom(env),
    ports,
    publicUrl: (publicUrl ?? `http://localhost:${ports.api.number}`).replace(/\/+$/, ''),
    databaseUrl: urlFrom(
      env,
      'DATABASE_URL',
      ['postgres:', 'postgresql:'],
      'postgresql://user:password@host:5432/session',
    ),
    temporalAddress: addressFrom(env, 'TEMPORAL_ADDRESS'),
    stripeEmulator: !env['STRIPE_TEST_SECRET_KEY'] && !env['STRIPE_LIVE_SECRET_KEY'],
    mailCatcher: !env['SMTP_URL'] && !env['SMTP_URL_FILE'],
  };
}

/** The ports that our own parts will listen on. */
export function neededPorts({
  ports,
  databaseUrl,
  temporalAddress,
  stripeEmulator,
  mailCatcher,
}: Settings): Port[] {
  return [
    ports.api,
    ...(stripeEmulator ? [ports.stripeEmulator, ports.demoSite] : []),
    ...(mailCatcher ? [ports.mails, ports.smtp] : []),
    ...(databaseUrl === null ? [ports.postgres] : []),
    ...(temporalAddress === null ? [ports.temporal, ports.temporalUi] : []),
  ];
}
