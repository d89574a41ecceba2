import { payingCustomer, subscribe } from './people';
import type { Story } from './stage';

const DAY = 86_400;

export const schedules: Story = {
  name: 'subscription schedules',
  needs: ['post /v1/subscription_schedules', 'post /v1/subscription_schedules/{schedule}/release'],
  async tell(stage) {
    const { rig } = stage;
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const api = rig.test.subscriptionSchedules;
    const subscription = await subscribe(stage, options);
    const item = subscription.items.data[0];
    const dearer = await rig.price(account, 4500, { interval: 'month' });
    const schedule = await api.create({ from_subscription: subscription.id }, options);
    await api.update(
      schedule.id,
      {
        end_behavior: 'release',
        metadata: { a: 'b' },
        phases: [
          {
            items: [{ price: item?.price.id ?? '', quantity: 1 }],
            start_date: schedule.phases[0]?.start_date ?? 'now',
            end_date: schedule.phases[0]?.end_date ?? 'now',
          },
          {
            items: [{ price: dearer.id, quantity: 2 }],
            duration: { interval: 'month', interval_count: 1 },
            proration_behavior: 'none',
          },
        ],
      },
      options,
    );
    await api.retrieve(schedule.id, { expand: ['subscription', 'phases.items.price'] }, options);
    await api.list({ customer: subscription.customer as string, limit: 3 }, options);
    await rig.advance(account, { advanceSeconds: 70 * DAY });
    const customer = await payingCustomer(stage, options);
    const planned = () =>
      api.create(
        {
          customer,
          start_date: Math.floor(Date.now() / 1000) + 200 * DAY,
          end_behavior: 'cancel',
          phases: [{ items: [{ price: dearer.id }], duration: { interval: 'month', interval_count: 2 } }],
        },
        options,
      );
    await api.cancel((await planned()).id, { invoice_now: false }, options);
    await planned();
    const other = await subscribe(stage, options);
    const released = await api.create({ from_subscription: other.id }, options);
    await api.release(released.id, { preserve_cancel_date: false }, options);
    await rig.advance(account, { advanceSeconds: 300 * DAY });
  },
};

export const testClocks: Story = {
  name: 'test clocks',
  needs: ['post /v1/test_helpers/test_clocks', 'post /v1/test_helpers/test_clocks/{test_clock}/advance'],
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const api = rig.test.testHelpers.testClocks;
    const start = Math.floor(Date.now() / 1000);
    const clock = await api.create({ frozen_time: start, name: 'A year' }, options);
    const customer = await payingCustomer(stage, options, { test_clock: clock.id });
    await subscribe(stage, options, { customer });
    await api.advance(clock.id, { frozen_time: start + 40 * DAY }, options);
    for (let tries = 0; tries < 100; tries += 1) {
      const { status } = await api.retrieve(clock.id, {}, options);
      if (status === 'ready') break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await api.list({ limit: 3 }, options);
    await api.del(clock.id, {}, options);
  },
};
