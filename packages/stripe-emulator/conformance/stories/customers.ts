import type { Story } from './stage';

export const customers: Story = {
  name: 'customers and their payment methods',
  async tell({ rig }) {
    const options = { stripeAccount: await rig.connect() };
    const { customers: api, paymentMethods } = rig.test;
    const customer = await api.create(
      {
        email: 'mia@example.com',
        name: 'Mia Member',
        phone: '+491700000000',
        description: 'Member',
        metadata: { memberId: 'm_1' },
        address: { line1: 'Street 1', city: 'Berlin', postal_code: '10115', country: 'DE' },
        preferred_locales: ['de'],
        payment_method: 'pm_card_visa',
      },
      options,
    );
    const other = await paymentMethods.attach('pm_card_mastercard', { customer: customer.id }, options);
    await api.update(
      customer.id,
      {
        name: 'Mia M.',
        description: 'A member',
        address: '',
        metadata: { memberId: '' },
        invoice_settings: { default_payment_method: other.id },
      },
      options,
    );
    await api.update(customer.id, { metadata: '' }, options);
    await api.retrieve(
      customer.id,
      { expand: ['invoice_settings.default_payment_method', 'subscriptions'] },
      options,
    );
    await api.list({ email: 'mia@example.com', limit: 1, created: { lte: 9_999_999_999 } }, options);
    await api.listPaymentMethods(customer.id, { type: 'card', limit: 5 }, options);
    await paymentMethods.list({ customer: customer.id, type: 'card' }, options);
    await paymentMethods.update(
      other.id,
      { metadata: { a: 'b' }, card: { exp_month: 11, exp_year: 2041 } },
      options,
    );
    await paymentMethods.retrieve(other.id, { expand: ['customer'] }, options);
    await paymentMethods.detach(other.id, {}, options);
    await api.del(customer.id, {}, options);
    await api.retrieve(customer.id, {}, options).catch(() => undefined);
  },
};
