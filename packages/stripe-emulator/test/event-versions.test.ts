import type Stripe from 'stripe';
import { Receiver } from './support/receiver';
import { accountFor, rigFor } from './support/setup';

const OLD = '2025-02-24.acacia';

// https://docs.stripe.com/api/events, https://docs.stripe.com/webhooks/versioning
describe('the version of an event', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  async function subscribe(): Promise<string> {
    const price = await rig.price(account.id, 1000, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        success_url: 'https://example.com',
        line_items: [{ price: price.id, quantity: 1 }],
      },
      account.options,
    );
    await rig.pay(session);
    const { data } = await rig.test.subscriptions.list({}, account.options);
    return data[0]?.id ?? '';
  }
  const paid = async () => {
    const { data } = await rig.test.events.list({ type: 'invoice.paid' }, account.options);
    return data[0] as unknown as { api_version: string; data: { object: Record<string, unknown> } };
  };

  it('is the account’s when it was created, and stays so (https://docs.stripe.com/api/events/object#event_object-api_version)', async () => {
    await rig.control('PUT', `/accounts/${account.id}/api-version`, { apiVersion: OLD });
    const subscription = await subscribe();
    await rig.control('PUT', `/accounts/${account.id}/api-version`, { apiVersion: '2026-08-26.dahlia' });
    const event = await paid();
    expect(event.api_version).toBe(OLD);
    expect(event.data.object).toMatchObject({ subscription, paid: true });
    expect(event.data.object.payment_intent).toMatch(/^pi_/);
    expect(event.data.object).not.toHaveProperty('parent');
    const created = await rig.test.events.list({ type: 'customer.subscription.created' }, account.options);
    expect(created.data[0]?.data.object).toHaveProperty('current_period_end', expect.any(Number));
  });

  it('is the endpoint’s where it is delivered (https://docs.stripe.com/webhooks/versioning)', async () => {
    const old = await Receiver.start();
    const present = await Receiver.start();
    const hear = (url: string, api_version?: string) =>
      rig.test.webhookEndpoints.create({
        url,
        connect: true,
        enabled_events: ['invoice.paid'],
        ...(api_version === undefined
          ? {}
          : { api_version: api_version as Stripe.WebhookEndpointCreateParams.ApiVersion }),
      });
    await hear(old.url, OLD);
    await hear(present.url);
    const subscription = await subscribe();
    await rig.drain();
    expect(old.received[0]?.event).toMatchObject({
      api_version: OLD,
      account: account.id,
      data: { object: { subscription } },
    });
    const now = { parent: { subscription_details: { subscription } } };
    expect(present.received[0]?.event).toMatchObject({
      api_version: '2026-08-26.dahlia',
      data: { object: now },
    });
    expect((await paid()).data.object).toMatchObject(now);
    await old.close();
    await present.close();
  });
});
