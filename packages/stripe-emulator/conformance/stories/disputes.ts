import type { Story } from './stage';

/** Cards whose payments are disputed: fraudulent, not received, an inquiry. https://docs.stripe.com/testing#disputes */
const CARDS = ['4000000000000259', '4000000000002685', '4000000000001976'];

export const disputes: Story = {
  name: 'disputes',
  needs: ['get /v1/disputes', 'post /v1/disputes/{dispute}', 'post /v1/disputes/{dispute}/close'],
  async tell({ rig }) {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const api = rig.test.disputes;
    const price = await rig.price(account, 7000);
    for (const card_number of CARDS) {
      const session = await rig.test.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
        },
        options,
      );
      await rig.pay(session, { card_number });
    }
    const all = await api.list({ limit: 10, expand: ['data.charge'] }, options);
    const [first, second] = all.data;
    await api.retrieve(first?.id ?? '', { expand: ['charge', 'payment_intent'] }, options);
    await api.update(
      first?.id ?? '',
      {
        evidence: { customer_name: 'Mia', uncategorized_text: 'winning_evidence' },
        submit: true,
        metadata: { a: 'b' },
      },
      options,
    );
    await api.close(second?.id ?? '', {}, options);
    await rig.advance(account, { advanceSeconds: 90 * 86_400 });
    await api.list({ payment_intent: first?.payment_intent as string }, options);
  },
};
