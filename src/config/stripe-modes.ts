import type { Mode } from '../domain/mode';
import { isPlain, isStripeOrLocal } from './addresses';
import { ConfigError, type Environment } from './environment';

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

type StripeVariables = {
  [K in keyof Environment as K extends `STRIPE_${'TEST' | 'LIVE'}_${string}` ? K : never]: Environment[K];
};

/** @throws ConfigError if no mode is on, something of one is missing, or a secret is used twice */
export function readStripeModes(e: StripeVariables): {
  modes: Partial<Record<Mode, StripeModeConfig>>;
  webhookSecrets: WebhookSecret[];
} {
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
  return { modes, webhookSecrets: signers };
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
export function expectLiveAddresses({ PUBLIC_URL, ...bases }: PublicAddresses): void {
  if (isPlain(PUBLIC_URL))
    throw new ConfigError('PUBLIC_URL: has to begin with https:// in live mode, except on this machine');
  for (const name of ['STRIPE_API_BASE', 'STRIPE_CONNECT_BASE'] as const) {
    const base = bases[name];
    if (base !== undefined && !isStripeOrLocal(base))
      throw new ConfigError(`${name}: is neither Stripe nor on this machine; no live key is sent there`);
  }
}

/** In live mode Stripe's account links lead back over HTTPS only. https://docs.stripe.com/api/account_links/create */
export function mayLeadBack(
  publicUrl: string,
  { STRIPE_API_BASE }: { STRIPE_API_BASE?: string | undefined },
): boolean {
  return STRIPE_API_BASE !== undefined || publicUrl.startsWith('https://');
}

export const NO_KEY = 'STRIPE_TEST_SECRET_KEY or STRIPE_LIVE_SECRET_KEY: at least one is needed';
