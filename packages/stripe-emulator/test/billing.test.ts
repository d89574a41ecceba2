import type Stripe from 'stripe';
import { accountFor, receiverFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('a subscription over time', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);
  const account = accountFor('test', rig);

  async function subscribe(
    amount: number,
    extra: Stripe.Checkout.SessionCreateParams.SubscriptionData = {},
    card: Record<string, string> = {},
  ): Promise<Stripe.Subscription> {
    const price = await rig.price(account.id, amount, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        subscription_data: extra,
      },
      account.options,
    );
    expect((await rig.pay(session, card)).status).toBe(303);
    const paid = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
    return rig.test.subscriptions.retrieve(paid.subscription as string, {}, account.options);
  }

  const current = (id: string) => rig.test.subscriptions.retrieve(id, {}, account.options);

  /** Moves the account's clock to the next thing that happens by itself. */
  async function nextBoundary(): Promise<number> {
    const { nextBoundary: at } = await rig.clock(account.id);
    await rig.advance(account.id, { advanceTo: at ?? 0 });
    return at ?? 0;
  }

  async function sums(): Promise<{ invoices: number; charges: number; refunds: number }> {
    const invoices = await rig.test.invoices
      .list({ limit: 100 }, account.options)
      .autoPagingToArray({ limit: 1000 });
    const charges = await rig.test.charges
      .list({ limit: 100 }, account.options)
      .autoPagingToArray({ limit: 1000 });
    const refunds = await rig.test.refunds
      .list({ limit: 100 }, account.options)
      .autoPagingToArray({ limit: 1000 });
    const add = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
    return {
      invoices: add(invoices.map((invoice) => invoice.amount_paid)),
      charges: add(charges.filter(({ paid }) => paid).map(({ amount }) => amount)),
      refunds: add(refunds.map(({ amount }) => amount)),
    };
  }

  it('renews for a year, each month at its own time, to the cent', async () => {
    const subscription = await subscribe(1999);
    const anchor = subscription.billing_cycle_anchor;
    await rig.advance(account.id, { advanceSeconds: 366 * DAY });
    const invoices = await rig.test.invoices.list(
      { subscription: subscription.id, limit: 100 },
      account.options,
    );
    const cycles = invoices.data
      .filter((invoice) => invoice.billing_reason === 'subscription_cycle')
      .reverse();
    expect(cycles).toHaveLength(12);
    let start = subscription.items.data[0]?.current_period_end ?? 0;
    for (const invoice of cycles) {
      expect(invoice).toMatchObject({ status: 'paid', amount_paid: 1999, created: start });
      expect(invoice.status_transitions.finalized_at).toBe(start + 3600);
      const line = invoice.lines.data[0];
      expect(line?.period.start).toBe(start);
      expect(line?.parent?.subscription_item_details).toMatchObject({
        subscription: subscription.id,
        proration: false,
      });
      expect(new Date((line?.period.end ?? 0) * 1000).getUTCHours()).toBe(
        new Date(anchor * 1000).getUTCHours(),
      );
      start = line?.period.end ?? 0;
    }
    expect(new Set(invoices.data.map(({ number }) => number)).size).toBe(13);
    expect(await sums()).toEqual({ invoices: 13 * 1999, charges: 13 * 1999, refunds: 0 });
    expect(await rig.drain()).toEqual({ pending: 0, failed: 0 });
    const types = hook.types(account.id);
    expect(types.filter((type) => type === 'invoice.upcoming')).toHaveLength(12);
    expect(types.filter((type) => type === 'invoice.paid')).toHaveLength(13);
    const renewal = hook.received.find(
      ({ event }) =>
        event.type === 'customer.subscription.updated' &&
        event.data.previous_attributes &&
        'items' in event.data.previous_attributes,
    );
    expect(renewal?.event.created).toBe(cycles[0]?.created);
  });

  it('goes past due, is tried again by the schedule, and recovers', async () => {
    const subscription = await subscribe(1000);
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await rig.control('POST', '/triggers/payment_method_fails', {
      account: account.id,
      livemode: false,
      subscription: subscription.id,
    });
    await rig.advance(account.id, { advanceTo: end + 3600 });
    expect((await current(subscription.id)).status).toBe('past_due');
    const [invoice] = (
      await rig.test.invoices.list({ subscription: subscription.id, status: 'open' }, account.options)
    ).data;
    expect(invoice).toMatchObject({
      attempt_count: 1,
      next_payment_attempt: end + 3600 + 3 * DAY,
      amount_remaining: 1000,
    });
    await rig.advance(account.id, { advanceSeconds: 3 * DAY });
    expect((await rig.test.invoices.retrieve(invoice?.id ?? '', {}, account.options)).attempt_count).toBe(2);
    await rig.control('POST', '/triggers/payment_method_recovers', {
      account: account.id,
      livemode: false,
      subscription: subscription.id,
    });
    await rig.advance(account.id, { advanceSeconds: 5 * DAY });
    expect((await current(subscription.id)).status).toBe('active');
    expect(await sums()).toEqual({ invoices: 2000, charges: 2000, refunds: 0 });
    await rig.drain();
    expect(hook.types(account.id).filter((type) => type === 'invoice.payment_failed')).toHaveLength(2);
  });

  it('cancels after the last retry, or leaves the subscription unpaid, as the account chose', async () => {
    const first = await subscribe(1000, {}, { card_number: '4000000000000341' });
    await rig.advance(account.id, { advanceSeconds: 60 * DAY });
    expect(await current(first.id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    await rig.control('PUT', `/accounts/${account.id}/retry-policy`, { days: [1], finalAction: 'unpaid' });
    const second = await subscribe(1000, {}, { card_number: '4000000000000341' });
    await rig.advance(account.id, { advanceSeconds: 40 * DAY });
    expect((await current(second.id)).status).toBe('unpaid');
  });

  it('ends at the period’s end, or at once', async () => {
    const first = await subscribe(1000);
    const end = first.items.data[0]?.current_period_end ?? 0;
    const scheduled = await rig.test.subscriptions.update(
      first.id,
      { cancel_at_period_end: true },
      account.options,
    );
    expect(scheduled).toMatchObject({ cancel_at_period_end: true, cancel_at: end, status: 'active' });
    const back = await rig.test.subscriptions.update(
      first.id,
      { cancel_at_period_end: false },
      account.options,
    );
    expect(back).toMatchObject({ cancel_at_period_end: false, cancel_at: null, canceled_at: null });
    await rig.test.subscriptions.update(first.id, { cancel_at_period_end: true }, account.options);
    const second = await subscribe(1000);
    expect((await rig.test.subscriptions.cancel(second.id, {}, account.options)).status).toBe('canceled');
    await rig.advance(account.id, { advanceTo: end });
    expect(await current(first.id)).toMatchObject({ status: 'canceled', ended_at: end });
    await rig.advance(account.id, { advanceSeconds: 90 * DAY });
    expect(await sums()).toEqual({ invoices: 2000, charges: 2000, refunds: 0 });
  });

  it('announces the end of a trial and charges after it', async () => {
    const subscription = await subscribe(1000, { trial_period_days: 14 });
    expect(subscription.status).toBe('trialing');
    const trialEnd = subscription.trial_end ?? 0;
    expect(await nextBoundary()).toBe(trialEnd - 7 * DAY);
    expect(await nextBoundary()).toBe(trialEnd - 3 * DAY);
    await rig.advance(account.id, { advanceTo: trialEnd + 3600 });
    expect((await current(subscription.id)).status).toBe('active');
    expect(await sums()).toEqual({ invoices: 1000, charges: 1000, refunds: 0 });
    await rig.drain();
    expect(hook.types(account.id)).toContain('customer.subscription.trial_will_end');
  });

  it('prorates a change of price by the second', async () => {
    const subscription = await subscribe(3000);
    const item = subscription.items.data[0];
    const start = item?.current_period_start ?? 0;
    const end = item?.current_period_end ?? 0;
    const price = await rig.price(account.id, 6000, { interval: 'month' });
    const half = start + Math.floor((end - start) / 2);
    await rig.advance(account.id, { advanceTo: half });
    await rig.test.subscriptions.update(
      subscription.id,
      {
        items: [{ id: item?.id ?? '', price: price.id }],
        proration_behavior: 'always_invoice',
        proration_date: half,
      },
      account.options,
    );
    const rest = (end - half) / (end - start);
    const [invoice] = (
      await rig.test.invoices.list({ subscription: subscription.id, limit: 1 }, account.options)
    ).data;
    expect(invoice?.billing_reason).toBe('subscription_update');
    expect(invoice?.lines.data.map(({ amount }) => amount)).toEqual([
      -Math.round(3000 * rest),
      Math.round(6000 * rest),
    ]);
    expect(invoice?.lines.data.map((line) => line.parent?.subscription_item_details?.proration)).toEqual([
      true,
      true,
    ]);
    await rig.advance(account.id, { advanceTo: end + 3600 });
    const { invoices, charges } = await sums();
    expect(invoices).toBe(charges);
    expect(invoices).toBe(3000 + (invoice?.amount_paid ?? 0) + 6000);
  });

  it('pauses collection without a change of status', async () => {
    const subscription = await subscribe(1000);
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await rig.test.subscriptions.update(
      subscription.id,
      { pause_collection: { behavior: 'void', resumes_at: end + 2 * 3600 } },
      account.options,
    );
    await rig.advance(account.id, { advanceTo: end + 3600 });
    expect((await current(subscription.id)).status).toBe('active');
    expect(await sums()).toEqual({ invoices: 1000, charges: 1000, refunds: 0 });
    await rig.advance(account.id, { advanceSeconds: 3600 });
    expect((await current(subscription.id)).pause_collection).toBeNull();
  });

  it('completes a delayed payment three days later, or tells that it failed', async () => {
    for (const [iban, type] of [
      ['AT611904300234573201', 'checkout.session.async_payment_succeeded'],
      ['AT861904300235473202', 'checkout.session.async_payment_failed'],
    ] as const) {
      const price = await rig.price(account.id, 700);
      const session = await rig.test.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
        },
        account.options,
      );
      await rig.pay(session, { payment_method: 'sepa_debit', iban });
      const pending = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
      expect(pending).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
      await rig.advance(account.id, { advanceSeconds: 3 * DAY });
      await rig.drain();
      const told = hook.received.filter(({ event }) => event.type === type);
      expect(told.map(({ event }) => (event.data.object as Stripe.Checkout.Session).id)).toEqual([
        session.id,
      ]);
    }
  });

  it('refunds in part and in full', async () => {
    const price = await rig.price(account.id, 900);
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      account.options,
    );
    await rig.pay(session);
    const { payment_intent: intent } = await rig.test.checkout.sessions.retrieve(
      session.id,
      {},
      account.options,
    );
    await rig.test.refunds.create({ payment_intent: intent as string, amount: 400 }, account.options);
    await rig.control('POST', '/triggers/refund', {
      account: account.id,
      livemode: false,
      payment_intent: intent,
    });
    await expect(
      rig.test.refunds.create({ payment_intent: intent as string }, account.options),
    ).rejects.toMatchObject({
      code: 'charge_already_refunded',
    });
    const [charge] = (
      await rig.test.charges.list(
        { payment_intent: intent as string, expand: ['data.refunds'] },
        account.options,
      )
    ).data;
    expect(charge).toMatchObject({ refunded: true, amount_refunded: 900 });
    expect(charge?.refunds?.data.map(({ amount }) => amount).sort()).toEqual([400, 500]);
    await rig.drain();
    expect(
      hook.types(account.id).filter((type) => type === 'charge.refunded' || type === 'refund.created'),
    ).toHaveLength(4);
  });

  it('expires sessions at their time', async () => {
    const price = await rig.price(account.id, 900);
    const { now } = await rig.clock(account.id);
    const create = (expiresAt: number) =>
      rig.test.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
          expires_at: expiresAt,
        },
        account.options,
      );
    await expect(create(now + 600)).rejects.toMatchObject({ param: 'expires_at' });
    await expect(create(now + 2 * DAY)).rejects.toMatchObject({ param: 'expires_at' });
    const session = await create(now + 1900);
    const page = session.url ?? '';
    await rig.advance(account.id, { advanceTo: now + 1900 });
    expect(await rig.test.checkout.sessions.retrieve(session.id, {}, account.options)).toMatchObject({
      status: 'expired',
      url: null,
    });
    expect(await (await fetch(page)).text()).toContain('expired');
    await rig.drain();
    expect(hook.types(account.id)).toContain('checkout.session.expired');
  });
});
