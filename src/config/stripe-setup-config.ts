import type { Config } from './config';
import { ConfigError, parse, schema } from './environment';
import { withSecretFiles } from './secret-files';
import { expectLiveAddresses, NO_KEY } from './stripe-modes';

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
    withSecretFiles(env),
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
