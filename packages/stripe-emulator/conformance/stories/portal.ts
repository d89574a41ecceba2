import { subscribe } from './people';
import type { Story } from './stage';

export const portal: Story = {
  name: 'the billing portal',
  needs: ['post /v1/billing_portal/configurations', 'post /v1/billing_portal/sessions'],
  async tell(stage) {
    const { rig } = stage;
    const options = { stripeAccount: await rig.connect() };
    const { configurations, sessions } = rig.test.billingPortal;
    const configuration = await configurations.create(
      {
        business_profile: {
          headline: 'Your membership',
          privacy_policy_url: 'https://example.com/privacy',
          terms_of_service_url: 'https://example.com/terms',
        },
        default_return_url: 'https://example.com/account',
        features: {
          customer_update: { enabled: true, allowed_updates: ['email', 'name'] },
          invoice_history: { enabled: true },
          payment_method_update: { enabled: true },
          subscription_cancel: {
            enabled: true,
            mode: 'at_period_end',
            cancellation_reason: { enabled: true, options: ['too_expensive', 'other'] },
          },
        },
        metadata: { a: 'b' },
      },
      options,
    );
    await configurations.update(
      configuration.id,
      { features: { invoice_history: { enabled: false } }, metadata: { a: '' } },
      options,
    );
    await configurations.retrieve(configuration.id, {}, options);
    await configurations.list({ active: true, limit: 3 }, options);
    const { customer, id } = await subscribe(stage, options);
    const { url } = await sessions.create(
      {
        customer: customer as string,
        return_url: 'https://example.com/back',
        configuration: configuration.id,
        locale: 'de',
        expand: ['configuration'],
      },
      options,
    );
    await sessions.create(
      {
        customer: customer as string,
        flow_data: {
          type: 'subscription_cancel',
          subscription_cancel: { subscription: id },
          after_completion: { type: 'redirect', redirect: { return_url: 'https://example.com/cancelled' } },
        },
      },
      options,
    );
    await rig.post(`${url}/payment-method`, {
      card_number: '5555555555554444',
      card_expiry: '12 / 60',
      card_cvc: '123',
    });
    await rig.post(`${url}/cancel`, { subscription: id, feedback: 'too_expensive', comment: 'Sorry' });
    await rig.test.subscriptions.retrieve(id, {}, options);
    await rig.post(`${url}/renew`, { subscription: id });
  },
};
