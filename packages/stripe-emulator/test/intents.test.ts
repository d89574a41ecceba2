import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

const BACK = 'http://localhost:1/back';

describe('payments and setups by API', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  function pay(payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
    return rig.test.paymentIntents.create(
      {
        amount: 1200,
        currency: 'eur',
        payment_method,
        payment_method_types: ['card'],
        confirm: true,
        ...more,
      },
      account.options,
    );
  }

  it('take the money of a good card', async () => {
    const intent = await pay('pm_card_visa', { expand: ['latest_charge'] });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1200 });
    expect((intent.latest_charge as Stripe.Charge).captured).toBe(true);
    await expect(rig.test.paymentIntents.confirm(intent.id, {}, account.options)).rejects.toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  it('refuse a bad card with what is known of it, and keep the intent', async () => {
    const error = (await pay('pm_card_chargeDeclinedInsufficientFunds').catch((e: unknown) => e)) as {
      statusCode: number;
      code: string;
      decline_code: string;
      payment_intent: Stripe.PaymentIntent;
    };
    expect(error).toMatchObject({
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'insufficient_funds',
    });
    const kept = await rig.test.paymentIntents.retrieve(error.payment_intent.id, {}, account.options);
    expect(kept).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined' },
    });
    const again = await rig.test.paymentIntents.confirm(
      kept.id,
      { payment_method: 'pm_card_visa' },
      account.options,
    );
    expect(again.status).toBe('succeeded');
  });

  it('lead through 3-D Secure', async () => {
    const intent = await pay('pm_card_threeDSecure2Required', { return_url: BACK });
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const url = intent.next_action?.redirect_to_url?.url ?? '';
    expect(await (await fetch(url)).text()).toContain('Complete authentication');
    const back = await rig.post(url, { result: 'complete' });
    const target = new URL(back.headers.get('location') ?? '');
    expect(target.searchParams.get('payment_intent')).toBe(intent.id);
    expect(target.searchParams.get('redirect_status')).toBe('succeeded');
    expect((await rig.test.paymentIntents.retrieve(intent.id, {}, account.options)).status).toBe('succeeded');
    const failing = await pay('pm_card_threeDSecure2Required', { return_url: BACK });
    await rig.post(`/authenticate/${failing.id}`, { result: 'fail' });
    expect(await rig.test.paymentIntents.retrieve(failing.id, {}, account.options)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    await expect(pay('pm_card_authenticationRequired', { off_session: true })).rejects.toMatchObject({
      code: 'authentication_required',
    });
  });

  it('hold money until it is captured or let go', async () => {
    const held = await pay('pm_card_visa', { capture_method: 'manual' });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1200, amount_received: 0 });
    await expect(
      rig.test.paymentIntents.capture(held.id, { amount_to_capture: 1300 }, account.options),
    ).rejects.toMatchObject({ param: 'amount_to_capture' });
    const part = await rig.test.paymentIntents.capture(held.id, { amount_to_capture: 1000 }, account.options);
    expect(part).toMatchObject({ status: 'succeeded', amount_received: 1000 });
    const other = await pay('pm_card_visa', { capture_method: 'manual' });
    expect((await rig.test.paymentIntents.cancel(other.id, {}, account.options)).status).toBe('canceled');
  });

  it('keep a card for later', async () => {
    const { id: customer } = await rig.test.customers.create({}, account.options);
    const setup = await rig.test.setupIntents.create(
      { customer, payment_method: 'pm_card_visa', payment_method_types: ['card'], confirm: true },
      account.options,
    );
    expect(setup.status).toBe('succeeded');
    const methods = await rig.test.paymentMethods.list({ customer }, account.options);
    expect(methods.data.map(({ id }) => id)).toEqual([setup.payment_method]);
    await expect(
      rig.test.setupIntents.create(
        { payment_method: 'pm_card_chargeDeclined', payment_method_types: ['card'], confirm: true },
        account.options,
      ),
    ).rejects.toMatchObject({ code: 'card_declined' });
    const secure = await rig.test.setupIntents.create(
      {
        customer,
        payment_method: 'pm_card_threeDSecure2Required',
        confirm: true,
        return_url: BACK,
      },
      account.options,
    );
    await rig.post(secure.next_action?.redirect_to_url?.url ?? '', { result: 'complete' });
    expect((await rig.test.setupIntents.retrieve(secure.id, {}, account.options)).status).toBe('succeeded');
  });

  it('make payment methods of known cards only', async () => {
    const { paymentMethods } = rig.test;
    const made = await paymentMethods.create(
      { type: 'card', card: { number: '4242424242424242', exp_month: 12, exp_year: 2060 } },
      account.options,
    );
    expect(made.card?.last4).toBe('4242');
    const token = await paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } }, account.options);
    expect(token.card?.brand).toBe('visa');
    await expect(
      paymentMethods.create(
        { type: 'card', card: { number: '4111111111111111', exp_month: 12, exp_year: 2060 } },
        account.options,
      ),
    ).rejects.toMatchObject({ code: 'incorrect_number' });
  });

  it('refuse what cannot be charged', async () => {
    await expect(pay('pm_card_visa', { amount: 10 })).rejects.toMatchObject({ code: 'amount_too_small' });
    await expect(pay('pm_card_nobody')).rejects.toMatchObject({ code: 'resource_missing' });
    const { id } = await rig.test.customers.create({ payment_method: 'pm_card_visa' }, account.options);
    const [method] = (await rig.test.customers.listPaymentMethods(id, {}, account.options)).data;
    await expect(pay(method?.id ?? '')).rejects.toMatchObject({ param: 'payment_method' });
  });
});
