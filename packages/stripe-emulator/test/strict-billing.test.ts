import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('billing, as strict as Stripe', () => {
  let customer: string;

  const rig = rigFor('test');
  const account = accountFor('test', rig);
  beforeEach(async () => {
    customer = await customerWith('pm_card_visa');
  });

  async function customerWith(card: string): Promise<string> {
    const made = await rig.test.customers.create(
      { payment_method: card, invoice_settings: { default_payment_method: card } },
      account.options,
    );
    return made.id;
  }

  async function subscribe(
    amount = 3000,
    extra: Partial<Stripe.SubscriptionCreateParams> = {},
  ): Promise<Stripe.Subscription> {
    const price = await rig.price(account.id, amount, { interval: 'month' });
    return rig.test.subscriptions.create(
      { customer, items: [{ price: price.id }], ...extra },
      account.options,
    );
  }

  const current = (id: string) =>
    rig.test.subscriptions.retrieve(id, { expand: ['latest_invoice'] }, account.options);
  const latest = async (id: string) => (await current(id)).latest_invoice as Stripe.Invoice;
  const balance = async () =>
    ((await rig.test.customers.retrieve(customer, {}, account.options)) as Stripe.Customer).balance;
  const fails = (subscription: string) =>
    rig.control('POST', '/triggers/payment_method_fails', {
      account: account.id,
      livemode: false,
      subscription,
    });

  it('a flexible subscription keeps its anchor when the interval changes: only prorations (https://docs.stripe.com/billing/subscriptions/billing-mode/compare)', async () => {
    const before = await subscribe();
    expect(before.billing_mode.type).toBe('flexible');
    const yearly = await rig.price(account.id, 30_000, { interval: 'year' });
    await rig.advance(account.id, { advanceSeconds: 10 * DAY });
    const after = await rig.test.subscriptions.update(
      before.id,
      { items: [{ id: before.items.data[0]?.id ?? '', price: yearly.id }] },
      account.options,
    );
    expect(after.billing_cycle_anchor).toBe(before.billing_cycle_anchor);
    expect(after.latest_invoice).toBe(before.latest_invoice);
    const end = new Date(before.billing_cycle_anchor * 1000);
    end.setUTCFullYear(end.getUTCFullYear() + 1);
    expect(after.items.data[0]?.current_period_end).toBe(end.getTime() / 1000);
    const pending = await rig.test.invoiceItems.list({ customer, pending: true }, account.options);
    expect(pending.data.map(({ proration, amount }) => [proration, amount > 0])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it('an item that moves to another interval has a period that begins with the change; on its invoice the credit stands before the charge', async () => {
    const before = await subscribe();
    const yearly = await rig.price(account.id, 30_000, { interval: 'year' });
    await rig.advance(account.id, { advanceSeconds: 10 * DAY });
    const after = await rig.test.subscriptions.update(
      before.id,
      {
        items: [{ id: before.items.data[0]?.id ?? '', price: yearly.id }],
        proration_behavior: 'always_invoice',
      },
      account.options,
    );
    const { lines } = await latest(before.id);
    expect(lines.data.map(({ amount }) => amount > 0)).toEqual([false, true]);
    expect(after.items.data[0]?.current_period_start).toBe(lines.data[1]?.period.start);
    expect(after.items.data[0]?.current_period_start).toBeGreaterThanOrEqual(before.created + 10 * DAY);
  });

  it('several changes credit each charge once, and never more than was paid (https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations)', async () => {
    const subscription = await subscribe(3000);
    const item = subscription.items.data[0]?.id ?? '';
    const change = (quantity: number) =>
      rig.test.subscriptions.update(subscription.id, { items: [{ id: item, quantity }] }, account.options);
    await rig.advance(account.id, { advanceSeconds: 10 * DAY });
    await change(2);
    await change(1);
    const items = await rig.test.invoiceItems.list({ customer, pending: true, limit: 100 }, account.options);
    expect(items.data).toHaveLength(4);
    // Down again at the same moment: together they come to nothing but rounding.
    expect(Math.abs(items.data.reduce((sum, { amount }) => sum + amount, 0))).toBeLessThan(4);
    await rig.advance(account.id, { advanceSeconds: DAY });
    await change(3);
    const credits = (
      await rig.test.invoiceItems.list({ customer, pending: true, limit: 100 }, account.options)
    ).data.filter(({ amount }) => amount < 0);
    expect(credits).toHaveLength(3);
    const paid = 3000;
    const debits = (
      await rig.test.invoiceItems.list({ customer, pending: true, limit: 100 }, account.options)
    ).data.filter(({ amount }) => amount > 0);
    const charged = debits.reduce((sum, { amount }) => sum + amount, paid);
    expect(-credits.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(charged);
    // The credit for what the first invoice charged says so on its line.
    const preview = await rig.test.invoices.createPreview({ subscription: subscription.id }, account.options);
    const named = preview.lines.data.flatMap(
      ({ parent }) => parent?.subscription_item_details?.proration_details?.credited_items ?? [],
    );
    expect(named.map(({ invoice }) => invoice)).toEqual([subscription.latest_invoice]);
  });

  it('a period that cost nothing is not credited', async () => {
    const coupon = await rig.test.coupons.create({ percent_off: 100, duration: 'once' }, account.options);
    const subscription = await subscribe(3000, { discounts: [{ coupon: coupon.id }] });
    const dear = await rig.price(account.id, 6000, { interval: 'month' });
    await rig.test.subscriptions.update(
      subscription.id,
      { items: [{ id: subscription.items.data[0]?.id ?? '', price: dear.id }] },
      account.options,
    );
    const items = await rig.test.invoiceItems.list({ customer, pending: true }, account.options);
    expect(items.data.every(({ amount }) => amount > 0)).toBe(true);
  });

  describe('the status follows the most recent invoice that is not void (https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses)', () => {
    async function pastDue(): Promise<Stripe.Subscription> {
      const subscription = await subscribe();
      await fails(subscription.id);
      const end = subscription.items.data[0]?.current_period_end ?? 0;
      await rig.advance(account.id, { advanceTo: end + 3600 });
      expect((await current(subscription.id)).status).toBe('past_due');
      return subscription;
    }

    it('uncollectible makes it active, and it can be paid later', async () => {
      const { id } = await pastDue();
      const invoice = await latest(id);
      await rig.test.invoices.markUncollectible(invoice.id, {}, account.options);
      expect((await current(id)).status).toBe('active');
      await rig.control('POST', '/triggers/payment_method_recovers', {
        account: account.id,
        subscription: id,
      });
      expect(await rig.test.invoices.pay(invoice.id, {}, account.options)).toMatchObject({ status: 'paid' });
      expect((await current(id)).status).toBe('active');
    });

    it('void goes back to the invoice before it', async () => {
      const { id } = await pastDue();
      const [failed] = (await rig.test.invoices.list({ subscription: id, status: 'open' }, account.options))
        .data;
      await rig.test.invoices.voidInvoice(failed?.id ?? '', {}, account.options);
      expect((await current(id)).status).toBe('active');
    });

    it('a draft does not decide: the open invoice before it does', async () => {
      await rig.control('PUT', `/accounts/${account.id}/retry-policy`, { days: [], finalAction: 'past_due' });
      const { id } = await pastDue();
      const open = await latest(id);
      const end = (await current(id)).items.data[0]?.current_period_end ?? 0;
      await rig.advance(account.id, { advanceTo: end + 60 });
      expect((await latest(id)).status).toBe('draft');
      await rig.test.invoices.pay(open.id, { paid_out_of_band: true }, account.options);
      expect((await current(id)).status).toBe('active');
    });

    it('an older invoice that is paid or void changes nothing while the newest is open', async () => {
      await rig.control('PUT', `/accounts/${account.id}/retry-policy`, { days: [], finalAction: 'past_due' });
      const subscription = await pastDue();
      const older = await latest(subscription.id);
      const next = (await current(subscription.id)).items.data[0]?.current_period_end ?? 0;
      await rig.advance(account.id, { advanceTo: next + 3600 });
      const newer = await latest(subscription.id);
      expect(newer.id).not.toBe(older.id);
      await rig.test.invoices.voidInvoice(older.id, {}, account.options);
      expect((await current(subscription.id)).status).toBe('past_due');
      await rig.test.invoices.voidInvoice(newer.id, {}, account.options);
      expect((await current(subscription.id)).status).toBe('active');
    });
  });

  it('a first invoice that wants 3-D Secure is attempted, once (https://docs.stripe.com/api/invoices/object#invoice_object-attempted)', async () => {
    customer = await customerWith('pm_card_threeDSecure2Required');
    const { id, status } = await subscribe();
    expect(status).toBe('incomplete');
    const invoice = await latest(id);
    expect(invoice).toMatchObject({ status: 'open', attempted: true, attempt_count: 1 });
    const full = await rig.test.invoices.retrieve(
      invoice.id,
      { expand: ['confirmation_secret', 'payments'] },
      account.options,
    );
    expect(full.confirmation_secret).toMatchObject({ type: 'payment_intent' });
    const intent = full.payments?.data[0]?.payment.payment_intent as string;
    await rig.post(`/authenticate/${intent}`, { result: 'complete' });
    expect(await latest(id)).toMatchObject({ status: 'paid', attempt_count: 1 });
    expect((await current(id)).status).toBe('active');
  });

  it('an immediate cancel takes a planned one back; a planned one stays written (https://docs.stripe.com/billing/subscriptions/cancel)', async () => {
    const first = await subscribe();
    await rig.test.subscriptions.update(first.id, { cancel_at_period_end: true }, account.options);
    expect(await rig.test.subscriptions.cancel(first.id, {}, account.options)).toMatchObject({
      status: 'canceled',
      cancel_at: null,
      cancel_at_period_end: false,
    });
    const second = await subscribe();
    const end = second.items.data[0]?.current_period_end ?? 0;
    await rig.test.subscriptions.update(second.id, { cancel_at_period_end: true }, account.options);
    await rig.advance(account.id, { advanceTo: end });
    expect(await current(second.id)).toMatchObject({
      status: 'canceled',
      cancel_at: end,
      cancel_at_period_end: true,
      ended_at: end,
    });
  });

  it.each([
    ['pm_card_chargeDeclined', 'try_again_later'],
    ['pm_card_visa_chargeDeclinedLostCard', 'do_not_try_again'],
    ['pm_card_chargeDeclinedExpiredCard', 'confirm_card_data'],
  ])('a decline of %s advises: %s (https://docs.stripe.com/declines/codes)', async (card, advice) => {
    await expect(
      rig.test.paymentIntents.create(
        {
          amount: 1000,
          currency: 'eur',
          confirm: true,
          payment_method: card,
          payment_method_types: ['card'],
        },
        account.options,
      ),
    ).rejects.toMatchObject({ raw: { advice_code: advice } });
    const [charge] = (await rig.test.charges.list({ limit: 1 }, account.options)).data;
    expect(charge?.outcome?.advice_code).toBe(advice);
  });

  it('expands a customer’s tax and takes an empty name (https://docs.stripe.com/api/customers/object#customer_object-tax)', async () => {
    const made = await rig.test.customers.create({ name: '', expand: ['tax'] }, account.options);
    expect(made.name).toBeNull();
    expect(made.tax).toMatchObject({ automatic_tax: 'unrecognized_location' });
  });

  it('an invoice has the currency of what the customer is billed (https://docs.stripe.com/api/invoices/create#create_invoice-currency)', async () => {
    const other = await rig.test.customers.create({}, account.options);
    await rig.test.invoiceItems.create({ customer: other.id, amount: 700, currency: 'chf' }, account.options);
    const invoice = await rig.test.invoices.create(
      { customer: other.id, pending_invoice_items_behavior: 'include' },
      account.options,
    );
    expect(invoice).toMatchObject({ currency: 'chf', total: 700 });
  });

  it('a longer trial has an invoice over nothing (https://docs.stripe.com/billing/subscriptions/trials)', async () => {
    const { id, latest_invoice: first, trial_end: end } = await subscribe(3000, { trial_period_days: 7 });
    const longer = (end ?? 0) + 7 * DAY;
    await rig.test.subscriptions.update(
      id,
      { trial_end: longer, proration_behavior: 'none' },
      account.options,
    );
    const invoice = await latest(id);
    expect(invoice.id).not.toBe(first);
    expect(invoice).toMatchObject({
      billing_reason: 'subscription_update',
      status: 'paid',
      total: 0,
      amount_paid: 0,
    });
    expect(invoice.lines.data[0]?.period.end).toBe(longer);
    expect((await current(id)).status).toBe('trialing');
    await rig.advance(account.id, { advanceTo: longer + 3600 });
    expect(await latest(id)).toMatchObject({ billing_reason: 'subscription_cycle', amount_paid: 3000 });
  });

  it('a trial for a running subscription credits what was paid, unless it is told not to', async () => {
    const { id } = await subscribe(3000);
    const trialEnd = (await rig.clock(account.id)).now + 14 * DAY;
    const updated = await rig.test.subscriptions.update(id, { trial_end: trialEnd }, account.options);
    expect(updated).toMatchObject({ status: 'trialing', trial_end: trialEnd });
    expect((await latest(id)).total).toBeLessThan(-2990);
    expect(await balance()).toBeLessThan(-2990);
    const other = await subscribe(3000);
    await rig.test.subscriptions.update(
      other.id,
      { trial_end: trialEnd, proration_behavior: 'none' },
      account.options,
    );
    expect((await latest(other.id)).total).toBe(0);
  });

  it('while a schedule manages it, its end is the schedule’s (https://docs.stripe.com/billing/subscriptions/subscription-schedules)', async () => {
    const { id } = await subscribe();
    const schedule = await rig.test.subscriptionSchedules.create({ from_subscription: id }, account.options);
    await expect(
      rig.test.subscriptions.update(id, { cancel_at_period_end: true }, account.options),
    ).rejects.toMatchObject({ statusCode: 400, param: 'cancel_at_period_end' });
    await expect(
      rig.test.subscriptions.update(id, { cancel_at: 'min_period_end' }, account.options),
    ).rejects.toMatchObject({ statusCode: 400, param: 'cancel_at' });
    await expect(
      rig.test.subscriptionSchedules.create({ from_subscription: id }, account.options),
    ).rejects.toMatchObject({ statusCode: 400, param: 'from_subscription' });
    await rig.test.subscriptions.update(id, { metadata: { note: 'allowed' } }, account.options);
    await rig.test.subscriptionSchedules.release(schedule.id, {}, account.options);
    expect(
      await rig.test.subscriptions.update(id, { cancel_at_period_end: true }, account.options),
    ).toMatchObject({
      schedule: null,
      cancel_at_period_end: true,
    });
    await expect(
      rig.test.subscriptionSchedules.release(schedule.id, {}, account.options),
    ).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  it('mixed intervals: a flexible subscription bills each item by its own, on the subscription’s day (https://docs.stripe.com/billing/subscriptions/mixed-interval)', async () => {
    const monthly = await rig.price(account.id, 1000, { interval: 'month' });
    const yearly = await rig.price(account.id, 9000, { interval: 'year' });
    const items = [{ price: monthly.id }, { price: yearly.id }];
    const made = await rig.test.subscriptions.create({ customer, items }, account.options);
    const ends = (subscription: Stripe.Subscription) =>
      subscription.items.data.map(({ current_period_end: end, price }) => {
        const months = new Date(end * 1000);
        const from = new Date(made.billing_cycle_anchor * 1000);
        return [
          price.recurring?.interval,
          (months.getUTCFullYear() - from.getUTCFullYear()) * 12 + months.getUTCMonth() - from.getUTCMonth(),
        ];
      });
    expect(new Map(ends(made) as [string, number][])).toEqual(
      new Map([
        ['month', 1],
        ['year', 12],
      ]),
    );
    expect((await latest(made.id)).total).toBe(10_000);
    await rig.advance(account.id, { advanceSeconds: 32 * DAY });
    const next = await latest(made.id);
    expect(next).toMatchObject({ billing_reason: 'subscription_cycle', total: 1000, status: 'paid' });
    expect(next.lines.data.map(({ pricing }) => pricing?.price_details?.price)).toEqual([monthly.id]);
    expect(new Map(ends(await current(made.id)) as [string, number][]).get('year')).toBe(12);
    // Classic billing has one interval for all.
    await expect(
      rig.test.subscriptions.create({ customer, items, billing_mode: { type: 'classic' } }, account.options),
    ).rejects.toMatchObject({ statusCode: 400 });
  });

  it('a schedule is aborted when the subscription is cancelled because nobody pays (https://docs.stripe.com/api/events/types#event_types-subscription_schedule.aborted)', async () => {
    const { id } = await subscribe();
    const schedule = await rig.test.subscriptionSchedules.create({ from_subscription: id }, account.options);
    const [phase] = schedule.phases;
    await rig.test.subscriptionSchedules.update(
      schedule.id,
      {
        phases: [
          {
            items: [{ price: String(phase?.items[0]?.price), quantity: 1 }],
            start_date: phase?.start_date ?? 0,
            duration: { interval: 'year' },
          },
        ],
      },
      account.options,
    );
    await fails(id);
    await rig.advance(account.id, { advanceSeconds: 60 * DAY });
    expect((await current(id)).status).toBe('canceled');
    const { data } = await rig.test.events.list({ type: 'subscription_schedule.aborted' }, account.options);
    expect(data.map(({ data: { object } }) => (object as { id: string }).id)).toEqual([schedule.id]);
  });

  it('paid out of band: nothing is charged, and the payment that waited is cancelled (https://docs.stripe.com/api/invoices/pay#pay_invoice-paid_out_of_band)', async () => {
    customer = (await rig.test.customers.create({}, account.options)).id;
    const { id } = await subscribe(3000, { payment_behavior: 'default_incomplete' });
    const invoice = await latest(id);
    const paid = await rig.test.invoices.pay(
      invoice.id,
      { paid_out_of_band: true, expand: ['payments'] },
      account.options,
    );
    expect(paid).toMatchObject({ status: 'paid', amount_remaining: 0 });
    expect(paid.payments?.data[0]?.status).toBe('canceled');
    expect((await rig.test.charges.list({ customer }, account.options)).data).toEqual([]);
    expect((await current(id)).status).toBe('active');
  });

  it('credit pays, and comes back when the invoice is void (https://docs.stripe.com/billing/customer/balance)', async () => {
    await rig.test.customers.update(customer, { balance: -1000 }, account.options);
    const { id } = await subscribe(3000, { payment_behavior: 'default_incomplete' });
    const invoice = await latest(id);
    expect(invoice).toMatchObject({
      total: 3000,
      amount_due: 2000,
      starting_balance: -1000,
      ending_balance: 0,
    });
    expect(await balance()).toBe(0);
    await rig.test.invoices.voidInvoice(invoice.id, {}, account.options);
    expect(await balance()).toBe(-1000);
    expect((await current(id)).status).toBe('incomplete_expired');
  });

  it('the open invoice of a cancelled subscription can be paid, and the subscription stays cancelled', async () => {
    const subscription = await subscribe();
    await fails(subscription.id);
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await rig.advance(account.id, { advanceTo: end + 3600 });
    const invoice = await latest(subscription.id);
    await rig.test.subscriptions.cancel(subscription.id, {}, account.options);
    expect(await rig.test.invoices.retrieve(invoice.id, {}, account.options)).toMatchObject({
      status: 'open',
      auto_advance: false,
    });
    const paid = await rig.test.invoices.pay(invoice.id, { payment_method: 'pm_card_visa' }, account.options);
    expect(paid.status).toBe('paid');
    expect((await current(subscription.id)).status).toBe('canceled');
  });

  it('a customer that is deleted is looked up as deleted, cannot be used, and has no subscriptions left (https://docs.stripe.com/api/customers/delete)', async () => {
    const { id } = await subscribe();
    await rig.test.customers.del(customer, {}, account.options);
    expect((await current(id)).status).toBe('canceled');
    expect(await rig.test.customers.retrieve(customer, {}, account.options)).toEqual(
      expect.objectContaining({ id: customer, deleted: true }),
    );
    await expect(subscribe()).rejects.toMatchObject({ code: 'resource_missing', param: 'customer' });
    await expect(rig.test.customers.update(customer, { name: 'Ada' }, account.options)).rejects.toMatchObject(
      {
        statusCode: 404,
      },
    );
  });

  it('an invoice that is sent has its due date, and is past due after it (https://docs.stripe.com/billing/collection-method)', async () => {
    const extra = { collection_method: 'send_invoice' } as const;
    await expect(subscribe(3000, extra)).rejects.toMatchObject({ param: 'days_until_due' });
    const { id, status } = await subscribe(3000, { ...extra, days_until_due: 7 });
    expect(status).toBe('active');
    const invoice = await latest(id);
    expect(invoice.due_date).toBe(invoice.created + 7 * DAY);
    await rig.advance(account.id, { advanceTo: invoice.due_date ?? 0 });
    expect((await current(id)).status).toBe('past_due');
    expect((await rig.test.events.list({ type: 'invoice.overdue' }, account.options)).data).toHaveLength(1);
    await rig.test.invoices.pay(invoice.id, { paid_out_of_band: true }, account.options);
    expect((await current(id)).status).toBe('active');
  });
});
