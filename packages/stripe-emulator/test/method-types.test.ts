import type Stripe from 'stripe';
import { rigFor } from './support/setup';

// https://docs.stripe.com/payments/payment-methods/payment-method-support: by seller's country, currency and mode.
describe('payment methods', () => {
  const rig = rigFor('file');

  type Mode = 'payment' | 'subscription' | 'setup';
  async function open(
    country: string,
    currency: string,
    mode: Mode,
    more: Partial<Stripe.Checkout.SessionCreateParams> = {},
  ) {
    const options = { stripeAccount: await rig.connect({ country }) };
    const success_url = 'https://example.com/done';
    if (mode === 'setup')
      return rig.test.checkout.sessions.create({ mode, currency, success_url, ...more }, options);
    const price_data = {
      currency,
      unit_amount: 5000,
      product_data: { name: 'Programme' },
      ...(mode === 'subscription' ? { recurring: { interval: 'month' as const } } : {}),
    };
    return rig.test.checkout.sessions.create(
      { mode, success_url, line_items: [{ price_data, quantity: 1 }], ...more },
      options,
    );
  }
  const read = async (session: Stripe.Checkout.Session) => (await fetch(session.url ?? '')).text();

  it.each<[string, string, Mode, string[]]>([
    [
      'DE',
      'eur',
      'payment',
      ['card', 'sepa_debit', 'ideal', 'bancontact', 'eps', 'p24', 'multibanco', 'mobilepay'],
    ],
    ['AT', 'eur', 'subscription', ['card', 'sepa_debit', 'ideal', 'bancontact']],
    ['DE', 'eur', 'setup', ['card', 'sepa_debit', 'ideal', 'bancontact']],
    ['DE', 'usd', 'payment', ['card']],
    ['US', 'usd', 'payment', ['card', 'us_bank_account', 'cashapp', 'acss_debit']],
    ['GB', 'gbp', 'subscription', ['card', 'bacs_debit']],
    ['IE', 'gbp', 'payment', ['card']],
    ['PL', 'pln', 'payment', ['card', 'p24', 'blik']],
    ['CH', 'chf', 'payment', ['card', 'twint']],
    ['CH', 'chf', 'subscription', ['card']],
    ['CA', 'cad', 'subscription', ['card', 'acss_debit']],
    ['AU', 'aud', 'setup', ['card', 'au_becs_debit']],
  ])('a seller in %s who sells in %s by %s is offered what fits', async (country, currency, mode, types) => {
    expect((await open(country, currency, mode)).payment_method_types).toEqual(types);
  });

  it('what is excluded is not offered (https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods)', async () => {
    const session = await open('AT', 'eur', 'subscription', {
      excluded_payment_method_types: ['sepa_debit', 'ideal'],
    });
    expect(session.payment_method_types).toEqual(['card', 'bancontact']);
    expect(await read(session)).not.toContain('IBAN');
    await expect(
      open('AT', 'eur', 'payment', {
        payment_method_types: ['card'],
        excluded_payment_method_types: ['ideal'],
      }),
    ).rejects.toMatchObject({ statusCode: 400, param: 'excluded_payment_method_types' });
  });

  it('a method in a currency that it does not take is refused', async () => {
    const refused = {
      statusCode: 400,
      type: 'StripeInvalidRequestError',
      param: 'payment_method_types',
      message:
        'The currency provided (usd) is invalid. Payments with sepa_debit support the following currencies: eur.',
    };
    const payment_method_types = ['card', 'sepa_debit'] as const;
    await expect(
      open('DE', 'usd', 'payment', { payment_method_types: [...payment_method_types] }),
    ).rejects.toMatchObject(refused);
    const options = { stripeAccount: await rig.connect() };
    const intents = rig.test.paymentIntents;
    await expect(
      intents.create(
        { amount: 5000, currency: 'usd', payment_method_types: [...payment_method_types] },
        options,
      ),
    ).rejects.toMatchObject(refused);
    const { id } = await intents.create(
      { amount: 5000, currency: 'eur', payment_method_types: [...payment_method_types] },
      options,
    );
    await expect(intents.update(id, { currency: 'usd' }, options)).rejects.toMatchObject(refused);
  });

  it('a method that the seller’s country does not have is refused', async () => {
    for (const [country, currency, type] of [
      ['DE', 'usd', 'us_bank_account'],
      ['FR', 'gbp', 'bacs_debit'],
    ] as const) {
      await expect(
        open(country, currency, 'payment', { payment_method_types: ['card', type] }),
      ).rejects.toMatchObject({
        statusCode: 400,
        message: expect.stringContaining('Please ensure the provided type is activated') as string,
      });
    }
  });

  it('a method that cannot be charged again is refused for a subscription', async () => {
    await expect(
      open('PL', 'pln', 'subscription', { payment_method_types: ['card', 'blik'] }),
    ).rejects.toMatchObject({
      statusCode: 400,
      message: 'The payment method `blik` cannot be used in `subscription` mode.',
    });
    expect((await open('PL', 'pln', 'payment', { payment_method_types: ['blik'] })).status).toBe('open');
  });

  it('the page shows what can be played here, and takes nothing else', async () => {
    const all = await read(await open('DE', 'eur', 'payment'));
    expect(all).toContain('SEPA Direct Debit');
    expect(all).not.toContain('iDEAL');
    const debit = await open('DE', 'eur', 'payment', { payment_method_types: ['sepa_debit'] });
    expect(await read(debit)).not.toContain('card_number');
    const card = await rig.pay(debit);
    expect(card.status).toBe(402);
    expect(await card.text()).toContain('This payment method is not available.');
    const iban = { payment_method: 'sepa_debit', iban: 'DE89370400440532013000' };
    expect((await rig.pay(debit, iban)).status).toBe(303);
    const ideal = await open('DE', 'eur', 'payment', { payment_method_types: ['ideal'] });
    expect(await read(ideal)).toContain('cannot play these methods: ideal');
    expect((await rig.pay(ideal, { payment_method: 'ideal' })).status).toBe(402);
  });
});
