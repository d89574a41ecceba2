import type Stripe from 'stripe';
import { accountFor, receiverFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('subscription schedules', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);
  const account = accountFor('test', rig);

  const invoicesOf = async (subscription: string): Promise<Stripe.Invoice[]> =>
    (await rig.test.invoices.list({ subscription, limit: 100 }, account.options)).data.reverse();
  const current = (id: string) => rig.test.subscriptions.retrieve(id, {}, account.options);
  const schedules = () => rig.test.subscriptionSchedules;

  async function payingCustomer(): Promise<string> {
    const customer = await rig.test.customers.create({ payment_method: 'pm_card_visa' }, account.options);
    const [method] = (await rig.test.customers.listPaymentMethods(customer.id, {}, account.options)).data;
    await rig.test.customers.update(
      customer.id,
      { invoice_settings: { default_payment_method: method?.id ?? '' } },
      account.options,
    );
    return customer.id;
  }

  async function subscribe(price: string): Promise<Stripe.Subscription> {
    return rig.test.subscriptions.create(
      { customer: await payingCustomer(), items: [{ price }] },
      account.options,
    );
  }

  async function boughtPlan(months: number): Promise<{ subscription: string; schedule: string }> {
    const price = await rig.price(account.id, 1990, { interval: 'month' });
    const { id } = await subscribe(price.id);
    const schedule = await schedules().create({ from_subscription: id }, account.options);
    await schedules().update(
      schedule.id,
      {
        end_behavior: 'cancel',
        phases: [
          {
            start_date: schedule.phases[0]?.start_date ?? 0,
            items: [{ price: price.id, quantity: 1 }],
            duration: { interval: 'month', interval_count: months },
          },
        ],
      },
      account.options,
    );
    return { subscription: id, schedule: schedule.id };
  }

  it.each([1, 2, 6, 13])('takes exactly %i monthly payments and then cancels', async (months) => {
    const { subscription, schedule } = await boughtPlan(months);
    expect(await current(subscription)).toMatchObject({ schedule, status: 'active' });
    await rig.advance(account.id, { advanceSeconds: (months + 3) * 31 * DAY });
    const invoices = await invoicesOf(subscription);
    expect(invoices.map(({ status, amount_paid }) => [status, amount_paid])).toEqual(
      Array.from({ length: months }, () => ['paid', 1990]),
    );
    const ended = await current(subscription);
    expect(ended.status).toBe('canceled');
    expect(ended.ended_at).toBe(invoices.at(-1)?.lines.data[0]?.period.end);
    expect(await schedules().retrieve(schedule, {}, account.options)).toMatchObject({
      status: 'completed',
      completed_at: ended.ended_at,
      current_phase: null,
    });
    await rig.drain();
    const types = hook.types(account.id).filter((type) => /schedule|deleted/.test(type));
    expect(types[0]).toBe('subscription_schedule.created');
    expect(types).toContain('subscription_schedule.expiring');
    expect(types.slice(-2)).toEqual(['customer.subscription.deleted', 'subscription_schedule.completed']);
  });

  it('changes price and quantity from phase to phase, without a second invoice for a month', async () => {
    const cheap = await rig.price(account.id, 1000, { interval: 'month' });
    const dear = await rig.price(account.id, 2500, { interval: 'month' });
    const schedule = await schedules().create(
      {
        customer: await payingCustomer(),
        start_date: 'now',
        end_behavior: 'release',
        phases: [
          { items: [{ price: cheap.id }], duration: { interval: 'month', interval_count: 2 } },
          {
            items: [{ price: dear.id, quantity: 2 }],
            duration: { interval: 'month', interval_count: 1 },
            metadata: { phase: 'second' },
          },
        ],
      },
      account.options,
    );
    expect(schedule).toMatchObject({ status: 'active', current_phase: { start_date: schedule.created } });
    const subscription = schedule.subscription as string;
    const [first] = await invoicesOf(subscription);
    expect(first).toMatchObject({ status: 'draft', billing_reason: 'subscription_create' });
    await rig.advance(account.id, { advanceSeconds: 40 * DAY });
    const next = await rig.test.invoices.createPreview({ schedule: schedule.id }, account.options);
    expect(next).toMatchObject({ total: 5000, billing_reason: 'upcoming' });
    await rig.advance(account.id, { advanceSeconds: 100 * DAY });
    const invoices = await invoicesOf(subscription);
    expect(invoices.map(({ amount_paid }) => amount_paid)).toEqual([1000, 1000, 5000, 5000, 5000]);
    expect(await current(subscription)).toMatchObject({
      status: 'active',
      schedule: null,
      metadata: { phase: 'second' },
    });
    expect(await schedules().retrieve(schedule.id, {}, account.options)).toMatchObject({
      status: 'released',
      released_subscription: subscription,
      subscription: null,
    });
    await rig.drain();
    expect(hook.types(account.id).filter((type) => type.startsWith('subscription_schedule'))).toEqual([
      'subscription_schedule.created',
      'subscription_schedule.updated',
      'subscription_schedule.expiring',
      'subscription_schedule.released',
    ]);
  });

  it('starts later, can begin with a trial, and can be cancelled before', async () => {
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const { now } = await rig.clock(account.id);
    const phases = [
      {
        items: [{ price: price.id }],
        trial: true,
        duration: { interval: 'week' as const, interval_count: 1 },
      },
      { items: [{ price: price.id }], duration: { interval: 'month' as const, interval_count: 1 } },
    ];
    const customer = await payingCustomer();
    const create = () =>
      schedules().create(
        { customer, start_date: now + 10 * DAY, end_behavior: 'cancel', phases },
        account.options,
      );
    const gone = await create();
    expect(gone).toMatchObject({ status: 'not_started', subscription: null, current_phase: null });
    expect(await schedules().cancel(gone.id, {}, account.options)).toMatchObject({ status: 'canceled' });
    const { id } = await create();
    await rig.advance(account.id, { advanceSeconds: 11 * DAY });
    const started = await schedules().retrieve(id, {}, account.options);
    expect(started.status).toBe('active');
    expect((await current(started.subscription as string)).status).toBe('trialing');
    await rig.advance(account.id, { advanceSeconds: 60 * DAY });
    const invoices = await invoicesOf(started.subscription as string);
    expect(invoices.map(({ amount_paid }) => amount_paid)).toEqual([0, 1000]);
    expect((await current(started.subscription as string)).status).toBe('canceled');
  });

  it('prorates a change in the middle, and releases or cancels at once', async () => {
    const { subscription, schedule } = await boughtPlan(6);
    const { phases } = await schedules().retrieve(schedule, {}, account.options);
    const dear = await rig.price(account.id, 3980, { interval: 'month' });
    const change = {
      phases: [
        {
          start_date: phases[0]?.start_date ?? 0,
          end_date: phases[0]?.end_date ?? 0,
          items: [{ price: dear.id }],
        },
      ],
    };
    await schedules().update(schedule, { ...change, proration_behavior: 'always_invoice' }, account.options);
    const [, prorated] = await invoicesOf(subscription);
    expect(prorated).toMatchObject({ billing_reason: 'subscription_update', status: 'paid', total: 1990 });
    await expect(
      rig.test.subscriptions.update(subscription, { cancel_at_period_end: true }, account.options),
    ).rejects.toThrow(/managed by the subscription schedule/);
    expect(await schedules().release(schedule, {}, account.options)).toMatchObject({ status: 'released' });
    expect(await current(subscription)).toMatchObject({ schedule: null, cancel_at: null });
    await expect(schedules().cancel(schedule, {}, account.options)).rejects.toThrow(/released/);
    const other = await boughtPlan(6);
    await schedules().cancel(other.schedule, {}, account.options);
    expect((await current(other.subscription)).status).toBe('canceled');
    const third = await boughtPlan(6);
    await rig.test.subscriptions.cancel(third.subscription, {}, account.options);
    expect((await schedules().retrieve(third.schedule, {}, account.options)).status).toBe('canceled');
  });

  it('refuses what Stripe refuses', async () => {
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const { id } = await subscribe(price.id);
    const { id: schedule } = await schedules().create({ from_subscription: id }, account.options);
    const refused = async (work: Promise<unknown>, message: RegExp) => {
      await expect(work).rejects.toThrow(message);
    };
    await refused(
      schedules().create({ from_subscription: id }, account.options),
      /already attached to a schedule/,
    );
    await refused(
      schedules().create({ from_subscription: id, metadata: { a: 'b' } }, account.options),
      /cannot set/,
    );
    await refused(schedules().create({ phases: [] }, account.options), /customer/);
    const items = [{ price: price.id }];
    await refused(schedules().update(schedule, { phases: [{ items }] }, account.options), /start_date/);
    await refused(
      schedules().update(
        schedule,
        { phases: [{ items, start_date: 'now', end_date: 100 }] },
        account.options,
      ),
      /has to end after/,
    );
  });
});
