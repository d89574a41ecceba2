import type { Story } from './stage';

const trigger = (name: string): string => `/triggers/${name}`;

export const connect: Story = {
  name: 'connecting, verifying and disconnecting accounts',
  async tell({ rig }) {
    const account = await rig.connect({ verification: 'later' });
    const options = { stripeAccount: account };
    await fetch(
      `${rig.emulator.url}/oauth/authorize?response_type=code&client_id=ca_test_emulator&scope=read_write&state=s&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcallback`,
    );
    await rig.test.accounts.retrieve(account);
    await rig.test.accounts.list({ limit: 3, created: { gte: 1 } });
    await rig.test.accounts.retrieveCurrent({}, options);
    for (const name of [
      'verification_due',
      'verification_completed',
      'account_restricted',
      'verification_completed',
    ]) {
      await rig.control('POST', trigger(name), { account, livemode: false });
    }
    await rig.test.accounts.retrieve(account);
    const code = await rig.authorize({ account });
    const granted = await rig.test.oauth.token({ grant_type: 'authorization_code', code });
    await rig.test.oauth.token({ grant_type: 'refresh_token', refresh_token: granted.refresh_token ?? '' });
    await rig.test.oauth.deauthorize({ client_id: 'ca_test_emulator', stripe_user_id: account });
    await rig.test.products.list({}, options).catch(() => undefined);
    const other = await rig.connect();
    await rig.control('POST', trigger('deauthorize'), { account: other, livemode: false });
  },
};

export const webhooks: Story = {
  name: 'webhook endpoints and events',
  async tell({ rig }) {
    const endpoint = await rig.test.webhookEndpoints.create({
      url: 'http://127.0.0.1:1/hook',
      enabled_events: ['charge.succeeded', 'charge.failed'],
      description: 'Charges',
      metadata: { team: 'a' },
    });
    await rig.test.webhookEndpoints.update(endpoint.id, {
      disabled: true,
      enabled_events: ['customer.created'],
      description: '',
    });
    await rig.test.webhookEndpoints.retrieve(endpoint.id);
    await rig.test.webhookEndpoints.list({ limit: 10 });
    await rig.test.webhookEndpoints.del(endpoint.id);
    await rig.test.customers.create({ email: 'a@example.com' });
    await rig.drain();
    const events = await rig.test.events.list({
      types: ['customer.created'],
      limit: 5,
      delivery_success: true,
    });
    await rig.test.events.list({ type: 'customer.*', created: { gt: 1 } });
    const [event] = events.data;
    if (event) await rig.test.events.retrieve(event.id);
  },
};
