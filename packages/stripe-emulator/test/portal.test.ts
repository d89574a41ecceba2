import type Stripe from 'stripe';
import { accountFor, receiverFor, rigFor } from './support/setup';

describe('the billing portal', () => {
  const rig = rigFor('test');
  const hook = receiverFor('test', rig);
  const account = accountFor('test', rig);

  async function subscribe(): Promise<Stripe.Subscription> {
    const price = await rig.price(account.id, 3000, { interval: 'month' });
    const session = await rig.test.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
      },
      account.options,
    );
    await rig.pay(session);
    const { subscription } = await rig.test.checkout.sessions.retrieve(session.id, {}, account.options);
    return current(subscription as string);
  }

  const current = (id: string) => rig.test.subscriptions.retrieve(id, {}, account.options);
  const open = (customer: string, more: Partial<Stripe.BillingPortal.SessionCreateParams> = {}) =>
    rig.test.billingPortal.sessions.create(
      { customer, return_url: 'https://example.com/back', ...more },
      account.options,
    );
  const see = async (url: string): Promise<string> => (await fetch(url)).text();
  const pathOf = (answer: Response): string => {
    expect(answer.status).toBe(303);
    return answer.headers.get('location') ?? '';
  };

  it('cancels at the period’s end by `cancel_at`, and takes it back', async () => {
    const { id, customer, items } = await subscribe();
    const end = items.data[0]?.current_period_end;
    const { url } = await open(customer as string);
    const home = await see(url);
    expect(home).toContain('https://example.com/back');
    expect(home).toContain('€30.00');
    expect(home).toContain('visa •••• 4242');
    expect(await see(`${url}/cancel?subscription=${id}`)).toContain('Why do you cancel?');
    const form = { subscription: id, feedback: 'too_expensive', comment: 'Sorry' };
    const done = pathOf(await rig.post(`${url}/cancel`, form));
    expect(await current(id)).toMatchObject({
      status: 'active',
      cancel_at: end,
      cancel_at_period_end: false,
      cancellation_details: {
        feedback: 'too_expensive',
        comment: 'Sorry',
        reason: 'cancellation_requested',
      },
    });
    expect(await see(`${rig.emulator.url}${done}`)).toContain('Don’t cancel subscription');
    expect((await rig.post(`${url}/cancel`, form)).status).toBe(409);
    pathOf(await rig.post(`${url}/renew`, { subscription: id }));
    expect(await current(id)).toMatchObject({ cancel_at: null, cancel_at_period_end: false });
    expect((await rig.post(`${url}/renew`, { subscription: id })).status).toBe(409);
  });

  it('ends at once where the configuration says so', async () => {
    const { id, customer } = await subscribe();
    const configuration = await rig.test.billingPortal.configurations.create(
      { features: { subscription_cancel: { enabled: true, mode: 'immediately' } } },
      account.options,
    );
    const { url } = await open(customer as string, { configuration: configuration.id });
    const home = await see(url);
    expect(home).not.toContain('Invoice history');
    expect(home).not.toContain('Change card');
    pathOf(await rig.post(`${url}/cancel`, { subscription: id }));
    expect((await current(id)).status).toBe('canceled');
  });

  it('changes the card for the customer and the subscription; renewals use it', async () => {
    const { id, customer } = await subscribe();
    const { url } = await open(customer as string);
    const give = (card_number: string) =>
      rig.post(`${url}/payment-method`, { card_number, card_expiry: '12 / 60', card_cvc: '123' });
    const declined = await give('4000000000000002');
    expect(declined.status).toBe(402);
    expect(await declined.text()).toContain('Your card was declined.');
    pathOf(await give('5555555555554444'));
    expect(await see(url)).toContain('mastercard •••• 4444');
    expect(pathOf(await give('4000002500003155'))).toMatch(/authenticate$/);
    expect((await rig.post(`${url}/authenticate`, { result: 'fail' })).status).toBe(402);
    pathOf(await give('4000002500003155'));
    pathOf(await rig.post(`${url}/authenticate`, { result: 'complete' }));
    const subscription = await current(id);
    const person = (await rig.test.customers.retrieve(
      customer as string,
      {},
      account.options,
    )) as Stripe.Customer;
    expect(person.invoice_settings.default_payment_method).toBe(subscription.default_payment_method);
    await rig.advance(account.id, { advanceSeconds: 32 * 86_400 });
    const [, latest] = (await rig.test.charges.list({ limit: 2 }, account.options)).data.reverse();
    expect(latest).toMatchObject({
      status: 'succeeded',
      payment_method: subscription.default_payment_method,
    });
    expect((await fetch(url)).status).toBe(410);
    await rig.drain();
    expect(hook.types(account.id)).toEqual(
      expect.arrayContaining([
        'payment_method.attached',
        'customer.updated',
        'customer.subscription.updated',
      ]),
    );
  });

  it('goes straight to a flow and returns where it was told', async () => {
    const { id, customer } = await subscribe();
    const { url, flow } = await open(customer as string, {
      flow_data: {
        type: 'subscription_cancel',
        subscription_cancel: { subscription: id },
        after_completion: { type: 'redirect', redirect: { return_url: 'https://example.com/gone' } },
      },
    });
    expect(flow?.type).toBe('subscription_cancel');
    const first = await fetch(url, { redirect: 'manual' });
    expect(pathOf(first)).toMatch(new RegExp(`/cancel\\?subscription=${id}$`));
    expect(pathOf(await rig.post(`${url}/cancel`, { subscription: id }))).toBe('https://example.com/gone');
    await expect(
      open(customer as string, {
        flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: id } },
      }),
    ).rejects.toThrow(/already canceled/);
  });

  it('shows neither strangers’ subscriptions nor those of a schedule for change', async () => {
    const mine = await subscribe();
    const theirs = await subscribe();
    const { url } = await open(mine.customer as string);
    expect((await rig.post(`${url}/cancel`, { subscription: theirs.id })).status).toBe(409);
    await rig.test.subscriptionSchedules.create({ from_subscription: mine.id }, account.options);
    expect((await rig.post(`${url}/cancel`, { subscription: mine.id })).status).toBe(409);
    expect((await fetch(`${rig.emulator.url}/p/session/bps_none`)).status).toBe(404);
    await expect(open('cus_none')).rejects.toMatchObject({ code: 'resource_missing' });
  });
});
