import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('subscriptions by API', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  async function customer(method?: string): Promise<Stripe.Customer> {
    const created = await rig.test.customers.create(
      method ? { payment_method: method } : {},
      account.options,
    );
    if (method === undefined) return created;
    const [attached] = (await rig.test.customers.listPaymentMethods(created.id, {}, account.options)).data;
    return rig.test.customers.update(
      created.id,
      { invoice_settings: { default_payment_method: attached?.id ?? '' } },
      account.options,
    );
  }

  async function customerWhoseCardFails(): Promise<string> {
    const { id } = await customer('pm_card_visa');
    await rig.control('POST', '/triggers/payment_method_fails', { account: account.id, customer: id });
    return id;
  }

  async function subscribe(
    params: Partial<Stripe.SubscriptionCreateParams> & { customer: string },
    amount = 1000,
  ): Promise<Stripe.Subscription> {
    const price = await rig.price(account.id, amount, { interval: 'month' });
    return rig.test.subscriptions.create({ items: [{ price: price.id }], ...params }, account.options);
  }

  const types = async (type: string) =>
    (await rig.test.events.list({ type, limit: 100 }, account.options)).data.map(
      ({ data }) => data.object as { id: string },
    );

  it('charges the customer’s default payment method', async () => {
    const { id } = await customer('pm_card_visa');
    const subscription = await subscribe({ customer: id, metadata: { plan: 'a' } });
    expect(subscription).toMatchObject({ status: 'active', metadata: { plan: 'a' } });
  });

  it('stays incomplete when the first payment fails, and expires after 23 hours with a void invoice', async () => {
    const id = await customerWhoseCardFails();
    const subscription = await subscribe({ customer: id });
    expect(subscription.status).toBe('incomplete');
    await rig.advance(account.id, { advanceSeconds: 23 * 3600 });
    const expired = await rig.test.subscriptions.retrieve(
      subscription.id,
      { expand: ['latest_invoice'] },
      account.options,
    );
    expect(expired.status).toBe('incomplete_expired');
    expect((expired.latest_invoice as Stripe.Invoice).status).toBe('void');
  });

  it('becomes active when the open first invoice is paid', async () => {
    const { id } = await customer('pm_card_visa');
    const subscription = await subscribe({ customer: id, payment_behavior: 'default_incomplete' });
    expect(subscription.status).toBe('incomplete');
    const paid = await rig.test.invoices.pay(subscription.latest_invoice as string, {}, account.options);
    expect(paid).toMatchObject({ status: 'paid', attempt_count: 1 });
    expect((await rig.test.subscriptions.retrieve(subscription.id, {}, account.options)).status).toBe(
      'active',
    );
    await expect(rig.test.invoices.pay(paid.id ?? '', {}, account.options)).rejects.toMatchObject({
      code: 'invoice_already_paid',
    });
  });

  it('refuses with a card error and leaves nothing, if that is wished', async () => {
    const id = await customerWhoseCardFails();
    await expect(subscribe({ customer: id, payment_behavior: 'error_if_incomplete' })).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      decline_code: 'generic_decline',
    });
    expect((await rig.test.subscriptions.list({ status: 'all' }, account.options)).data).toHaveLength(0);
    expect(await types('customer.subscription.created')).toHaveLength(0);
  });

  it('tells of a declined payment of an invoice, and keeps its charge', async () => {
    const { id } = await customer('pm_card_visa');
    const { latest_invoice: invoice } = await subscribe({
      customer: id,
      payment_behavior: 'default_incomplete',
    });
    await expect(
      rig.test.invoices.pay(invoice as string, { payment_method: 'pm_card_chargeDeclined' }, account.options),
    ).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
      decline_code: 'generic_decline',
    });
    const charges = await rig.test.charges.list({ customer: id }, account.options);
    expect(charges.data.map(({ status }) => status)).toEqual(['failed']);
  });

  it('ends a trial without a payment method as asked for', async () => {
    const outcomes: string[] = [];
    for (const missing of ['cancel', 'pause', 'create_invoice'] as const) {
      const { id } = await customer();
      const subscription = await subscribe({
        customer: id,
        trial_period_days: 3,
        trial_settings: { end_behavior: { missing_payment_method: missing } },
      });
      await rig.advance(account.id, { advanceSeconds: 3 * DAY + 3600 });
      outcomes.push((await rig.test.subscriptions.retrieve(subscription.id, {}, account.options)).status);
    }
    expect(outcomes).toEqual(['canceled', 'paused', 'past_due']);
    expect(await types('customer.subscription.paused')).toHaveLength(1);
  });

  it('ends at a time in the middle of a period', async () => {
    const { id } = await customer('pm_card_visa');
    const subscription = await subscribe({ customer: id });
    const at = subscription.created + 10 * DAY;
    const updated = await rig.test.subscriptions.update(subscription.id, { cancel_at: at }, account.options);
    expect(updated).toMatchObject({ cancel_at: at, cancel_at_period_end: false });
    expect((await rig.clock(account.id)).nextBoundary).toBe(at);
    await rig.advance(account.id, { advanceTo: at });
    const ended = await rig.test.subscriptions.retrieve(subscription.id, {}, account.options);
    expect(ended).toMatchObject({
      status: 'canceled',
      ended_at: at,
      cancellation_details: { reason: 'cancellation_requested' },
    });
    await expect(rig.test.subscriptions.cancel(subscription.id, {}, account.options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  it.each([
    ['the difference', { interval: 'month' as const }],
    ['a new cycle', { interval: 'year' as const }],
  ])('undoes a change whose payment fails, if that is wished: %s', async (_what, recurring) => {
    const { id } = await customer('pm_card_visa');
    const before = await subscribe({ customer: id });
    const dear = await rig.price(account.id, 9000, recurring);
    const change = (payment_behavior: Stripe.SubscriptionUpdateParams.PaymentBehavior) =>
      rig.test.subscriptions.update(
        before.id,
        {
          items: [{ id: before.items.data[0]?.id ?? '', price: dear.id }],
          proration_behavior: 'always_invoice',
          payment_behavior,
        },
        account.options,
      );
    const told = (await types('customer.subscription.updated')).length;
    await rig.control('POST', '/triggers/payment_method_fails', { account: account.id, customer: id });
    await expect(change('error_if_incomplete')).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      decline_code: 'generic_decline',
    });
    expect(await rig.test.subscriptions.retrieve(before.id, {}, account.options)).toEqual(before);
    expect(await types('customer.subscription.updated')).toHaveLength(told);
    expect((await rig.test.invoices.list({}, account.options)).data).toHaveLength(1);

    await expect(change('pending_if_incomplete')).rejects.toMatchObject({ param: 'payment_behavior' });
    expect(await change('allow_incomplete')).toMatchObject({ status: 'past_due' });
  });

  it('undoes a change whose payment has to be authenticated, and makes one that is paid', async () => {
    const { id } = await customer('pm_card_visa');
    const before = await subscribe({ customer: id });
    const dear = await rig.price(account.id, 9000, { interval: 'month' });
    const change = (method: string) =>
      rig.test.subscriptions.update(
        before.id,
        {
          default_payment_method: method,
          items: [{ id: before.items.data[0]?.id ?? '', price: dear.id }],
          proration_behavior: 'always_invoice',
          payment_behavior: 'error_if_incomplete',
        },
        account.options,
      );
    const [card] = (await rig.test.customers.listPaymentMethods(id, {}, account.options)).data;
    await expect(change('pm_card_threeDSecure2Required')).rejects.toMatchObject({ statusCode: 402 });
    const after = await change(card?.id ?? '');
    expect(after).toMatchObject({ status: 'active', items: { data: [{ price: { id: dear.id } }] } });
    expect(after.latest_invoice).not.toBe(before.latest_invoice);
  });

  it('forgets a payment method that is detached, and pauses at the end of a trial without another', async () => {
    const { id, invoice_settings } = await customer('pm_card_visa');
    const card = invoice_settings.default_payment_method as string;
    const subscription = await subscribe({
      customer: id,
      default_payment_method: card,
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await rig.test.paymentMethods.detach(card, {}, account.options);
    expect(await rig.test.customers.retrieve(id, {}, account.options)).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect(await rig.test.subscriptions.retrieve(subscription.id, {}, account.options)).toMatchObject({
      default_payment_method: null,
    });
    expect(await types('customer.subscription.updated')).toHaveLength(1);
    expect(await types('customer.updated')).toHaveLength(2);
    await rig.advance(account.id, { advanceSeconds: 8 * DAY });
    expect((await rig.test.subscriptions.retrieve(subscription.id, {}, account.options)).status).toBe(
      'paused',
    );
  });

  it('starts a new cycle when the interval of a classic subscription changes', async () => {
    const { id } = await customer('pm_card_visa');
    const subscription = await subscribe({ customer: id, billing_mode: { type: 'classic' } });
    const yearly = await rig.price(account.id, 10_000, { interval: 'year' });
    await rig.advance(account.id, { advanceSeconds: 10 * DAY });
    const changed = await rig.test.subscriptions.update(
      subscription.id,
      { items: [{ id: subscription.items.data[0]?.id ?? '', price: yearly.id }], expand: ['latest_invoice'] },
      account.options,
    );
    const item = changed.items.data[0];
    expect((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)).toBeGreaterThanOrEqual(
      365 * DAY,
    );
    const invoice = changed.latest_invoice as Stripe.Invoice;
    expect(invoice).toMatchObject({ status: 'paid', billing_reason: 'subscription_update' });
    expect(invoice.lines.data.map(({ amount }) => amount > 0)).toEqual([false, true]);
  });

  it('carries credit over when a change makes it cheaper', async () => {
    const { id } = await customer('pm_card_visa');
    const subscription = await subscribe({ customer: id }, 10_000);
    const cheap = await rig.price(account.id, 100, { interval: 'month' });
    await rig.test.subscriptions.update(
      subscription.id,
      {
        items: [{ id: subscription.items.data[0]?.id ?? '', price: cheap.id }],
        proration_behavior: 'always_invoice',
      },
      account.options,
    );
    const { balance } = (await rig.test.customers.retrieve(id, {}, account.options)) as Stripe.Customer;
    expect(balance).toBeLessThan(-9000);
    await rig.advance(account.id, { advanceSeconds: 32 * DAY });
    const after = (await rig.test.customers.retrieve(id, {}, account.options)) as Stripe.Customer;
    expect(after.balance).toBe((balance ?? 0) + 100);
    const [renewal] = (
      await rig.test.invoices.list({ subscription: subscription.id, limit: 1 }, account.options)
    ).data;
    expect(renewal).toMatchObject({ status: 'paid', total: 100, amount_due: 0, amount_paid: 0 });
  });

  it('keeps the day of the month', async () => {
    const { now } = await rig.clock(account.id);
    const year = new Date(now * 1000).getUTCFullYear() + 1;
    await rig.advance(account.id, { advanceTo: Date.UTC(year, 0, 31, 12) / 1000 });
    const { id } = await customer('pm_card_visa');
    const subscription = await subscribe({ customer: id });
    await rig.advance(account.id, { advanceSeconds: 130 * DAY });
    const invoices = await rig.test.invoices.list({ subscription: subscription.id }, account.options);
    const days = invoices.data
      .reverse()
      .map(({ created }) => new Date(created * 1000).toISOString().slice(5, 10));
    const february = year % 4 === 0 ? '02-29' : '02-28';
    expect(days).toEqual(['01-31', february, '03-31', '04-30', '05-31']);
  });

  it('is active while a delayed first payment is under way, and past due when it fails', async () => {
    const price = await rig.price(account.id, 1500, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      account.options,
    );
    await rig.pay(session, { payment_method: 'sepa_debit', iban: 'DE62370400440532013001' });
    const pending = await rig.test.checkout.sessions.retrieve(
      session.id,
      { expand: ['subscription.latest_invoice'] },
      account.options,
    );
    expect(pending).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      subscription: { status: 'active' },
    });
    expect(((pending.subscription as Stripe.Subscription).latest_invoice as Stripe.Invoice).status).toBe(
      'open',
    );
    await rig.control('POST', '/triggers/async_payment', {
      account: account.id,
      livemode: false,
      session: session.id,
      succeeded: false,
    });
    const subscription = await rig.test.subscriptions.retrieve(
      (pending.subscription as Stripe.Subscription).id,
      {},
      account.options,
    );
    expect(subscription.status).toBe('past_due');
    await rig.advance(account.id, { advanceSeconds: 10 * DAY });
    expect(await types('checkout.session.async_payment_failed')).toHaveLength(1);
  });

  it('filters events by type, by wildcard and by time', async () => {
    const { id } = await customer('pm_card_visa');
    await subscribe({ customer: id });
    const wildcard = await rig.test.events.list({ type: 'invoice.*', limit: 100 }, account.options);
    expect(new Set(wildcard.data.map(({ type }) => type.split('.')[0]))).toEqual(new Set(['invoice']));
    const several = await rig.test.events.list(
      { types: ['price.created', 'product.created'] },
      account.options,
    );
    expect(several.data).toHaveLength(2);
    await rig.advance(account.id, { advanceSeconds: 31 * DAY });
    const { now } = await rig.clock(account.id);
    const recent = await rig.test.events.list(
      { created: { gte: now - 2 * DAY }, limit: 100 },
      account.options,
    );
    expect(recent.data.map(({ type }) => type)).toContain('invoice.paid');
    const old = wildcard.data[0]?.id ?? '';
    await expect(rig.test.events.retrieve(old, {}, account.options)).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });
});
