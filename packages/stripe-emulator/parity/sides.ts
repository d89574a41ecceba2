import Stripe from 'stripe';
import { startEmulator } from '../src/index';
import { callCounter, Wire, type Alter } from './wire';

/** Where a story is told: the client, and how patient it has to be there. */
export interface Place {
  stripe: Stripe;
  wire: Wire;
  /** Milliseconds between two looks at a clock that is advancing, or at a list of events that still grows. */
  pollMs: number;
  /** Whether events come some time after what they tell of. */
  eventsComeLate: boolean;
  close(): Promise<void>;
}

/** One of the two that are compared. Both have test clocks, so that no story knows which it speaks to. */
export interface Side {
  readonly name: string;
  open(story: string): Promise<Place>;
}

/** What an account is like where both sides have to be alike. */
export interface AccountKind {
  country: string;
  currency: string;
}

export const USUAL_ACCOUNT: AccountKind = { country: 'DE', currency: 'eur' };

/** Changes answers of one story; see `Alter`. */
export type AlterStory = (story: string) => Alter;

/** A new emulator for each story: one clock moves everything in an account there. */
export function emulatorSide(name: string, kind: AccountKind, alter?: AlterStory): Side {
  const count = callCounter();
  return {
    name,
    async open(story) {
      // An empty `recordTo` also when the tests around it record all emulators: an altered one has no traffic to vouch for.
      const emulator = await startEmulator({ port: 0, recordTo: '' });
      const wire = new Wire(count, alter?.(story));
      const key = await connectedKey(emulator.url, kind);
      const stripe = clientOf(key, wire, new URL(emulator.url));
      return { stripe, wire, pollMs: 5, eventsComeLate: false, close: () => emulator.close() };
    },
  };
}

/** A sandbox, by its secret key; `base` is where the API is. */
export function stripeSide(
  key: string,
  {
    base = 'https://api.stripe.com',
    pollMs = 2000,
    interrupted,
  }: { base?: string; pollMs?: number; interrupted?: () => boolean } = {},
): Side & { account(): Promise<AccountKind> } {
  const count = callCounter(undefined, interrupted);
  const connect = (): Place => {
    const wire = new Wire(count);
    const stripe = clientOf(key, wire, new URL(base));
    return { stripe, wire, pollMs, eventsComeLate: true, close: () => Promise.resolve() };
  };
  return {
    name: 'Stripe',
    open: () => Promise.resolve(connect()),
    /** Of a restricted key without the right to see it: what most are. */
    async account() {
      const { stripe } = connect();
      try {
        const { country, default_currency: currency } = await stripe.accounts.retrieveCurrent();
        return { country: country ?? USUAL_ACCOUNT.country, currency: currency ?? USUAL_ACCOUNT.currency };
      } catch (error) {
        if (error instanceof Stripe.errors.StripePermissionError) return USUAL_ACCOUNT;
        throw error;
      }
    },
  };
}

function clientOf(key: string, wire: Wire, base: URL): Stripe {
  const protocol = base.protocol === 'http:' ? 'http' : 'https';
  return new Stripe(key, {
    host: base.hostname,
    port: base.port || (protocol === 'http' ? '80' : '443'),
    protocol,
    httpClient: Stripe.createFetchHttpClient(wire.fetch),
    // A repeated request would be an exchange that the other side does not have.
    maxNetworkRetries: 0,
    timeout: 30_000,
    telemetry: false,
  });
}

/** The secret key of a new account with a business of its own, as a sandbox is one. */
async function connectedKey(url: string, { country, currency }: AccountKind): Promise<string> {
  const post = (path: string, fields: Record<string, string>) =>
    fetch(`${url}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
  const approved = await post('/oauth/authorize', {
    response_type: 'code',
    client_id: 'ca_test_emulator',
    scope: 'read_write',
    redirect_uri: 'http://localhost:1/callback',
    account: 'new',
    business_name: 'Parity',
    country,
    currency,
    action: 'approve',
  });
  const code = new URL(approved.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const answer = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_emulator' },
    body: new URLSearchParams({ grant_type: 'authorization_code', code }),
  });
  const { access_token } = (await answer.json()) as { access_token?: string };
  if (access_token === undefined) throw new Error('The emulator did not connect an account.');
  return access_token;
}
