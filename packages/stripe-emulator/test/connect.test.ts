import type Stripe from 'stripe';
import { Receiver } from './support/receiver';
import { receiverFor, rigFor } from './support/setup';

describe('Connect', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);

  const authorizeUrl = (extra: Record<string, string> = {}) =>
    `${rig.emulator.url}/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: 'ca_test_emulator',
      scope: 'read_write',
      redirect_uri: 'http://localhost:1/callback',
      state: 's1',
      ...extra,
    }).toString()}`;

  it('shows the page, and explains a link that does not work', async () => {
    const page = await fetch(authorizeUrl());
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Create a new account');
    expect((await fetch(authorizeUrl({ client_id: 'ca_unknown' }))).status).toBe(400);
  });

  it('comes back with the state, approved or denied', async () => {
    const fields = {
      response_type: 'code',
      client_id: 'ca_test_emulator',
      scope: 'read_write',
      redirect_uri: 'http://localhost:1/callback?x=1',
      state: 's2',
      account: 'new',
    };
    const denied = await rig.post('/oauth/authorize', { ...fields, action: 'deny' });
    const target = new URL(denied.headers.get('location') ?? '');
    expect(Object.fromEntries(target.searchParams)).toMatchObject({
      x: '1',
      state: 's2',
      error: 'access_denied',
    });
    const approved = await rig.post('/oauth/authorize', { ...fields, action: 'approve' });
    const query = new URL(approved.headers.get('location') ?? '').searchParams;
    expect(query.get('state')).toBe('s2');
    expect(query.get('code')).toMatch(/^ac_/);
  });

  it('takes a code once; the second use revokes the connection', async () => {
    const code = await rig.authorize();
    const { stripe_user_id: account } = await rig.test.oauth.token({
      grant_type: 'authorization_code',
      code,
    });
    await rig.test.products.list({}, { stripeAccount: account ?? '' });
    await expect(rig.test.oauth.token({ grant_type: 'authorization_code', code })).rejects.toMatchObject({
      type: 'StripeInvalidGrantError',
    });
    await expect(rig.test.products.list({}, { stripeAccount: account ?? '' })).rejects.toMatchObject({
      code: 'account_invalid',
    });
  });

  it('meets faults in the exchange of a code, which the log tells without the secret', async () => {
    const code = await rig.authorize();
    await rig.control('PUT', '/faults', {
      rules: [{ match: { path: '/oauth/token' }, times: 1, fault: { kind: 'html502', when: 'after' } }],
    });
    const exchange = (fields: Record<string, string>) => rig.post('/oauth/token', fields);
    const fields = { grant_type: 'authorization_code', code, client_secret: 'sk_test_emulator' };
    expect((await exchange(fields)).status).toBe(502);
    const { requests } = await rig.control<{ requests: { path: string; params: object }[] }>(
      'GET',
      '/requests?limit=1',
    );
    expect(requests[0]).toMatchObject({ path: '/oauth/token', params: { code } });
    expect(JSON.stringify(requests)).not.toContain('sk_test_emulator');
    expect((await exchange(fields)).status).toBe(400);
  });

  it('does not take a code of the other mode', async () => {
    const code = await rig.authorize();
    await expect(rig.live.oauth.token({ grant_type: 'authorization_code', code })).rejects.toMatchObject({
      type: 'StripeInvalidGrantError',
    });
  });

  it('tells of a verification that is due, and of its completion', async () => {
    const account = await rig.connect({ verification: 'due', country: 'AT' });
    const before = await rig.test.accounts.retrieve(account);
    expect(before).toMatchObject({
      charges_enabled: false,
      details_submitted: false,
      country: 'AT',
      default_currency: 'eur',
    });
    expect(before.requirements?.currently_due).not.toHaveLength(0);
    const page = await fetch(`${rig.emulator.url}/onboarding/${account}`);
    expect(await page.text()).toContain('individual.dob.day');
    await rig.post(`/onboarding/${account}`, { action: 'finish' });
    expect(await rig.test.accounts.retrieve(account)).toMatchObject({
      charges_enabled: true,
      payouts_enabled: true,
    });
    await rig.drain();
    const updated = hook.received.find(({ event }) => event.type === 'account.updated');
    expect(updated?.event.data.previous_attributes).toMatchObject({ charges_enabled: false });
    await rig.control('POST', '/triggers/account_restricted', { account, livemode: false });
    expect((await rig.test.accounts.retrieve(account)).charges_enabled).toBe(false);
  });

  it('ends the connection from either side; the last event still comes', async () => {
    for (const side of ['platform', 'owner']) {
      const account = await rig.connect();
      if (side === 'platform') {
        await rig.test.oauth.deauthorize({ client_id: 'ca_test_emulator', stripe_user_id: account });
      } else {
        await rig.control('POST', '/triggers/deauthorize', { account, livemode: false });
      }
      await expect(rig.test.accounts.retrieve(account)).rejects.toMatchObject({
        code: 'account_invalid',
        statusCode: 403,
      });
      await rig.drain();
      const last = hook.received.at(-1)?.event;
      expect(last).toMatchObject({ type: 'account.application.deauthorized', account });
      expect((last?.data.object as Stripe.Application).id).toBe('ca_test_emulator');
    }
    await expect(
      rig.test.oauth.deauthorize({ client_id: 'ca_test_emulator', stripe_user_id: 'acct_none' }),
    ).rejects.toMatchObject({ type: 'StripeInvalidClientError' });
  });

  it('sends test events to live Connect endpoints too, marked as test', async () => {
    const live = await Receiver.start();
    await rig.live.webhookEndpoints.create({
      url: live.url,
      enabled_events: ['product.created'],
      connect: true,
    });
    const account = await rig.connect();
    await rig.test.products.create({ name: 'Seen twice' }, { stripeAccount: account });
    await rig.drain();
    expect(live.received.map(({ event }) => [event.type, event.livemode])).toEqual([
      ['product.created', false],
    ]);
    await live.close();
  });

  it('keeps the platform’s own events on its own endpoints', async () => {
    const own = await Receiver.start();
    await rig.test.webhookEndpoints.create({ url: own.url, enabled_events: ['*'] });
    await rig.test.products.create({ name: 'Ours' });
    await rig.drain();
    expect(own.types()).toEqual(['product.created']);
    expect(own.received[0]?.event.account).toBeUndefined();
    expect(hook.types()).not.toContain('product.created');
    await own.close();
  });

  it('keeps objects of test and live mode of one account apart, under one account id', async () => {
    const account = await rig.connect();
    const again = await rig.connect({ account }, true);
    expect(again).toBe(account);
    const options = { stripeAccount: account };
    const product = await rig.test.products.create({ name: 'Test only' }, options);
    expect((await rig.live.products.list({}, options)).data).toHaveLength(0);
    await expect(rig.live.products.retrieve(product.id, {}, options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
    await rig.test.oauth.deauthorize({ client_id: 'ca_test_emulator', stripe_user_id: account });
    expect((await rig.live.accounts.retrieve(account)).id).toBe(account);
  });
});
