import { DAY, type Story } from '../stage';

/** https://docs.stripe.com/api/checkout/sessions/expire and the bounds of `expires_at` */
export const session: Story = {
  name: 'session',
  async tell(stage) {
    const { stripe } = stage;
    const price = await stage.price('one-off price', 4900);
    const monthly = await stage.price('monthly price', 2900, 'month');
    const create = (more: { expires_at?: number; mode?: 'payment' | 'subscription'; price?: string }) =>
      stripe.checkout.sessions.create({
        mode: more.mode ?? 'payment',
        line_items: [{ price: more.price ?? price.id, quantity: 1 }],
        success_url: 'https://example.com/done',
        cancel_url: 'https://example.com/back',
        metadata: { a: 'b' },
        ...(more.expires_at === undefined ? {} : { expires_at: more.expires_at }),
      });
    const now = Math.floor(Date.now() / 1000);
    const made = await stage.step('session', () => create({ expires_at: now + 7200 }));
    await stage.step('with its lines', () =>
      stripe.checkout.sessions.retrieve(made.id, { expand: ['line_items'] }),
    );
    await stage.attempt('too short', () => create({ expires_at: now + 600 }));
    await stage.attempt('too long', () => create({ expires_at: now + 2 * DAY }));
    await stage.attempt('wrong mode', () => create({ price: monthly.id }));
    await stage.step('subscription', () => create({ mode: 'subscription', price: monthly.id }));
    await stage.step('expired', () => stripe.checkout.sessions.expire(made.id));
    await stage.attempt('expired again', () => stripe.checkout.sessions.expire(made.id));
    await stage.step('expired session', () => stripe.checkout.sessions.retrieve(made.id));
  },
};

/** https://docs.stripe.com/error-codes, https://docs.stripe.com/api/idempotent_requests */
export const errors: Story = {
  name: 'errors',
  async tell(stage) {
    const { stripe, run } = stage;
    await stage.attempt('absent customer', () => stripe.customers.retrieve('cus_absent'));
    await stage.attempt('absent price', () =>
      stripe.checkout.sessions.create({
        mode: 'payment',
        line_items: [{ price: 'price_absent', quantity: 1 }],
        success_url: 'https://example.com/done',
      }),
    );
    const raw = (path: string, params: Record<string, string>) => () =>
      stripe.rawRequest('POST', path, params);
    await stage.attempt('unknown parameter', raw('/v1/customers', { shoe_size: '42' }));
    await stage.attempt('missing parameter', raw('/v1/products', {}));
    await stage.attempt('no such choice', raw('/v1/checkout/sessions', { mode: 'lottery' }));
    await stage.attempt('no number', raw('/v1/prices', { currency: 'eur', unit_amount: 'many' }));
    await stage.attempt('no such path', raw('/v1/horoscopes', {}));
    await stage.attempt(
      'no such currency',
      raw('/v1/prices', { currency: 'xyz', unit_amount: '100', 'product_data[name]': 'Parity' }),
    );
    const idempotencyKey = `parity ${run}`;
    const make = (name: string) => stripe.customers.create({ name }, { idempotencyKey });
    const customer = await stage.step('first with a key', () => make('Mia'));
    await stage.step('again with the key', () => make('Mia'));
    await stage.attempt('otherwise with the key', () => make('Max'));
    await stage.attempt('cannot be expanded', () =>
      stripe.customers.retrieve(customer.id, { expand: ['name'] }),
    );
    await stage.step('deleted', () => stripe.customers.del(customer.id));
    await stage.step('deleted customer', () => stripe.customers.retrieve(customer.id));
    await stage.attempt('deleted customer changed', () =>
      stripe.customers.update(customer.id, { name: 'Max' }),
    );
  },
};
