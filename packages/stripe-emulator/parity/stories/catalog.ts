import type { Story } from '../stage';

/** https://docs.stripe.com/products-prices/manage-prices */
export const catalog: Story = {
  name: 'catalog',
  async tell(stage) {
    const { stripe, run } = stage;
    const id = `prod_parity_${run}`;
    await stage.step('product', () =>
      stripe.products.create({ id, name: 'Programme', description: 'Twelve weeks', metadata: { a: 'b' } }),
    );
    await stage.attempt('product again', () => stripe.products.create({ id, name: 'Programme' }));
    const monthly = await stage.step('price', () =>
      stripe.prices.create({
        product: id,
        currency: 'eur',
        unit_amount: 2900,
        recurring: { interval: 'month' },
        lookup_key: `key ${run}`,
        nickname: 'Monthly',
      }),
    );
    await stage.attempt('lookup key taken', () =>
      stripe.prices.create({ product: id, currency: 'eur', unit_amount: 100, lookup_key: `key ${run}` }),
    );
    await stage.step('lookup key moved', () =>
      stripe.prices.create({
        product: id,
        currency: 'eur',
        unit_amount: 3900,
        recurring: { interval: 'month', interval_count: 3 },
        lookup_key: `key ${run}`,
        transfer_lookup_key: true,
      }),
    );
    await stage.step('amount of choice', () =>
      stripe.prices.create({
        product: id,
        currency: 'eur',
        custom_unit_amount: { enabled: true, minimum: 500, maximum: 5000, preset: 1000 },
      }),
    );
    await stage.step('price without its key', () => stripe.prices.retrieve(monthly.id));
    await stage.step('product renamed', () =>
      stripe.products.update(id, { name: 'New name', metadata: { a: '', c: 'd' } }),
    );
    await stage.step('price archived', () => stripe.prices.update(monthly.id, { active: false }));
    await stage.step('prices', () => stripe.prices.list({ product: id, active: true, limit: 10 }));
    await stage.attempt('product deleted', () => stripe.products.del(id));
    await stage.step('product archived', () => stripe.products.update(id, { active: false }));
  },
};
