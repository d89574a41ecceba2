import type Stripe from 'stripe';
import { accountFor, receiverFor, rigFor } from './support/setup';

const DAY = 86_400;

describe('a trial without a card', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);
  const account = accountFor('test', rig);

  async function trial(missing_payment_method: 'cancel' | 'pause'): Promise<string> {
    const price = await rig.price(account.id, 3000, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        payment_method_collection: 'if_required',
        subscription_data: {
          trial_period_days: 7,
          trial_settings: { end_behavior: { missing_payment_method } },
        },
      },
      account.options,
    );
    expect((await rig.post(`/c/pay/${session.id}`, { email: 'mia@example.com' })).status).toBe(303);
    const done = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
    expect(done.payment_status).toBe('no_payment_required');
    return done.subscription as string;
  }

  it('pauses, and is resumed by a payment', async () => {
    const id = await trial('pause');
    await rig.advance(account.id, { advanceSeconds: 8 * DAY });
    const paused = await rig.test.subscriptions.retrieve(id, {}, account.options);
    expect(paused.status).toBe('paused');
    const customer = paused.customer as string;
    const declining = await rig.test.paymentMethods.attach(
      'pm_card_chargeCustomerFail',
      { customer },
      account.options,
    );
    await rig.test.subscriptions.update(id, { default_payment_method: declining.id }, account.options);
    const failed = await rig.test.subscriptions.resume(id, {}, account.options);
    expect(failed.status).toBe('paused');
    await rig.test.invoices.pay(
      failed.latest_invoice as string,
      { payment_method: 'pm_card_visa' },
      account.options,
    );
    const resumed = await rig.test.subscriptions.retrieve(
      id,
      { expand: ['latest_invoice'] },
      account.options,
    );
    expect(resumed.status).toBe('active');
    expect((resumed.latest_invoice as Stripe.Invoice).amount_paid).toBe(3000);
    expect(resumed.items.data[0]?.current_period_start).toBe(resumed.billing_cycle_anchor);
    await expect(rig.test.subscriptions.resume(id, {}, account.options)).rejects.toMatchObject({
      statusCode: 400,
    });
    await rig.drain();
    expect(hook.types(account.id)).toEqual(
      expect.arrayContaining(['customer.subscription.paused', 'customer.subscription.resumed']),
    );
  });

  it('can keep its cycle, and pays for the rest of the period', async () => {
    const id = await trial('pause');
    const { trial_end: anchor } = await rig.test.subscriptions.retrieve(id, {}, account.options);
    await rig.advance(account.id, { advanceSeconds: 17 * DAY });
    const { customer } = await rig.test.subscriptions.retrieve(id, {}, account.options);
    const method = await rig.test.paymentMethods.attach(
      'pm_card_visa',
      { customer: customer as string },
      account.options,
    );
    await rig.test.subscriptions.update(id, { default_payment_method: method.id }, account.options);
    const resumed = await rig.test.subscriptions.resume(
      id,
      { billing_cycle_anchor: 'unchanged', proration_behavior: 'always_invoice', expand: ['latest_invoice'] },
      account.options,
    );
    expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: anchor });
    const { amount_paid: paid } = resumed.latest_invoice as Stripe.Invoice;
    expect(paid).toBeGreaterThan(1900);
    expect(paid).toBeLessThan(2100);
  });

  it('ends', async () => {
    const id = await trial('cancel');
    await rig.advance(account.id, { advanceSeconds: 8 * DAY });
    expect((await rig.test.subscriptions.retrieve(id, {}, account.options)).status).toBe('canceled');
  });
});

describe('a trial with a card that asks for authentication', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  it('asks before the trial, and is charged after it without being asked again', async () => {
    const price = await rig.price(account.id, 3000, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        subscription_data: { trial_period_days: 7 },
      },
      account.options,
    );
    const page = `/c/pay/${session.id}/authenticate`;
    const card = { card_number: '4000002500003155' };
    expect((await rig.pay(session, card)).headers.get('location')).toBe(page);
    expect((await rig.post(page, { result: 'fail' })).status).toBe(402);
    const open = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
    expect(open).toMatchObject({ status: 'open', subscription: null });
    await rig.pay(session, card);
    expect((await rig.post(page, { result: 'complete' })).status).toBe(303);
    await rig.advance(account.id, { advanceSeconds: 8 * DAY });
    const { data } = await rig.test.subscriptions.list({ expand: ['data.latest_invoice'] }, account.options);
    expect(data).toMatchObject([{ status: 'active', latest_invoice: { status: 'paid', amount_paid: 3000 } }]);
  });
});
