import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

/** Prices in several currencies: https://docs.stripe.com/payments/checkout/localize-prices/manual-currency-prices */
describe('currency options', () => {
  const rig = rigFor('test');
  const account = accountFor('test', rig);
  const price = (more: Partial<Stripe.PriceCreateParams> = {}) =>
    rig.test.prices.create(
      {
        currency: 'eur',
        unit_amount: 1000,
        product_data: { name: 'Programme' },
        currency_options: {
          usd: { unit_amount: 1200 },
          jpy: { unit_amount: 1800, tax_behavior: 'inclusive' },
        },
        ...more,
      },
      account.options,
    );
  const monthly = () => price({ recurring: { interval: 'month' } });
  const open = (id: string, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
    rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        line_items: [{ price: id, quantity: 2 }],
        success_url: 'http://localhost:1/done',
        ...more,
      },
      account.options,
    );
  const payer = async () =>
    (
      await rig.test.customers.create(
        { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } },
        account.options,
      )
    ).id;

  it('are shown where they are asked for, with the amount of the price’s own currency', async () => {
    const { id, currency_options: unasked } = await price();
    expect(unasked).toBeUndefined();
    const shown = await rig.test.prices.retrieve(id, { expand: ['currency_options'] }, account.options);
    expect(shown).toMatchObject({ currency: 'eur', unit_amount: 1000 });
    expect(
      Object.entries(shown.currency_options ?? {}).map(([currency, option]) => [
        currency,
        option.unit_amount,
        option.tax_behavior,
      ]),
    ).toEqual([
      ['eur', 1000, 'unspecified'],
      ['usd', 1200, 'unspecified'],
      ['jpy', 1800, 'inclusive'],
    ]);
  });

  it('can be changed, and taken away', async () => {
    const { id } = await price();
    const options = async () =>
      (await rig.test.prices.retrieve(id, { expand: ['currency_options'] }, account.options))
        .currency_options;
    await rig.test.prices.update(id, { currency_options: { usd: { unit_amount: 1300 } } }, account.options);
    expect(await options()).toMatchObject({ usd: { unit_amount: 1300 }, jpy: { unit_amount: 1800 } });
    await rig.test.prices.update(id, { currency_options: '' }, account.options);
    expect(Object.keys((await options()) ?? {})).toEqual(['eur']);
  });

  it.each([
    ['an option in its own currency', { eur: { unit_amount: 900 } }, 'currency_options[eur]'],
    [
      'an option without an amount',
      { usd: { tax_behavior: 'inclusive' as const } },
      'currency_options[usd][unit_amount]',
    ],
    ['a negative one', { usd: { unit_amount: -1 } }, 'currency_options[usd][unit_amount]'],
    ['one of too much', { usd: { unit_amount: 100_000_000 } }, 'currency_options[usd][unit_amount]'],
    ['no currency at all', { dollar: { unit_amount: 900 } }, 'currency_options'],
  ])('are refused: %s', async (_name, currency_options, param) => {
    await expect(price({ currency_options })).rejects.toMatchObject({ statusCode: 400, param });
  });

  it('decide what a session costs in the currency that it names', async () => {
    const { id } = await price();
    expect(await open(id, { currency: 'usd' })).toMatchObject({ currency: 'usd', amount_total: 2400 });
    expect(await open(id, { currency: 'eur' })).toMatchObject({ currency: 'eur', amount_total: 2000 });
  });

  it('are Checkout’s choice where the session names no currency', async () => {
    const { id } = await price();
    expect(await open(id)).toMatchObject({ currency: 'usd', amount_total: 2400 });
  });

  it('refuse a currency that one of the lines has not', async () => {
    const { id } = await price();
    await expect(open(id, { currency: 'gbp' })).rejects.toMatchObject({
      statusCode: 400,
      param: 'line_items[0][price]',
      message: expect.stringContaining('expected currency: `gbp`') as string,
    });
    const single = await price({ currency_options: {} });
    await expect(
      open(id, {
        currency: 'usd',
        line_items: [
          { price: id, quantity: 1 },
          { price: single.id, quantity: 1 },
        ],
      }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'line_items[1][price]' });
  });

  it('go on with a subscription, whose items show the amount of the price’s own currency', async () => {
    const { id } = await monthly();
    const subscription = await rig.test.subscriptions.create(
      {
        customer: await payer(),
        currency: 'usd',
        items: [{ price: id }],
        expand: ['latest_invoice', 'items.data.price.currency_options'],
      },
      account.options,
    );
    expect(subscription.currency).toBe('usd');
    expect(subscription.latest_invoice).toMatchObject({ currency: 'usd', amount_paid: 1200 });
    expect(subscription.items.data[0]?.price).toMatchObject({
      currency: 'eur',
      unit_amount: 1000,
      currency_options: { usd: { unit_amount: 1200 } },
    });
    const preview = await rig.test.invoices.createPreview({ subscription: subscription.id }, account.options);
    expect(preview).toMatchObject({ currency: 'usd', amount_due: 1200 });
  });

  it('are needed of the price that another one is changed to', async () => {
    const { id } = await monthly();
    const subscription = await rig.test.subscriptions.create(
      { customer: await payer(), currency: 'usd', items: [{ price: id }] },
      account.options,
    );
    const change = (to: string) =>
      rig.test.subscriptions.update(
        subscription.id,
        { items: [{ id: subscription.items.data[0]?.id ?? '', price: to }], proration_behavior: 'none' },
        account.options,
      );
    const single = await price({ recurring: { interval: 'month' }, currency_options: {} });
    await expect(change(single.id)).rejects.toMatchObject({ statusCode: 400, param: 'items[0][price]' });
    expect((await change((await monthly()).id)).currency).toBe('usd');
  });

  it('are those of a schedule’s phases, which go on in the currency of the subscription', async () => {
    const { id } = await monthly();
    const subscription = await rig.test.subscriptions.create(
      { customer: await payer(), currency: 'usd', items: [{ price: id }] },
      account.options,
    );
    const schedule = await rig.test.subscriptionSchedules.create(
      { from_subscription: subscription.id },
      account.options,
    );
    const [phase] = schedule.phases;
    const changed = await rig.test.subscriptionSchedules.update(
      schedule.id,
      {
        phases: [
          { items: [{ price: id }], start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 },
          { items: [{ price: id }], duration: { interval: 'month', interval_count: 2 } },
        ],
      },
      account.options,
    );
    expect(changed.phases.map(({ currency }) => currency)).toEqual(['usd', 'usd']);
  });
});
