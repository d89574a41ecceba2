import type Stripe from 'stripe';
import { settingsFrom } from '../src/options';
import { Receiver } from './support/receiver';
import { rigFor } from './support/setup';

const HOUR = 3_600_000;
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

describe('Connect and webhooks are as strict as Stripe', () => {
  let hook: Receiver;

  const rig = rigFor('test');
  beforeEach(async () => {
    hook = await Receiver.start();
  });
  afterEach(async () => {
    await hook.close();
  });

  const listen = (livemode: boolean, more: Partial<Stripe.WebhookEndpointCreateParams> = {}) =>
    rig
      .stripe(livemode)
      .webhookEndpoints.create({ url: hook.url, enabled_events: ['*'], connect: true, ...more });
  const product = (account: string, livemode: boolean) =>
    rig.stripe(livemode).products.create({ name: 'Programme' }, { stripeAccount: account });

  describe('what is not taken is delivered again (https://docs.stripe.com/webhooks#automatic-retries)', () => {
    it('three times within hours in test mode, for three days in live mode', () => {
      const { test, live } = settingsFrom({}).deliveryRetryMs;
      expect(1 + test.length).toBe(3);
      expect(sum(test)).toBeLessThan(24 * HOUR);
      expect(sum(live)).toBeGreaterThan(48 * HOUR);
      expect(sum(live)).toBeLessThanOrEqual(72 * HOUR);
      expect([...live].sort((a, b) => a - b)).toEqual(live);
    });

    it.each([
      [false, 3],
      [true, 9],
    ])('live mode %p: %p attempts, then it has failed', async (livemode, attempts) => {
      const account = await rig.connect({}, livemode);
      await listen(livemode, { enabled_events: ['product.created'] });
      hook.answers.push(...Array<number>(20).fill(500));
      await product(account, livemode);
      const hurry = () =>
        rig.control<{ pending: number; failed: number }>('POST', '/deliveries/drain', { retryNow: true });
      for (let attempt = 1; attempt < attempts; attempt += 1) {
        expect(await hurry()).toMatchObject({ pending: 1, failed: 0 });
      }
      expect(await hurry()).toMatchObject({ pending: 0, failed: 1 });
      const { deliveries } = await rig.control<{ deliveries: { attempts: object[]; status: string }[] }>(
        'GET',
        '/deliveries',
      );
      expect(deliveries.map((delivery) => [delivery.status, delivery.attempts.length])).toEqual([
        ['failed', attempts],
      ]);
    });
  });

  it('a mode has 16 endpoints at most (https://docs.stripe.com/webhooks)', async () => {
    for (let count = 0; count < 16; count += 1) await listen(false, { url: `${hook.url}/${count}` });
    await expect(listen(false)).rejects.toMatchObject({
      statusCode: 400,
      message: 'You have reached the maximum of 16 test webhook endpoints.',
    });
    const one = await listen(true);
    expect(one.livemode).toBe(true);
    const { data } = await rig.test.webhookEndpoints.list({ limit: 1 });
    await rig.test.webhookEndpoints.del(data[0]?.id ?? '');
    expect((await listen(false)).status).toBe('enabled');
  });

  it('account.updated comes as the account’s event, and without `account` as the platform’s (https://docs.stripe.com/connect/webhooks)', async () => {
    const own = await Receiver.start();
    const account = await rig.connect();
    await listen(false, { enabled_events: ['account.updated'] });
    await listen(false, { enabled_events: ['account.updated'], connect: false, url: own.url });
    await rig.control('POST', '/triggers/account_restricted', { account, livemode: false });
    await rig.drain();
    expect(hook.received.map(({ event }) => event.account)).toEqual([account]);
    expect(own.received.map(({ event }) => event.account)).toEqual([undefined]);
    expect((own.received[0]?.event.data.object as Stripe.Account).id).toBe(account);
    await own.close();
  });

  describe('a live connection reaches test mode (https://docs.stripe.com/connect/oauth-reference)', () => {
    const works = (account: string, livemode: boolean) =>
      product(account, livemode).then(
        () => true,
        () => false,
      );
    const leave = (account: string, livemode: boolean) =>
      rig.stripe(livemode).oauth.deauthorize({
        client_id: livemode ? 'ca_live_emulator' : 'ca_test_emulator',
        stripe_user_id: account,
      });

    it('a test connection reaches test mode only', async () => {
      const account = await rig.connect();
      expect([await works(account, false), await works(account, true)]).toEqual([true, false]);
      expect(await leave(account, false)).toEqual({ stripe_user_id: account });
      expect(await works(account, false)).toBe(false);
    });

    it('deauthorizing the live one ends both, and says so in live mode', async () => {
      const account = await rig.connect({}, true);
      await listen(true, { enabled_events: ['account.application.deauthorized'] });
      expect([await works(account, false), await works(account, true)]).toEqual([true, true]);
      await expect(leave(account, false)).rejects.toMatchObject({ type: 'StripeInvalidClientError' });
      await leave(account, true);
      expect([await works(account, false), await works(account, true)]).toEqual([false, false]);
      await rig.drain();
      expect(hook.received.map(({ event }) => [event.account, event.livemode])).toEqual([[account, true]]);
    });

    it('with a connection in each mode, deauthorizing ends the one that is named', async () => {
      const account = await rig.connect();
      await rig.connect({ account }, true);
      await leave(account, true);
      expect([await works(account, false), await works(account, true)]).toEqual([true, false]);
      await rig.connect({ account }, true);
      await leave(account, false);
      // The live connection is still there, and reaches test mode too.
      expect([await works(account, false), await works(account, true)]).toEqual([true, true]);
    });
  });

  describe('OAuth says what is wrong (https://docs.stripe.com/connect/oauth-reference#get-authorize-errors)', () => {
    const authorize = async (fields: Record<string, string>) => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: 'ca_test_emulator',
        scope: 'read_write',
        redirect_uri: 'http://localhost:1/callback?x=1',
        state: 'abc',
        ...fields,
      }).toString();
      const response = await fetch(`${rig.emulator.url}/oauth/authorize?${query}`, { redirect: 'manual' });
      return { status: response.status, location: response.headers.get('location') };
    };

    it.each([
      [{ scope: 'everything' }, 'invalid_scope'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ response_type: '' }, 'invalid_request'],
    ])('%p comes back as %s, with the state', async (fields, error) => {
      const { location } = await authorize(fields);
      const target = new URL(location ?? '');
      expect(target.origin).toBe('http://localhost:1');
      expect(Object.fromEntries(target.searchParams)).toMatchObject({ x: '1', state: 'abc', error });
      expect(target.searchParams.get('error_description')).toBeTruthy();
    });

    it('an unknown application goes nowhere', async () => {
      expect(await authorize({ client_id: 'ca_none' })).toEqual({ status: 400, location: null });
    });

    it.each<[string, Record<string, string>, number, string]>([
      [
        'a code that nobody gave',
        { grant_type: 'authorization_code', code: 'ac_none' },
        400,
        'invalid_grant',
      ],
      ['no code', { grant_type: 'authorization_code' }, 400, 'invalid_request'],
      ['an unknown grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
      ['a wrong key', { grant_type: 'authorization_code', client_secret: 'sk_none' }, 401, 'invalid_client'],
      [
        'an unknown refresh token',
        { grant_type: 'refresh_token', refresh_token: 'rt' },
        400,
        'invalid_grant',
      ],
    ])(
      'the exchange of %s (https://docs.stripe.com/connect/oauth-reference#post-token-errors)',
      async (_what, fields, status, error) => {
        const response = await rig.post('/oauth/token', { client_secret: 'sk_test_emulator', ...fields });
        expect(response.status).toBe(status);
        expect(await response.json()).toMatchObject({ error });
      },
    );

    it('invalid_client has several causes, told by the description (https://docs.stripe.com/connect/oauth-reference#post-deauthorize-errors)', async () => {
      const account = await rig.connect();
      const answer = async (fields: Record<string, string>) => {
        const response = await rig.post('/oauth/deauthorize', {
          client_secret: 'sk_test_emulator',
          client_id: 'ca_test_emulator',
          stripe_user_id: account,
          ...fields,
        });
        const body = (await response.json()) as { error: string; error_description: string };
        return [response.status, body.error, body.error_description];
      };
      const said = (words: string) => [401, 'invalid_client', expect.stringContaining(words) as string];
      expect(await answer({ client_secret: 'sk_none' })).toEqual(said('Invalid API Key'));
      expect(await answer({ client_id: 'ca_live_emulator' })).toEqual(said('No such application'));
      expect(await answer({ stripe_user_id: 'acct_none' })).toEqual(said('not connected to stripe account'));
    });
  });
});
