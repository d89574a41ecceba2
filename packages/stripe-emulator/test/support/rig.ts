import Stripe from 'stripe';
import { startEmulator, type EmulatorOptions, type RunningEmulator } from '../../src/index';

/** An emulator with the official client and the things that a browser and a test would do. */
export class Rig {
  readonly test: Stripe;
  readonly live: Stripe;

  constructor(readonly emulator: RunningEmulator) {
    this.test = client('sk_test_emulator', emulator.port);
    this.live = client('sk_live_emulator', emulator.port);
  }

  static async start(options: EmulatorOptions = {}): Promise<Rig> {
    return new Rig(await startEmulator({ port: 0, ...options }));
  }

  close(): Promise<void> {
    return this.emulator.close();
  }

  stripe(livemode: boolean): Stripe {
    return livemode ? this.live : this.test;
  }

  /** Control API. */
  async control<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.emulator.url}/_emulator${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  drain(): Promise<{ pending: number; failed: number }> {
    return this.control('POST', '/deliveries/drain', {});
  }

  clock(
    account: string,
    livemode = false,
  ): Promise<{ now: number; offsetSeconds: number; nextBoundary: number | null }> {
    return this.control('GET', `/clock?account=${account}&livemode=${livemode}`);
  }

  async advance(
    account: string,
    target: { advanceTo?: number; advanceSeconds?: number },
    livemode = false,
  ): Promise<void> {
    await this.control('POST', '/clock', { account, livemode, ...target });
  }

  /** Posts a page's form as a browser does, without following the redirect. */
  post(path: string, fields: Record<string, string>): Promise<Response> {
    return fetch(path.startsWith('http') ? path : `${this.emulator.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** Approves the OAuth page with a new account; gives the code. */
  async authorize(fields: Record<string, string> = {}, livemode = false): Promise<string> {
    const response = await this.post('/oauth/authorize', {
      response_type: 'code',
      client_id: livemode ? 'ca_live_emulator' : 'ca_test_emulator',
      scope: 'read_write',
      redirect_uri: 'http://localhost:1/callback',
      state: 'abc',
      account: 'new',
      business_name: 'Ada Coaching',
      country: 'DE',
      action: 'approve',
      ...fields,
    });
    const target = new URL(response.headers.get('location') ?? '');
    return target.searchParams.get('code') ?? '';
  }

  /** A connected account. */
  async connect(fields: Record<string, string> = {}, livemode = false): Promise<string> {
    const code = await this.authorize(fields, livemode);
    const answer = await this.stripe(livemode).oauth.token({ grant_type: 'authorization_code', code });
    return answer.stripe_user_id ?? '';
  }

  /** Submits the hosted page of a session. */
  pay(session: Stripe.Checkout.Session, fields: Record<string, string> = {}): Promise<Response> {
    return this.post(`/c/pay/${session.id}`, {
      email: 'member@example.com',
      payment_method: 'card',
      card_number: '4242 4242 4242 4242',
      card_expiry: '12 / 60',
      card_cvc: '123',
      billing_name: 'Mia Member',
      billing_country: 'DE',
      ...fields,
    });
  }

  /** A product with a price. */
  async price(
    account: string,
    amount: number,
    recurring?: Stripe.PriceCreateParams.Recurring,
    livemode = false,
  ): Promise<Stripe.Price> {
    const options = { stripeAccount: account };
    const product = await this.stripe(livemode).products.create({ name: 'Programme' }, options);
    return this.stripe(livemode).prices.create(
      { product: product.id, currency: 'eur', unit_amount: amount, ...(recurring ? { recurring } : {}) },
      options,
    );
  }
}

function client(key: string, port: number): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}
