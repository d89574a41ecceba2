/** How failed payments of a subscription are tried again, after Stripe's "Smart Retries" settings of a Dashboard. */
export interface RetryPolicy {
  /** Days between one failed attempt and the next. */
  days: number[];
  /** What happens to the subscription when the last retry has failed. */
  finalAction: 'cancel' | 'unpaid' | 'past_due';
}

/** What the starter of an emulator can choose. Everything has a default. */
export interface EmulatorOptions {
  /** TCP port; 0 takes any free one. Default 12111. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1: the emulator has no protection against the world. */
  host?: string;
  /** Folder for the journal. Absent: everything stays in memory. */
  dataDir?: string;
  /** Address under which browsers reach the emulator, without a trailing slash. Default: http://host:port. */
  publicUrl?: string;
  /** Accounts to create when the data folder is empty. */
  seed?: SeedAccount[];
  /** Receives a line for each failure of the emulator itself. Default: standard error. */
  log?: (line: string) => void;
  /** The platform's secret keys. */
  secretKeys?: { test?: string; live?: string };
  /** The platform's OAuth client ids. */
  clientIds?: { test?: string; live?: string };
  /** Where OAuth returns to when the authorize request names no redirect_uri. */
  defaultRedirectUri?: string;
  /** Whether test events also go to live Connect endpoints, as Stripe does. Default true. */
  testEventsToLiveConnect?: boolean;
  /** Milliseconds between delivery attempts of one event (system time), in both modes. Default: as Stripe does in each. */
  deliveryRetryMs?: number[];
  /** Milliseconds that an endpoint has for its answer. Default 10000. */
  deliveryTimeoutMs?: number;
  /** Payment retries of accounts that have no policy of their own. */
  retryPolicy?: RetryPolicy;
  /** Folder in which to write down all traffic; see src/recording.ts. Default: STRIPE_EMULATOR_RECORD, else nowhere. */
  recordTo?: string;
}

/** An account of the emulator that exists before anybody connects it. */
export interface SeedAccount {
  id?: string;
  email?: string;
  country?: string;
  defaultCurrency?: string;
  verified?: boolean;
  /** Shown at Checkout, which refuses an account without one (null or empty). */
  businessName?: string | null;
}

/** Options with every default filled in. */
export interface Settings {
  port: number;
  host: string;
  dataDir: string | undefined;
  publicUrl: string | undefined;
  seed: SeedAccount[];
  log: (line: string) => void;
  secretKeys: { test: string; live: string };
  clientIds: { test: string; live: string };
  defaultRedirectUri: string | undefined;
  testEventsToLiveConnect: boolean;
  deliveryRetryMs: { test: number[]; live: number[] };
  deliveryTimeoutMs: number;
  retryPolicy: RetryPolicy;
  recordTo: string | undefined;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** In a sandbox an event is delivered three times in a few hours: https://docs.stripe.com/webhooks#automatic-retries. Stripe does not say when. */
const SANDBOX_RETRIES = [5 * MINUTE, 2 * HOUR];
/** In live mode for three days, further and further apart: https://docs.stripe.com/webhooks#automatic-retries. Stripe does not say when. */
const LIVE_RETRIES = [5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR];

/** Fills in the defaults. */
export function settingsFrom(options: EmulatorOptions): Settings {
  return {
    port: options.port ?? 12111,
    host: options.host ?? '127.0.0.1',
    dataDir: options.dataDir,
    publicUrl: options.publicUrl?.replace(/\/+$/, ''),
    seed: options.seed ?? [],
    log: options.log ?? ((line) => void process.stderr.write(`${line}\n`)),
    secretKeys: {
      test: options.secretKeys?.test ?? 'sk_test_emulator',
      live: options.secretKeys?.live ?? 'sk_live_emulator',
    },
    clientIds: {
      test: options.clientIds?.test ?? 'ca_test_emulator',
      live: options.clientIds?.live ?? 'ca_live_emulator',
    },
    defaultRedirectUri: options.defaultRedirectUri,
    testEventsToLiveConnect: options.testEventsToLiveConnect ?? true,
    deliveryRetryMs: {
      test: options.deliveryRetryMs ?? SANDBOX_RETRIES,
      live: options.deliveryRetryMs ?? LIVE_RETRIES,
    },
    deliveryTimeoutMs: options.deliveryTimeoutMs ?? 10 * SECOND,
    retryPolicy: options.retryPolicy ?? { days: [3, 5, 7], finalAction: 'cancel' },
    recordTo: (options.recordTo ?? process.env.STRIPE_EMULATOR_RECORD) || undefined,
  };
}
