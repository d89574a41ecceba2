import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

/** https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
describe('the least that can be charged', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);

  const price = async (
    currency: string,
    amount: number,
    recurring?: Stripe.PriceCreateParams.Recurring,
  ): Promise<string> => {
    const made = await rig.test.prices.create(
      {
        currency,
        unit_amount: amount,
        product_data: { name: 'Little' },
        ...(recurring ? { recurring } : {}),
      },
      account.options,
    );
    return made.id;
  };
  const open = async (id: string, extra: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        ...extra,
      },
      account.options,
    );
  const customerWithCard = () =>
    rig.test.customers.create(
      { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
      account.options,
    );
  const balanceOf = async (id: string) =>
    ((await rig.test.customers.retrieve(id, {}, account.options)) as Stripe.Customer).balance;

  it.each([
    ['usd', 49, '$0.50 usd'],
    ['eur', 49, '€0.50 eur'],
    ['gbp', 29, '£0.30 gbp'],
    ['hkd', 399, '$4.00 hkd'],
    ['jpy', 49, '¥50 jpy'],
  ])('refuses a session in %s over %d: amount_too_small', async (currency, amount, words) => {
    await expect(open(await price(currency, amount))).rejects.toMatchObject({
      statusCode: 400,
      code: 'amount_too_small',
      message: `The Checkout Session's total amount due must add up to at least ${words}`,
    });
    expect((await open(await price(currency, amount + 1))).amount_total).toBe(amount + 1);
  });

  it('refuses a session that a coupon makes too small, and one for a subscription, but none that is free', async () => {
    const id = await price('eur', 1000);
    const off = (percent: number) => rig.test.coupons.create({ percent_off: percent }, account.options);
    await expect(open(id, { discounts: [{ coupon: (await off(96)).id }] })).rejects.toMatchObject({
      code: 'amount_too_small',
    });
    expect((await open(id, { discounts: [{ coupon: (await off(100)).id }] })).amount_total).toBe(0);
    const monthly = await price('eur', 20, { interval: 'month' });
    await expect(open(monthly, { mode: 'subscription' })).rejects.toMatchObject({
      code: 'amount_too_small',
    });
    // Nothing is due while a trial runs.
    const trial = await open(monthly, {
      mode: 'subscription',
      subscription_data: { trial_period_days: 7 },
    });
    expect(trial.amount_total).toBe(0);
    // More of them is enough.
    expect(
      (await open(monthly, { mode: 'subscription', line_items: [{ price: monthly, quantity: 3 }] }))
        .amount_total,
    ).toBe(60);
  });

  it('does not let a payer’s promotion code make a session too small', async () => {
    const coupon = await rig.test.coupons.create({ percent_off: 96 }, account.options);
    await rig.test.promotionCodes.create(
      { promotion: { type: 'coupon', coupon: coupon.id }, code: 'ALMOST' },
      account.options,
    );
    const session = await open(await price('eur', 1000), { allow_promotion_codes: true });
    const answer = await rig.pay(session, { promotion_code: 'ALMOST' });
    expect(answer.status).toBe(402);
    expect(await answer.text()).toContain('at least €0.50 eur');
    expect((await rig.pay(session)).status).toBe(303);
  });

  it('refuses a payment intent below it, also when it is changed', async () => {
    const refused = {
      statusCode: 400,
      code: 'amount_too_small',
      message: 'Amount must be at least £0.30 gbp',
    };
    await expect(
      rig.test.paymentIntents.create({ amount: 29, currency: 'gbp' }, account.options),
    ).rejects.toMatchObject(refused);
    const intent = await rig.test.paymentIntents.create({ amount: 30, currency: 'gbp' }, account.options);
    await expect(
      rig.test.paymentIntents.update(intent.id, { amount: 29 }, account.options),
    ).rejects.toMatchObject(refused);
  });

  it.each(['minimum', 'preset'] as const)('refuses a custom amount whose %s is below it', async (field) => {
    await expect(
      rig.test.prices.create(
        {
          currency: 'eur',
          product_data: { name: 'Gift' },
          custom_unit_amount: { enabled: true, [field]: 49 },
        },
        account.options,
      ),
    ).rejects.toMatchObject({ statusCode: 400, param: `custom_unit_amount[${field}]` });
  });

  it('refuses what a payer chooses below it (https://docs.stripe.com/payments/checkout/pay-what-you-want)', async () => {
    const gift = await rig.test.prices.create(
      { currency: 'eur', product_data: { name: 'Gift' }, custom_unit_amount: { enabled: true } },
      account.options,
    );
    const session = await open(gift.id);
    expect((await rig.pay(session, { unit_amount: '0.49' })).status).toBe(402);
    expect((await rig.pay(session, { unit_amount: '0.50' })).status).toBe(303);
  });

  it('an invoice below it is paid, and what it is over goes to the customer’s balance (https://docs.stripe.com/api/invoices/object#invoice_object-amount_due)', async () => {
    const { id: customer } = await customerWithCard();
    const invoice = await rig.test.invoices.create({ customer, currency: 'eur' }, account.options);
    await rig.test.invoiceItems.create(
      { customer, invoice: invoice.id, amount: 30, currency: 'eur' },
      account.options,
    );
    expect(await rig.test.invoices.finalizeInvoice(invoice.id, {}, account.options)).toMatchObject({
      status: 'paid',
      total: 30,
      amount_due: 0,
      amount_paid: 0,
      amount_remaining: 0,
      starting_balance: 0,
      ending_balance: 30,
    });
    expect(await balanceOf(customer)).toBe(30);
    // The next one takes it along.
    const next = await rig.test.invoices.create({ customer, currency: 'eur' }, account.options);
    await rig.test.invoiceItems.create(
      { customer, invoice: next.id, amount: 30, currency: 'eur' },
      account.options,
    );
    expect(await rig.test.invoices.finalizeInvoice(next.id, {}, account.options)).toMatchObject({
      status: 'open',
      total: 30,
      starting_balance: 30,
      amount_due: 60,
      ending_balance: 0,
    });
    expect(await balanceOf(customer)).toBe(0);
  });

  it('a renewal below it after credit is paid too, and the subscription stays active', async () => {
    const { id: customer } = await customerWithCard();
    const monthly = await price('eur', 1000, { interval: 'month' });
    const subscription = await rig.test.subscriptions.create(
      { customer, items: [{ price: monthly }] },
      account.options,
    );
    await rig.test.customers.update(customer, { balance: -980 }, account.options);
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await rig.advance(account.options.stripeAccount ?? '', { advanceTo: end + 3600 });
    const after = await rig.test.subscriptions.retrieve(
      subscription.id,
      { expand: ['latest_invoice'] },
      account.options,
    );
    expect(after.status).toBe('active');
    expect(after.latest_invoice).toMatchObject({
      status: 'paid',
      total: 1000,
      amount_due: 0,
      ending_balance: 20,
    });
    expect(await balanceOf(customer)).toBe(20);
  });
});
