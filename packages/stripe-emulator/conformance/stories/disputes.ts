import type { Story } from './stage';

/** Cards whose payments are disputed: fraudulent, not received, an inquiry. https://docs.stripe.com/testing#disputes */
const CARDS = ['4000000000000259', '4000000000002685', '4000000000001976'];

/** What happens to disputes at the bank, one payment each. */
const TRIGGERS = [
  ['prevented'],
  ['dispute_created', 'dispute_under_review', 'dispute_won'],
  ['dispute_created', 'dispute_lost'],
  ['warning_needs_response', 'warning_escalated'],
];

export const disputes: Story = {
  name: 'disputes',
  needs: ['get /v1/disputes', 'post /v1/disputes/{dispute}', 'post /v1/disputes/{dispute}/close'],
  async tell({ rig }) {
    const account = await rig.connect();
    const options = { stripeAccount: account };
    const api = rig.test.disputes;
    const price = await rig.price(account, 7000);
    const pay = async (card_number: string) => {
      const session = await rig.test.checkout.sessions.create(
        {
          mode: 'payment',
          line_items: [{ price: price.id, quantity: 1 }],
          success_url: 'http://localhost:1/done',
        },
        options,
      );
      await rig.pay(session, { card_number });
      const done = await rig.test.checkout.sessions.retrieve(session.id, {}, options);
      return done.payment_intent as string;
    };
    for (const card_number of CARDS) await pay(card_number);
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
    for (const names of TRIGGERS) {
      const payment_intent = await pay('4242424242424242');
      for (const name of names) await rig.control('POST', `/triggers/${name}`, { account, payment_intent });
      await api.list({ payment_intent, expand: ['data.charge'] }, options);
    }
    const refund = await rig.test.refunds.create({ payment_intent: await pay('4242424242424242') }, options);
    await rig.control('POST', '/triggers/refund_failed', { account, refund: refund.id });
    await rig.test.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] }, options);
  },
};
