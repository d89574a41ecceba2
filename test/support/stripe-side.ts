import type { Mode } from '../../src/domain/mode';

/** Keys of the emulated platform. */
export const PLATFORM = {
  test: { secretKey: 'sk_test_emulator', clientId: 'ca_test_emulator' },
  live: { secretKey: 'sk_live_emulator', clientId: 'ca_live_emulator' },
} as const;

/** Cards by what they do, in each mode: the emulator refuses every other number. */
export const CARDS = {
  test: {
    succeeds: '4242424242424242',
    declined: '4000000000000002',
    failsAtRenewal: '4000000000000341',
    challenged: '4000002500003155',
  },
  live: {
    succeeds: '5555000000004240',
    declined: '5555000000000008',
    failsAtRenewal: '5555000000000347',
    challenged: '5555000000003150',
  },
} as const;

/** Bank accounts of SEPA debit, test mode. */
export const IBANS = { succeeds: 'DE89370400440532013000', fails: 'DE62370400440532013001' } as const;

export interface DeliveryRule {
  match: { type?: string; account?: string; livemode?: boolean };
  action: 'drop' | 'repeat' | 'delay' | 'hold' | 'reorder';
  times?: number;
}

export interface Fault {
  match: { method?: string; path?: string; account?: string };
  times?: number;
  fault: {
    kind: string;
    status?: number;
    code?: string;
    message?: string;
    hangMs?: number;
    when: 'before' | 'after';
  };
}

/** What happens on Stripe's side: its pages, posted as a browser would, and its emulator's controls. */
export function createStripeSide(url: string) {
  async function control<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${url}/_emulator${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  const post = (address: string, form: Record<string, string>) =>
    fetch(address, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

  /** Fills in the hosted page; the answer is a redirect on success, the page with an error otherwise. */
  async function submit(
    page: string,
    form: Record<string, string>,
  ): Promise<{ status: number; location: string | null; error: string | null }> {
    const response = await post(page, {
      email: 'member@example.com',
      billing_name: 'A Member',
      billing_country: 'US',
      ...form,
    });
    const error = /data-testid="error">([^<]*)</.exec(await response.text())?.[1] ?? null;
    return { status: response.status, location: response.headers.get('location'), error };
  }

  return {
    url,
    control,

    async newAccount(input: object = { verified: true }): Promise<string> {
      const { id } = await control<{ id: string }>('POST', '/accounts', input);
      return id;
    },
    /** The owner approves the platform, and the platform exchanges the code. */
    async connect(accountId: string, mode: Mode): Promise<void> {
      const { clientId, secretKey } = PLATFORM[mode];
      const approved = await post(`${url}/oauth/authorize`, {
        response_type: 'code',
        client_id: clientId,
        redirect_uri: 'http://localhost/callback',
        scope: 'read_write',
        account: accountId,
        action: 'approve',
      });
      const code = new URL(approved.headers.get('location') ?? '').searchParams.get('code') ?? '';
      const exchanged = await post(`${url}/oauth/token`, {
        grant_type: 'authorization_code',
        code,
        client_secret: secretKey,
      });
      if (!exchanged.ok) throw new Error(`The code was not exchanged: ${await exchanged.text()}`);
    },

    payWithCard: (page: string, number: string, more: Record<string, string> = {}) =>
      submit(page, {
        payment_method: 'card',
        card_number: number,
        card_expiry: '12/50',
        card_cvc: '123',
        ...more,
      }),
    payWithIban: (page: string, iban: string, more: Record<string, string> = {}) =>
      submit(page, { payment_method: 'sepa_debit', iban, ...more }),

    trigger: (name: string, input: object) => control('POST', `/triggers/${name}`, input),
    deliveryRules: (...rules: DeliveryRule[]) => control('PUT', '/delivery-rules', { rules }),
    release: (order: 'fifo' | 'reverse' | 'shuffle', seed = 1) =>
      control<{ released: number }>('POST', '/deliveries/release', { order, seed }),
    /** Nothing that happens while they are off is ever delivered. */
    webhooks: (enabled: boolean, scope: { account?: string } = {}) =>
      control('POST', '/webhooks', { enabled, ...scope }),
    faults: (...rules: Fault[]) => control('PUT', '/faults', { rules }),
    drain: (scope: object = {}) =>
      control<{ pending: number; failed: number }>('POST', '/deliveries/drain', {
        timeoutMs: 30_000,
        ...scope,
      }),
    async deliveries(query: Record<string, string>) {
      type Delivery = {
        id: string;
        event: string;
        type: string;
        status: string;
        attempts: { status: number | null }[];
      };
      const path = `/deliveries?${new URLSearchParams(query)}`;
      return (await control<{ deliveries: Delivery[] }>('GET', path)).deliveries;
    },
    async objects<T = Record<string, unknown>>(type: string, account: string): Promise<T[]> {
      const path = `/objects?${new URLSearchParams({ type, account })}`;
      const { objects } = await control<{ objects: { object: T }[] }>('GET', path);
      return objects.map(({ object }) => object);
    },
    async requests(limit = 500) {
      type LoggedRequest = {
        method: string;
        path: string;
        account: string | null;
        params: object;
        idempotencyKey: string | null;
        /** The answer was the one stored under the key. */
        replayed: boolean;
      };
      return (await control<{ requests: LoggedRequest[] }>('GET', `/requests?limit=${limit}`)).requests;
    },
    redeliver: (eventId: string, times = 1) => control('POST', `/events/${eventId}/redeliver`, { times }),
  };
}

export type StripeSide = ReturnType<typeof createStripeSide>;
