import type Stripe from 'stripe';
import { receiverFor, rigFor } from './support/setup';

const LINK = {
  type: 'account_onboarding' as const,
  refresh_url: 'https://example.com/again',
  return_url: 'https://example.com/done',
};

describe('accounts that a platform makes', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);

  function create(more: Stripe.AccountCreateParams = {}): Promise<Stripe.Account> {
    return rig.test.accounts.create({
      country: 'DE',
      email: 'ada@example.com',
      controller: {
        fees: { payer: 'account' },
        losses: { payments: 'stripe' },
        stripe_dashboard: { type: 'full' },
        requirement_collection: 'stripe',
      },
      capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
      ...more,
    });
  }

  it('are connected in the mode of the request only, and cannot charge yet', async () => {
    const account = await create({ metadata: { coachId: 'c_1' } });
    expect(account).toMatchObject({
      country: 'DE',
      default_currency: 'eur',
      charges_enabled: false,
      details_submitted: false,
      capabilities: { card_payments: 'inactive', transfers: 'inactive' },
      controller: { type: 'application', is_controller: true, stripe_dashboard: { type: 'full' } },
      metadata: { coachId: 'c_1' },
      type: 'standard',
    });
    expect((await rig.test.accounts.list()).data.map(({ id }) => id)).toEqual([account.id]);
    expect((await rig.live.accounts.list()).data).toEqual([]);
    await rig.test.customers.create({}, { stripeAccount: account.id });
    await expect(rig.live.customers.create({}, { stripeAccount: account.id })).rejects.toMatchObject({
      code: 'account_invalid',
    });
  });

  it('are onboarded through a link that opens once', async () => {
    const { id } = await create();
    const link = await rig.test.accountLinks.create({ account: id, ...LINK });
    expect(link.expires_at - link.created).toBe(300);
    const page = await fetch(link.url);
    expect(await page.text()).toContain('business_profile.url');
    const again = await fetch(link.url, { redirect: 'manual' });
    expect(again.headers.get('location')).toBe(LINK.refresh_url);
    const left = await rig.post(link.url, { action: 'finish', verification: 'due' });
    expect(left.headers.get('location')).toBe(LINK.return_url);
    expect(await rig.test.accounts.retrieve(id)).toMatchObject({
      charges_enabled: false,
      details_submitted: true,
      requirements: { currently_due: ['individual.verification.document'] },
    });
    const second = await rig.test.accountLinks.create({ account: id, ...LINK });
    await rig.post(second.url, { action: 'finish' });
    expect(await rig.test.accounts.retrieve(id)).toMatchObject({
      charges_enabled: true,
      payouts_enabled: true,
      capabilities: { card_payments: 'active' },
    });
    await rig.drain();
    expect(hook.types(id).filter((type) => type === 'account.updated').length).toBeGreaterThanOrEqual(2);
  });

  it('are onboarded by the form of the page, in two visits', async () => {
    const { id } = await create();
    /** Opens a fresh link and sends its form as a browser does. */
    const visit = async (fields: Record<string, string>): Promise<string | null> => {
      const { url } = await rig.test.accountLinks.create({ account: id, ...LINK });
      const text = await (await fetch(url)).text();
      const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? '';
      for (const [name, value] of Object.entries(fields))
        expect(text).toContain(`name="${name}" value="${value}"`);
      return (await rig.post(new URL(action, url).href, fields)).headers.get('location');
    };
    const due = async () => (await rig.test.accounts.retrieve(id)).requirements?.currently_due;
    expect(await visit({ action: 'later' })).toBe(LINK.return_url);
    expect(await due()).toContain('business_profile.url');
    expect(await visit({ action: 'finish', verification: 'due' })).toBe(LINK.return_url);
    expect(await due()).toEqual(['individual.verification.document']);
    expect(await visit({ action: 'finish' })).toBe(LINK.return_url);
    expect(await due()).toEqual([]);
    const { url } = await rig.test.accountLinks.create({ account: id, ...LINK });
    expect(await (await fetch(url)).text()).toContain(`href="${LINK.return_url}"`);
  });

  it('leave with what is due, and an expired link leads to a fresh one', async () => {
    const { id } = await create();
    const link = await rig.test.accountLinks.create({ account: id, ...LINK });
    await fetch(link.url);
    const later = await rig.post(link.url, { action: 'later' });
    expect(later.headers.get('location')).toBe(LINK.return_url);
    expect((await rig.test.accounts.retrieve(id)).details_submitted).toBe(false);
    const expired = await rig.test.accountLinks.create({ account: id, ...LINK });
    await rig.control('POST', '/clock', { livemode: false, advanceSeconds: 301 });
    const answer = await fetch(expired.url, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(LINK.refresh_url);
    await expect(
      rig.test.accountLinks.create({ account: id, type: 'account_onboarding', return_url: LINK.return_url }),
    ).rejects.toMatchObject({ param: 'refresh_url' });
    await expect(
      rig.test.accountLinks.create({ account: id, ...LINK, type: 'account_update' }),
    ).rejects.toMatchObject({ param: 'type' });
  });

  it('can be changed, rejected and deleted', async () => {
    const { id } = await create();
    await rig.test.accounts.update(id, { business_profile: { name: 'Ada' }, metadata: { a: 'b' } });
    const sepa = await rig.test.accounts.updateCapability(id, 'sepa_debit_payments', { requested: true });
    expect(sepa).toMatchObject({ id: 'sepa_debit_payments', requested: true, status: 'inactive' });
    expect((await rig.test.accounts.listCapabilities(id)).data).toHaveLength(3);
    const rejected = await rig.test.accounts.reject(id, { reason: 'fraud' });
    expect(rejected.requirements?.disabled_reason).toBe('rejected.fraud');
    expect(await rig.test.accounts.del(id)).toEqual({ id, object: 'account', deleted: true });
    await expect(rig.test.accounts.retrieve(id)).rejects.toMatchObject({ code: 'account_invalid' });
    await rig.drain();
    expect(hook.types(id).at(-1)).toBe('account.application.deauthorized');
    await expect(rig.test.accounts.del(await rig.connect())).rejects.toMatchObject({ param: 'account' });
  });

  it('refuse a controller that Stripe does not have', async () => {
    await expect(create({ type: 'express' })).rejects.toMatchObject({ param: 'controller' });
    await expect(
      create({ controller: { requirement_collection: 'application', stripe_dashboard: { type: 'full' } } }),
    ).rejects.toMatchObject({ param: 'controller[stripe_dashboard][type]' });
    expect((await rig.test.accounts.create({ type: 'express' })).controller?.losses?.payments).toBe(
      'application',
    );
  });
});
