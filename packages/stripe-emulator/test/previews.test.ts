import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('previews, items and test clocks', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  async function payingCustomer(more: Stripe.CustomerCreateParams = {}): Promise<string> {
    const customer = await rig.test.customers.create(
      { payment_method: 'pm_card_visa', ...more },
      account.options,
    );
    const [method] = (await rig.test.customers.listPaymentMethods(customer.id, {}, account.options)).data;
    await rig.test.customers.update(
      customer.id,
      { invoice_settings: { default_payment_method: method?.id ?? '' } },
      account.options,
    );
    return customer.id;
  }

  async function subscribe(amount: number, quantity = 1): Promise<Stripe.Subscription> {
    const price = await rig.price(account.id, amount, { interval: 'month' });
    const customer = await payingCustomer();
    return rig.test.subscriptions.create(
      { customer, items: [{ price: price.id, quantity }] },
      account.options,
    );
  }

  const preview = (params: Stripe.InvoiceCreatePreviewParams) =>
    rig.test.invoices.createPreview(params, account.options);
  const current = (id: string) => rig.test.subscriptions.retrieve(id, {}, account.options);
  const halfway = async ({ items }: Stripe.Subscription): Promise<void> => {
    const { current_period_start: start = 0, current_period_end: end = 0 } = items.data[0] ?? {};
    await rig.advance(account.id, { advanceTo: start + Math.round((end - start) / 2) });
  };

  it('show what an upgrade, a downgrade and a quantity cost, and change nothing', async () => {
    const subscription = await subscribe(3000);
    const { id } = subscription;
    const item = subscription.items.data[0]?.id ?? '';
    const dear = await rig.price(account.id, 6000, { interval: 'month' });
    const cheap = await rig.price(account.id, 1000, { interval: 'month' });
    const yearly = await rig.price(account.id, 20_000, { interval: 'year' });
    await halfway(subscription);
    const before = await current(id);
    const events = await rig.test.events.list({ limit: 1 }, account.options);
    expect(await preview({ subscription: id })).toMatchObject({ total: 3000, billing_reason: 'upcoming' });
    const change = (items: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails.Item[], now = true) =>
      preview({
        subscription: id,
        subscription_details: { items, proration_behavior: now ? 'always_invoice' : 'create_prorations' },
      });
    const upgrade = await change([{ id: item, price: dear.id }]);
    expect(Math.abs(upgrade.total - 1500)).toBeLessThan(2);
    expect(upgrade.lines.data.map((line) => line.parent?.subscription_item_details?.proration)).toEqual([
      true,
      true,
    ]);
    expect(Math.abs((await change([{ id: item, price: cheap.id }])).total + 1000)).toBeLessThan(2);
    expect(Math.abs((await change([{ id: item, quantity: 3 }])).total - 3000)).toBeLessThan(2);
    const atRenewal = await change([{ id: item, price: dear.id }], false);
    expect(Math.abs(atRenewal.total - 7500)).toBeLessThan(2);
    expect(atRenewal.lines.data).toHaveLength(3);
    // The anchor stays: what is left of the year that began with it, less what is left of the month.
    const restOfYear = (await change([{ id: item, price: yearly.id }])).total + 1500;
    expect(restOfYear).toBeGreaterThan((20_000 * 349) / 366);
    expect(restOfYear).toBeLessThan((20_000 * 351) / 365);
    expect(await current(id)).toEqual(before);
    const waiting = await rig.control<{ objects: unknown[] }>(
      'GET',
      `/objects?type=invoiceitem&account=${account.id}`,
    );
    expect(waiting.objects).toEqual([]);
    expect((await rig.test.events.list({ limit: 1 }, account.options)).data[0]?.id).toBe(events.data[0]?.id);
    // What was shown is what is charged.
    await rig.test.subscriptions.update(
      id,
      { items: [{ id: item, price: dear.id }], proration_behavior: 'always_invoice' },
      account.options,
    );
    const [charged] = (await rig.test.invoices.list({ subscription: id, limit: 1 }, account.options)).data;
    expect(Math.abs((charged?.total ?? 0) - upgrade.total)).toBeLessThan(2);
  });

  it('show a subscription that does not exist yet, and refuse where nothing will come', async () => {
    const customer = await payingCustomer();
    const price = await rig.price(account.id, 2500, { interval: 'month' });
    const first = await preview({
      customer,
      subscription_details: { items: [{ price: price.id, quantity: 2 }] },
      invoice_items: [{ amount: 700, currency: 'eur', description: 'Setup' }],
    });
    expect(first).toMatchObject({ parent: null, status: 'draft', subtotal: expect.any(Number) as number });
    expect(first.lines.data[0]?.amount).toBe(5000);
    expect((await rig.test.subscriptions.list({ customer }, account.options)).data).toEqual([]);
    await expect(preview({ customer })).rejects.toMatchObject({ code: 'invoice_upcoming_none' });
    const { id } = await subscribe(1000);
    await rig.test.subscriptions.update(id, { cancel_at_period_end: true }, account.options);
    await expect(preview({ subscription: id })).rejects.toMatchObject({ code: 'invoice_upcoming_none' });
    await expect(preview({})).rejects.toMatchObject({ type: 'StripeInvalidRequestError' });
  });

  it('items come, change and go', async () => {
    const { id } = await subscribe(1000);
    const extra = await rig.price(account.id, 500, { interval: 'month' });
    const { subscriptionItems } = rig.test;
    const item = await subscriptionItems.create(
      { subscription: id, price: extra.id, quantity: 2, proration_behavior: 'none' },
      account.options,
    );
    expect(item).toMatchObject({ object: 'subscription_item', quantity: 2, subscription: id });
    expect(
      await subscriptionItems.update(
        item.id,
        { quantity: 5, proration_behavior: 'always_invoice' },
        account.options,
      ),
    ).toMatchObject({ quantity: 5 });
    const [invoice] = (await rig.test.invoices.list({ subscription: id, limit: 1 }, account.options)).data;
    expect(invoice).toMatchObject({ billing_reason: 'subscription_update', status: 'paid' });
    expect((await subscriptionItems.list({ subscription: id }, account.options)).data).toHaveLength(2);
    expect(
      await subscriptionItems.del(item.id, { proration_behavior: 'none' }, account.options),
    ).toMatchObject({
      deleted: true,
    });
    const [last] = (await subscriptionItems.list({ subscription: id }, account.options)).data;
    await expect(subscriptionItems.del(last?.id ?? '', {}, account.options)).rejects.toThrow(/at least one/);
    await expect(subscriptionItems.retrieve(item.id, {}, account.options)).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('a test clock moves the account, and takes its customers along when it goes', async () => {
    const api = rig.test.testHelpers.testClocks;
    const start = Math.floor(Date.now() / 1000) + 100 * DAY;
    const clock = await api.create({ frozen_time: start, name: 'A year' }, account.options);
    expect(clock).toMatchObject({ frozen_time: start, status: 'ready' });
    const customer = await payingCustomer({ test_clock: clock.id });
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const { id, created, test_clock } = await rig.test.subscriptions.create(
      { customer, items: [{ price: price.id }] },
      account.options,
    );
    expect(test_clock).toBe(clock.id);
    expect(created).toBeGreaterThanOrEqual(start);
    expect(await api.advance(clock.id, { frozen_time: start + 70 * DAY }, account.options)).toMatchObject({
      status: 'advancing',
    });
    for (let status = 'advancing'; status !== 'ready';) {
      ({ status } = await api.retrieve(clock.id, {}, account.options));
    }
    expect((await api.retrieve(clock.id, {}, account.options)).frozen_time).toBe(start + 70 * DAY);
    const invoices = await rig.test.invoices.list({ subscription: id }, account.options);
    expect(invoices.data.map(({ status }) => status)).toEqual(['paid', 'paid', 'paid']);
    await expect(api.advance(clock.id, { frozen_time: start }, account.options)).rejects.toThrow(
      /only goes forward/,
    );
    await api.del(clock.id, {}, account.options);
    expect((await current(id)).status).toBe('canceled');
    expect(await rig.test.customers.retrieve(customer, {}, account.options)).toMatchObject({ deleted: true });
    await expect(rig.live.testHelpers.testClocks.create({ frozen_time: start })).rejects.toThrow(/test mode/);
  });

  it('collection pauses and goes on by itself', async () => {
    const { id, items } = await subscribe(1000);
    const end = items.data[0]?.current_period_end ?? 0;
    await rig.test.subscriptions.update(
      id,
      { pause_collection: { behavior: 'void', resumes_at: end + 40 * DAY } },
      account.options,
    );
    await rig.advance(account.id, { advanceTo: end + 65 * DAY });
    expect(await current(id)).toMatchObject({ status: 'active', pause_collection: null });
    const invoices = (await rig.test.invoices.list({ subscription: id }, account.options)).data.reverse();
    expect(invoices.map(({ status }) => status)).toEqual(['paid', 'void', 'void', 'paid']);
  });
});
