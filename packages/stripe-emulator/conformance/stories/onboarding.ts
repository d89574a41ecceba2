import type { Story } from './stage';

export const onboarding: Story = {
  name: 'accounts that the platform makes',
  needs: [
    'post /v1/accounts',
    'post /v1/accounts/{account}',
    'post /v1/account_links',
    'delete /v1/accounts/{account}',
  ],
  async tell({ rig }) {
    const { accounts, accountLinks } = rig.test;
    const account = await accounts.create({
      country: 'DE',
      email: 'ada@example.com',
      controller: {
        fees: { payer: 'account' },
        losses: { payments: 'stripe' },
        stripe_dashboard: { type: 'full' },
        requirement_collection: 'stripe',
      },
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      business_profile: { name: 'Ada Coaching', url: 'https://example.com' },
      metadata: { coachId: 'c_1' },
    });
    await accounts.update(account.id, { metadata: { coachId: '' }, business_profile: { name: 'Ada' } });
    await accountLinks.create({
      account: account.id,
      type: 'account_onboarding',
      refresh_url: 'https://example.com/again',
      return_url: 'https://example.com/done',
      collection_options: { fields: 'eventually_due' },
    });
    await rig.control('POST', '/triggers/verification_completed', { account: account.id, livemode: false });
    await accounts.retrieve(account.id);
    await accounts.del(account.id);
  },
};

export const capabilities: Story = {
  name: 'capabilities of accounts',
  needs: [
    'get /v1/accounts/{account}/capabilities',
    'get /v1/accounts/{account}/capabilities/{capability}',
    'post /v1/accounts/{account}/capabilities/{capability}',
  ],
  async tell({ rig }) {
    const account = await rig.connect();
    await rig.test.accounts.listCapabilities(account);
    await rig.test.accounts.retrieveCapability(account, 'card_payments');
    await rig.test.accounts.updateCapability(account, 'sepa_debit_payments', { requested: true });
  },
};

export const balance: Story = {
  name: 'the balance of an account',
  needs: ['get /v1/balance'],
  async tell({ rig }) {
    await rig.test.balance.retrieve({}, { stripeAccount: await rig.connect() });
  },
};
