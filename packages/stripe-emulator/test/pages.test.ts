import type Stripe from 'stripe';
import { rigFor } from './support/setup';

describe('the pages', () => {
  let account: string;
  let options: Stripe.RequestOptions;

  const rig = rigFor('file');
  beforeAll(async () => {
    account = await rig.connect({ business_name: '<b>Ada</b> & Co' });
    options = { stripeAccount: account };
  });

  async function read(address: string): Promise<{ status: number; text: string }> {
    const response = await fetch(address.startsWith('http') ? address : `${rig.emulator.url}${address}`);
    return { status: response.status, text: await response.text() };
  }

  async function open(params: Partial<Stripe.Checkout.SessionCreateParams> = {}, recurring = false) {
    const product = await rig.test.products.create({ name: '<script>alert(1)</script>' }, options);
    const price = await rig.test.prices.create(
      {
        product: product.id,
        currency: 'eur',
        unit_amount: 4900,
        ...(recurring ? { recurring: { interval: 'month' as const } } : {}),
      },
      options,
    );
    return rig.test.checkout.sessions.create(
      {
        mode: recurring ? 'subscription' : 'payment',
        line_items: [{ price: price.id, quantity: 1 }],
        success_url: 'http://localhost:1/done',
        cancel_url: 'http://localhost:1/back?a=1&b=2',
        ...params,
      },
      options,
    );
  }

  it('need no JavaScript, and escape what others have written', async () => {
    const session = await open();
    for (const address of [session.url ?? '', '/', `/onboarding/${account}`]) {
      const { status, text } = await read(address);
      expect(status).toBe(200);
      expect(text).not.toContain('<script');
      expect(text).not.toContain('<b>Ada');
    }
  });

  it('give every field a label, and a way back', async () => {
    const session = await open();
    const { text } = await read(session.url ?? '');
    const fields = [...text.matchAll(/<(?:input|select)\s[^>]*?id="([^"]+)"/g)].map((match) => match[1]);
    expect(fields).toEqual(
      expect.arrayContaining(['email', 'card_number', 'card_expiry', 'card_cvc', 'billing_name']),
    );
    for (const id of fields) expect(text).toContain(`for="${id}"`);
    expect(text).toContain('href="http://localhost:1/back?a=1&#38;b=2"');
  });

  it('say what is wrong with what was typed, and keep the session open', async () => {
    const session = await open();
    const mistakes: [Record<string, string>, string][] = [
      [{ email: 'nobody' }, 'Your email is incomplete.'],
      [{ card_number: '' }, 'Your card number is incomplete.'],
      [{ card_number: '4242424242424241' }, 'Your card number is invalid.'],
      [{ card_expiry: '13/40' }, 'expiration date is invalid'],
      [{ card_expiry: '01/20' }, 'expiration year is in the past'],
      [{ card_cvc: '1' }, 'security code is incomplete'],
      [{ card_number: '4111111111111111' }, 'used a non test card'],
      [{ card_number: '5555000000004240' }, 'non test (live) card'],
      [{ payment_method: 'sepa_debit', iban: 'DE00' }, 'The IBAN you entered is invalid.'],
    ];
    for (const [fields, sentence] of mistakes) {
      const response = await rig.pay(session, fields);
      expect(response.status).toBe(402);
      expect(await response.text()).toContain(sentence);
    }
    expect((await rig.test.checkout.sessions.retrieve(session.id, {}, options)).status).toBe('open');
    expect((await rig.test.customers.list({ email: 'nobody' }, options)).data).toHaveLength(0);
  });

  it('do not ask for an e-mail that is known, and do not take a second payment', async () => {
    const session = await open({ customer_email: 'known@example.com' });
    const { text } = await read(session.url ?? '');
    expect(text).toContain('known@example.com');
    expect(text).not.toContain('name="email"');
    await rig.pay(session, { email: '' });
    const paid = await rig.test.checkout.sessions.retrieve(session.id, {}, options);
    expect(paid.customer_details?.email).toBe('known@example.com');
    expect((await read(session.url ?? '')).text).toContain('all done here');
    expect((await rig.pay(session)).status).toBe(409);
    const charges = await rig.test.charges.list({ payment_intent: paid.payment_intent as string }, options);
    expect(charges.data).toHaveLength(1);
  });

  it('close when the session is expired by its owner', async () => {
    const session = await open();
    await rig.test.checkout.sessions.expire(session.id, {}, options);
    expect((await read(session.url ?? '')).text).toContain('expired');
    expect((await rig.pay(session)).status).toBe(409);
    await expect(rig.test.checkout.sessions.expire(session.id, {}, options)).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  it('show invoices and receipts', async () => {
    const session = await open({}, true);
    await rig.pay(session);
    const paid = await rig.test.checkout.sessions.retrieve(
      session.id,
      { expand: ['invoice.payments'] },
      options,
    );
    const invoice = paid.invoice as Stripe.Invoice;
    const shown = await read(invoice.hosted_invoice_url ?? '');
    expect(shown.text).toContain(invoice.number);
    expect(shown.text).toContain('€49.00');
    const intent = invoice.payments?.data[0]?.payment.payment_intent as string;
    const { latest_charge: charge } = await rig.test.paymentIntents.retrieve(
      intent,
      { expand: ['latest_charge'] },
      options,
    );
    expect((await read((charge as Stripe.Charge).receipt_url ?? '')).text).toContain('Receipt');
    expect((await read('/invoices/in_none')).status).toBe(404);
  });

  describe('an open invoice is paid on its page (https://docs.stripe.com/invoicing/hosted-invoice-page)', () => {
    const card = (card_number: string) => ({ card_number, card_expiry: '12 / 60', card_cvc: '123' });
    async function unpaid(): Promise<Stripe.Invoice> {
      const price = await rig.price(account, 4900, { interval: 'month' });
      const customer = await rig.test.customers.create({ email: 'mia@example.com' }, options);
      const { latest_invoice: invoice } = await rig.test.subscriptions.create(
        {
          customer: customer.id,
          items: [{ price: price.id }],
          payment_behavior: 'default_incomplete',
          expand: ['latest_invoice'],
        },
        options,
      );
      return invoice as Stripe.Invoice;
    }
    const subscriptionOf = async (invoice: Stripe.Invoice) =>
      rig.test.subscriptions.retrieve(
        String(invoice.parent?.subscription_details?.subscription),
        {},
        options,
      );
    const statusOf = async ({ id }: Stripe.Invoice) =>
      (await rig.test.invoices.retrieve(id, {}, options)).status;

    it('with a card, once; the subscription goes on', async () => {
      const invoice = await unpaid();
      const url = invoice.hosted_invoice_url ?? '';
      expect((await read(url)).text).toContain('Pay €49.00');
      const refused = await rig.post(url, card('4000000000000002'));
      expect(refused.status).toBe(402);
      expect(await refused.text()).toContain('declined');
      expect(await statusOf(invoice)).toBe('open');
      const paid = await rig.post(url, card('4242424242424242'));
      expect([paid.status, paid.headers.get('location')]).toEqual([303, `/invoices/${invoice.id}`]);
      expect(await statusOf(invoice)).toBe('paid');
      expect((await subscriptionOf(invoice)).status).toBe('active');
      const kept = await rig.test.customers.listPaymentMethods(String(invoice.customer), {}, options);
      expect(kept.data).toHaveLength(1);
      expect((await read(url)).text).not.toContain('card_number');
      expect((await rig.post(url, card('4242424242424242'))).status).toBe(409);
    });

    it('with a card that asks for 3-D Secure', async () => {
      const invoice = await unpaid();
      const url = invoice.hosted_invoice_url ?? '';
      const asked = await rig.post(url, card('4000002500003155'));
      const challenge = asked.headers.get('location') ?? '';
      expect(challenge).toContain('/authenticate/pi_');
      expect(await statusOf(invoice)).toBe('open');
      const done = await rig.post(challenge, { result: 'complete' });
      expect(done.headers.get('location')).toContain(url);
      expect(await statusOf(invoice)).toBe('paid');
      expect((await subscriptionOf(invoice)).status).toBe('active');
    });

    it('not when it is void', async () => {
      const invoice = await unpaid();
      await rig.test.invoices.voidInvoice(invoice.id, {}, options);
      expect((await rig.post(invoice.hosted_invoice_url ?? '', card('4242424242424242'))).status).toBe(409);
    });
  });
});
