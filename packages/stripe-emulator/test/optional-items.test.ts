import type Stripe from 'stripe';
import { accountFor, rigFor } from './support/setup';

/** What is offered beside what a session sells: https://docs.stripe.com/payments/checkout/optional-items */
describe('optional items', () => {
  const rig = rigFor('file');
  const account = accountFor('file', rig);

  type Params = Partial<Stripe.Checkout.SessionCreateParams>;
  async function open(optional: string[], params: Params = {}): Promise<Stripe.Checkout.Session> {
    const recurring = params.mode === 'subscription' ? ({ interval: 'month' } as const) : undefined;
    const sold = await rig.price(account.id, 4900, recurring);
    return rig.test.checkout.sessions.create(
      {
        mode: 'payment',
        success_url: 'http://localhost:1/done',
        line_items: [{ price: sold.id, quantity: 1 }],
        optional_items: optional.map((price) => ({ price, quantity: 1 })),
        ...params,
      },
      account.options,
    );
  }
  const price = async (amount: number, recurring?: Stripe.PriceCreateParams.Recurring) =>
    (await rig.price(account.id, amount, recurring)).id;
  const click = async ({ id }: Stripe.Checkout.Session, action: string, more = {}) =>
    (await rig.post(`/c/pay/${id}`, { action, ...more })).text();
  const retrieve = ({ id }: Stripe.Checkout.Session) =>
    rig.test.checkout.sessions.retrieve(id, { expand: ['line_items', 'payment_intent'] }, account.options);
  const linesOf = ({ line_items: lines }: Stripe.Checkout.Session) =>
    (lines?.data ?? []).map(({ price: of, quantity, amount_total: total }) => [of?.id, quantity, total]);

  it('are shown by the session, which costs no more for them', async () => {
    const [one, two] = [await price(900), await price(1900)];
    const session = await open([one, two]);
    expect(session.optional_items).toEqual([
      { adjustable_quantity: null, price: one, quantity: 1 },
      { adjustable_quantity: null, price: two, quantity: 1 },
    ]);
    expect(session.amount_total).toBe(4900);
    expect((await open([])).optional_items).toBeUndefined();
  });

  it('become line items once they are taken, and are paid with the rest', async () => {
    const [one, two] = [await price(900), await price(1900)];
    const session = await open([one, two]);
    expect(await click(session, 'add_item_1')).toContain('€68.00');
    expect(await click(session, 'add_item_1')).toContain('€68.00');
    expect((await rig.pay(session)).status).toBe(303);
    const paid = await retrieve(session);
    expect(linesOf(paid).slice(1)).toEqual([[two, 1, 1900]]);
    expect(paid).toMatchObject({ amount_subtotal: 6800, amount_total: 6800 });
    expect((paid.payment_intent as Stripe.PaymentIntent).amount_received).toBe(6800);
    expect(paid.optional_items).toHaveLength(2);
  });

  it('can be left again, and need not be taken', async () => {
    const session = await open([await price(900)]);
    await click(session, 'add_item_0');
    expect(await click(session, 'remove_item_0')).toContain('Pay €49.00');
    for (const action of ['add_item_1', 'add_item_x', 'remove_item_0']) await click(session, action);
    await rig.pay(session);
    const paid = await retrieve(session);
    expect(linesOf(paid)).toHaveLength(1);
    expect(paid.amount_total).toBe(4900);
  });

  it('have a quantity that can be chosen where the session says so', async () => {
    const one = await price(900);
    const adjustable_quantity = { enabled: true, minimum: 2, maximum: 3 };
    const session = await open([], { optional_items: [{ price: one, quantity: 2, adjustable_quantity }] });
    expect(session.optional_items?.[0]?.adjustable_quantity).toEqual(adjustable_quantity);
    expect(await click(session, 'add_item_0')).toContain('€67.00');
    expect(await click(session, 'update', { quantity_1: '4' })).toContain('between 2 and 3');
    await rig.pay(session, { quantity_1: '3' });
    expect(linesOf(await retrieve(session))[1]).toEqual([one, 3, 2700]);
  });

  it('are made cheaper by a coupon as the rest is, or alone, or not at all', async () => {
    const one = await rig.price(account.id, 1000);
    const discounted = async (products?: string[]) => {
      const coupon = await rig.test.coupons.create(
        { percent_off: 10, duration: 'once', ...(products ? { applies_to: { products } } : {}) },
        account.options,
      );
      const session = await open([one.id], { discounts: [{ coupon: coupon.id }] });
      await click(session, 'add_item_0');
      await rig.pay(session);
      const paid = await retrieve(session);
      return [paid.amount_total, linesOf(paid)[1]?.[2]];
    };
    expect(await discounted()).toEqual([5310, 900]);
    expect(await discounted([String(one.product)])).toEqual([5800, 900]);
  });

  it('are on the invoice of what is bought once, and on a subscription’s first', async () => {
    const one = await price(900);
    const once = await open([one], { invoice_creation: { enabled: true }, customer_creation: 'always' });
    const monthly = await open([one], { mode: 'subscription' });
    for (const session of [once, monthly]) {
      await click(session, 'add_item_0');
      await rig.pay(session);
      const { invoice } = await rig.test.checkout.sessions.retrieve(
        session.id,
        { expand: ['invoice'] },
        account.options,
      );
      expect((invoice as Stripe.Invoice).amount_paid).toBe(5800);
    }
  });

  it('are in the currency of the session', async () => {
    const product = { currency: 'eur', product_data: { name: 'Workbook' } };
    const dollars = { currency_options: { usd: { unit_amount: 1100 } } };
    const sold = await rig.test.prices.create(
      { ...product, unit_amount: 4900, currency_options: { usd: { unit_amount: 5500 } } },
      account.options,
    );
    const beside = await rig.test.prices.create(
      { ...product, unit_amount: 900, ...dollars },
      account.options,
    );
    const params: Params = { currency: 'usd', line_items: [{ price: sold.id, quantity: 1 }] };
    const session = await open([beside.id], params);
    expect(await click(session, 'add_item_0')).toContain('$66.00');
    await expect(open([await price(900)], params)).rejects.toMatchObject({
      param: 'optional_items[0][price]',
      message: expect.stringContaining('expected currency: `usd`') as string,
    });
    const abroad = await rig.test.prices.create(
      { ...product, currency: 'usd', unit_amount: 900 },
      account.options,
    );
    await expect(open([abroad.id])).rejects.toMatchObject({ param: 'optional_items' });
  });

  it.each<[string, () => Promise<Params>, string]>([
    [
      'more than ten',
      async () => {
        const ids = await Promise.all(Array.from({ length: 11 }, () => price(900)));
        return { optional_items: ids.map((id) => ({ price: id, quantity: 1 })) };
      },
      'optional_items',
    ],
    [
      'a price that is not there',
      async () => ({ optional_items: [{ price: 'price_gone', quantity: 1 }] }),
      'optional_items[0][price]',
    ],
    [
      'a price that was archived',
      async () => {
        const id = await price(900);
        await rig.test.prices.update(id, { active: false }, account.options);
        return { optional_items: [{ price: id, quantity: 1 }] };
      },
      'optional_items[0][price]',
    ],
    [
      'a recurring price beside what is paid once',
      async () => ({ optional_items: [{ price: await price(900, { interval: 'month' }), quantity: 1 }] }),
      'optional_items[0]',
    ],
    [
      'another interval',
      async () => ({
        mode: 'subscription' as const,
        optional_items: [{ price: await price(900, { interval: 'year' }), quantity: 1 }],
      }),
      'optional_items[0][price]',
    ],
    [
      'none of something',
      async () => ({ optional_items: [{ price: await price(900), quantity: 0 }] }),
      'optional_items[0][quantity]',
    ],
    [
      'the same twice',
      async () => {
        const id = await price(900);
        return { optional_items: [id, id].map((each) => ({ price: each, quantity: 1 })) };
      },
      'optional_items[0][price]',
    ],
    [
      'an amount of the payer’s choice',
      async () => {
        const { id } = await rig.test.prices.create(
          { currency: 'eur', product_data: { name: 'A tip' }, custom_unit_amount: { enabled: true } },
          account.options,
        );
        return { optional_items: [{ price: id, quantity: 1 }] };
      },
      'optional_items',
    ],
    [
      'a session that sells nothing',
      async () => ({
        mode: 'setup' as const,
        currency: 'eur',
        optional_items: [{ price: await price(900), quantity: 1 }],
      }),
      'optional_items',
    ],
  ])('are refused: %s', async (_what, params, param) => {
    const given = await params();
    const { mode = 'payment' } = given;
    const recurring = mode === 'subscription' ? ({ interval: 'month' } as const) : undefined;
    const sold =
      mode === 'setup' ? {} : { line_items: [{ price: await price(4900, recurring), quantity: 1 }] };
    await expect(
      rig.test.checkout.sessions.create(
        { mode: 'payment', success_url: 'http://localhost:1/done', ...sold, ...given },
        account.options,
      ),
    ).rejects.toMatchObject({ statusCode: 400, param });
  });
});
