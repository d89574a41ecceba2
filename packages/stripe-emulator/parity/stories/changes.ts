import { DAY, type Story } from '../stage';
import { MONTH, subscribed } from './subscription';

/** https://docs.stripe.com/billing/subscriptions/subscription-schedules */
export const schedule: Story = {
  name: 'schedule',
  async tell(stage) {
    const { stripe } = stage;
    const { clock, customer, price, subscription } = await subscribed(stage);
    const dearer = await stage.price('dearer price', 5000, 'month');
    const made = await stage.step('from the subscription', () =>
      stripe.subscriptionSchedules.create({ from_subscription: subscription.id }),
    );
    const current = made.phases[0];
    await stage.step('phases', () =>
      stripe.subscriptionSchedules.update(made.id, {
        end_behavior: 'release',
        proration_behavior: 'none',
        phases: [
          {
            items: [{ price: price.id, quantity: 1 }],
            start_date: current?.start_date ?? stage.start,
            end_date: current?.end_date ?? stage.start + MONTH,
          },
          { items: [{ price: dearer.id, quantity: 1 }], duration: { interval: 'month', interval_count: 1 } },
        ],
      }),
    );
    await stage.attempt('cancel at the end', () =>
      stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
    );
    await stage.advance(clock, MONTH + DAY);
    await stage.step('second phase', () => stripe.subscriptions.retrieve(subscription.id));
    await stage.step('schedule', () => stripe.subscriptionSchedules.retrieve(made.id));
    await stage.step('released', () => stripe.subscriptionSchedules.release(made.id));
    await stage.attempt('released again', () => stripe.subscriptionSchedules.release(made.id));
    const later = await stage.step('that starts later', () =>
      stripe.subscriptionSchedules.create({
        customer,
        start_date: stage.start + 2 * MONTH,
        end_behavior: 'cancel',
        phases: [{ items: [{ price: price.id }], duration: { interval: 'month', interval_count: 3 } }],
      }),
    );
    await stage.step('cancelled', () => stripe.subscriptionSchedules.cancel(later.id));
  },
};

/** https://docs.stripe.com/billing/subscriptions/prorations, https://docs.stripe.com/api/invoices/create_preview */
export const proration: Story = {
  name: 'proration preview',
  async tell(stage) {
    const { stripe } = stage;
    const { clock, item, subscription } = await subscribed(stage);
    const dearer = await stage.price('dearer price', 6000, 'month');
    const yearly = await stage.price('yearly price', 30000, 'year');
    await stage.advance(clock, 15 * DAY);
    const preview = (name: string, change: { price?: string; quantity?: number }, behavior: Behavior) =>
      stage.attempt(name, () =>
        stripe.invoices.createPreview({
          subscription: subscription.id,
          subscription_details: {
            items: [{ id: item, ...change }],
            proration_behavior: behavior,
            proration_date: stage.start + 15 * DAY,
          },
        }),
      );
    await preview('dearer at once', { price: dearer.id }, 'always_invoice');
    await preview('dearer later', { price: dearer.id }, 'create_prorations');
    await preview('three of it', { quantity: 3 }, 'always_invoice');
    await preview('by the year', { price: yearly.id }, 'always_invoice');
    await preview('without proration', { price: dearer.id }, 'none');
    await stage.step('changed', () =>
      stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: dearer.id }],
        proration_behavior: 'always_invoice',
        proration_date: stage.start + 15 * DAY,
        expand: ['latest_invoice'],
      }),
    );
    await stage.step('cheaper again', () =>
      stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: subscription.items.data[0]?.price.id ?? '' }],
        proration_behavior: 'create_prorations',
        proration_date: stage.start + 15 * DAY,
      }),
    );
    await stage.step('pending', () =>
      stripe.invoiceItems.list({ customer: idOf(subscription.customer), pending: true }),
    );
  },
};

type Behavior = 'always_invoice' | 'create_prorations' | 'none';

function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}
