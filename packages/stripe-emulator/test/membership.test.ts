import { accountFor, rigFor } from './support/setup';

const DAY = 86_400;

/** What a membership platform does beyond a purchase, by the official client, against Stripe's documentation. */
describe('a membership', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  async function member(amount = 3000) {
    const price = await rig.price(account.id, amount, { interval: 'month' });
    const customer = await rig.test.customers.create(
      { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
      account.options,
    );
    const subscription = await rig.test.subscriptions.create(
      { customer: customer.id, items: [{ price: price.id }] },
      account.options,
    );
    return { customer, price, subscription, item: subscription.items.data[0]! };
  }

  it('previews a change of price to the cent of what it then costs', async () => {
    const { customer, subscription, item } = await member(3000);
    const dearer = await rig.price(account.id, 9000, { interval: 'month' });
    await rig.advance(account.id, { advanceSeconds: 10 * DAY });
    const { now } = await rig.clock(account.id);
    const change = {
      items: [{ id: item.id, price: dearer.id }],
      proration_behavior: 'always_invoice' as const,
      proration_date: now,
    };
    const preview = await rig.test.invoices.createPreview(
      { customer: customer.id, subscription: subscription.id, subscription_details: change },
      account.options,
    );
    // A preview changes nothing.
    const same = await rig.test.subscriptions.retrieve(subscription.id, {}, account.options);
    expect(same.items.data[0]?.price.unit_amount).toBe(3000);
    const changed = await rig.test.subscriptions.update(subscription.id, change, account.options);
    const invoice = await rig.test.invoices.retrieve(changed.latest_invoice as string, {}, account.options);
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual(
      preview.lines.data.map(({ amount }) => amount),
    );
    expect(invoice).toMatchObject({ total: preview.total, status: 'paid' });
    const none = await rig.test.invoices.createPreview(
      {
        subscription: subscription.id,
        subscription_details: {
          items: [{ id: item.id, price: dearer.id, quantity: 2 }],
          proration_behavior: 'none',
        },
      },
      account.options,
    );
    expect(none.total).toBe(18_000);
  });

  it('pauses collection until a time, and goes on by itself', async () => {
    const { subscription } = await member();
    const { now } = await rig.clock(account.id);
    const paused = await rig.test.subscriptions.update(
      subscription.id,
      { pause_collection: { behavior: 'void', resumes_at: now + 45 * DAY } },
      account.options,
    );
    expect(paused).toMatchObject({
      status: 'active',
      pause_collection: { behavior: 'void', resumes_at: now + 45 * DAY },
    });
    const statuses = async () =>
      (await rig.test.invoices.list({ subscription: subscription.id }, account.options)).data.map(
        ({ status }) => status,
      );
    await rig.advance(account.id, { advanceSeconds: 33 * DAY });
    expect(await statuses()).toEqual(['void', 'paid']);
    await rig.advance(account.id, { advanceSeconds: 33 * DAY });
    expect(await statuses()).toEqual(['paid', 'void', 'paid']);
    expect(
      (await rig.test.subscriptions.retrieve(subscription.id, {}, account.options)).pause_collection,
    ).toBeNull();
  });

  it('finds the invoice of a payment', async () => {
    const { subscription } = await member();
    const [payment] = (
      await rig.test.invoicePayments.list({ invoice: subscription.latest_invoice as string }, account.options)
    ).data;
    const intent = payment?.payment.payment_intent as string;
    const found = await rig.test.invoicePayments.list(
      { payment: { type: 'payment_intent', payment_intent: intent } },
      account.options,
    );
    expect(found.data.map(({ id, status }) => [id, status])).toEqual([[payment?.id, 'paid']]);
    const other = await rig.test.paymentIntents.create({ amount: 100, currency: 'eur' }, account.options);
    expect(
      (
        await rig.test.invoicePayments.list(
          { payment: { type: 'payment_intent', payment_intent: other.id } },
          account.options,
        )
      ).data,
    ).toEqual([]);
  });

  it('opens the portal where its flow wants to be', async () => {
    const { customer, subscription } = await member();
    const open = (flow_data: object) =>
      rig.test.billingPortal.sessions.create(
        { customer: customer.id, return_url: 'http://localhost:1/', flow_data: flow_data as never },
        account.options,
      );
    const cancel = await open({
      type: 'subscription_cancel',
      subscription_cancel: { subscription: subscription.id },
    });
    expect(cancel.flow).toMatchObject({
      type: 'subscription_cancel',
      subscription_cancel: { subscription: subscription.id },
    });
    expect((await open({ type: 'payment_method_update' })).flow?.type).toBe('payment_method_update');
    await expect(
      open({ type: 'subscription_cancel', subscription_cancel: { subscription: 'sub_absent' } }),
    ).rejects.toMatchObject({ code: 'resource_missing' });
    await rig.test.subscriptions.cancel(subscription.id, {}, account.options);
    await expect(
      open({ type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id } }),
    ).rejects.toMatchObject({ type: 'StripeInvalidRequestError' });
  });

  it('lets a schedule go, and cancels one with its subscription', async () => {
    const first = await member();
    const schedule = await rig.test.subscriptionSchedules.create(
      { from_subscription: first.subscription.id },
      account.options,
    );
    const released = await rig.test.subscriptionSchedules.release(schedule.id, {}, account.options);
    expect(released).toMatchObject({
      status: 'released',
      subscription: null,
      released_subscription: first.subscription.id,
    });
    const free = await rig.test.subscriptions.retrieve(first.subscription.id, {}, account.options);
    expect(free).toMatchObject({ status: 'active', schedule: null });
    await expect(
      rig.test.subscriptionSchedules.release(schedule.id, {}, account.options),
    ).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
    });
    const second = await member();
    const other = await rig.test.subscriptionSchedules.create(
      { from_subscription: second.subscription.id },
      account.options,
    );
    const canceled = await rig.test.subscriptionSchedules.cancel(other.id, {}, account.options);
    expect(canceled).toMatchObject({ status: 'canceled' });
    expect((await rig.test.subscriptions.retrieve(second.subscription.id, {}, account.options)).status).toBe(
      'canceled',
    );
  });

  it('goes through a list while it changes', async () => {
    const members = [await member(), await member(), await member()];
    const page = await rig.test.subscriptions.list({ status: 'active', limit: 1 }, account.options);
    const last = page.data[0]?.id ?? '';
    expect(last).toBe(members[2]?.subscription.id);
    await rig.test.subscriptions.cancel(last, {}, account.options);
    const next = await rig.test.subscriptions.list(
      { status: 'active', starting_after: last },
      account.options,
    );
    expect(next.data.map(({ id }) => id)).toEqual([members[1]?.subscription.id, members[0]?.subscription.id]);
    const back = await rig.test.subscriptions.list(
      { status: 'all', ending_before: members[0]!.subscription.id, limit: 1 },
      account.options,
    );
    expect(back).toMatchObject({ has_more: true, data: [{ id: members[1]?.subscription.id }] });
  });
});
