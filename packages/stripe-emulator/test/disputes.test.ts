import type Stripe from 'stripe';
import { accountFor, receiverFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('disputes', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);
  const account = accountFor('test', rig);

  /** A payment of 70.00; gives its payment intent. */
  async function pay(card_number: string): Promise<string> {
    const price = await rig.price(account.id, 7000);
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      account.options,
    );
    await rig.pay(session, { card_number });
    const done = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
    return done.payment_intent as string;
  }

  const trigger = (name: string, body: Record<string, unknown>) =>
    rig.control<Stripe.Dispute>('POST', `/triggers/${name}`, {
      account: account.id,
      livemode: false,
      ...body,
    });

  async function disputeOf(payment_intent: string): Promise<Stripe.Dispute> {
    const [dispute] = (await rig.test.disputes.list({ payment_intent }, account.options)).data;
    if (!dispute) throw new Error('no dispute');
    return dispute;
  }

  async function events(): Promise<string[]> {
    await rig.drain();
    return hook
      .types(account.id)
      .filter((type) => type.startsWith('charge.dispute'))
      .map((type) => type.slice('charge.dispute.'.length));
  }

  async function balance(): Promise<number> {
    const all = await rig.test.balanceTransactions.list({ limit: 100 }, account.options);
    return all.data.reduce((sum, { net }) => sum + net, 0);
  }

  it('come with their test card, take the money, and give it back when won', async () => {
    const intent = await pay('4000000000000259');
    const dispute = await disputeOf(intent);
    expect(dispute).toMatchObject({ status: 'needs_response', reason: 'fraudulent', amount: 7000 });
    expect(dispute.balance_transactions.map(({ amount }) => amount)).toEqual([-7000]);
    const charge = await rig.test.charges.retrieve(dispute.charge as string, {}, account.options);
    expect(charge.disputed).toBe(true);
    expect(await balance()).toBe(0);
    await expect(rig.test.refunds.create({ payment_intent: intent }, account.options)).rejects.toMatchObject({
      code: 'charge_disputed',
    });
    const evidence = { uncategorized_text: 'winning_evidence' };
    const staged = await rig.test.disputes.update(dispute.id, { evidence, submit: false }, account.options);
    expect(staged).toMatchObject({ status: 'needs_response', evidence_details: { has_evidence: true } });
    expect(await rig.test.disputes.update(dispute.id, { evidence }, account.options)).toMatchObject({
      status: 'under_review',
      evidence_details: { submission_count: 1 },
    });
    expect((await disputeOf(intent)).status).toBe('won');
    expect(await balance()).toBe(7000);
    expect(await events()).toEqual([
      'created',
      'funds_withdrawn',
      'updated',
      'updated',
      'funds_reinstated',
      'closed',
    ]);
    await expect(rig.test.disputes.close(dispute.id, {}, account.options)).rejects.toThrow(/already closed/);
  });

  it('are lost by giving up or by silence', async () => {
    const given = await disputeOf(await pay('4000000000002685'));
    expect(given.reason).toBe('product_not_received');
    expect((await rig.test.disputes.close(given.id, {}, account.options)).status).toBe('lost');
    const silent = await pay('4000000000000259');
    await disputeOf(silent);
    await rig.advance(account.id, { advanceSeconds: 11 * DAY });
    expect(await disputeOf(silent)).toMatchObject({ status: 'lost', evidence_details: { past_due: true } });
    expect(await balance()).toBe(0);
  });

  it('can be inquiries, which close, or become chargebacks', async () => {
    const first = await pay('4000000000001976');
    expect(await disputeOf(first)).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
    });
    await rig.advance(account.id, { advanceSeconds: 121 * DAY });
    expect((await disputeOf(first)).status).toBe('warning_closed');
    const second = await pay('4242424242424242');
    expect((await trigger('warning_needs_response', { payment_intent: second })).status).toBe(
      'warning_needs_response',
    );
    expect((await trigger('warning_under_review', { payment_intent: second })).status).toBe(
      'warning_under_review',
    );
    expect((await trigger('warning_escalated', { payment_intent: second })).status).toBe('needs_response');
    expect(await balance()).toBe(7000);
    expect(await events()).toEqual(['created', 'closed', 'created', 'updated', 'updated', 'funds_withdrawn']);
  });

  it('follow triggers, with part of the amount too', async () => {
    const intents = [await pay('4242424242424242'), await pay('4242424242424242')];
    const [won, lost] = intents;
    await trigger('dispute_created', { payment_intent: won, amount: 3000, reason: 'duplicate' });
    expect(await disputeOf(won ?? '')).toMatchObject({ amount: 3000, reason: 'duplicate' });
    expect(await balance()).toBe(11_000);
    await trigger('dispute_won', { payment_intent: won });
    await trigger('dispute_created', { payment_intent: lost });
    await trigger('dispute_lost', { payment_intent: lost });
    const prevented = await pay('4242424242424242');
    expect((await trigger('prevented', { payment_intent: prevented })).status).toBe('prevented');
    expect(await balance()).toBe(7000);
    await expect(trigger('dispute_won', { payment_intent: prevented })).rejects.toThrow(/cannot become won/);
    await expect(trigger('dispute_created', { payment_intent: lost })).rejects.toThrow(/already/);
    await expect(trigger('dispute_created', { charge: 'ch_none' })).rejects.toThrow(/No such charge/);
  });

  it('a refund can fail, and the money comes back', async () => {
    const intent = await pay('4242424242424242');
    const refund = await rig.test.refunds.create({ payment_intent: intent, amount: 2500 }, account.options);
    expect(await balance()).toBe(4500);
    await trigger('refund_failed', { refund: refund.id });
    const failed = await rig.test.refunds.retrieve(refund.id, {}, account.options);
    expect(failed).toMatchObject({ status: 'failed', failure_reason: 'expired_or_canceled_card' });
    expect(await balance()).toBe(7000);
    const charge = await rig.test.charges.retrieve(refund.charge as string, {}, account.options);
    expect(charge).toMatchObject({ amount_refunded: 0, refunded: false });
    await rig.drain();
    expect(hook.types(account.id)).toContain('refund.failed');
    await expect(trigger('refund_failed', { refund: refund.id })).rejects.toThrow(/cannot fail/);
  });
});
