import type { Story } from './stage';

export const catalog: Story = {
  name: 'products and prices',
  async tell({ rig }) {
    const options = { stripeAccount: await rig.connect() };
    const { products, prices } = rig.test;
    const product = await products.create(
      {
        name: 'Programme',
        description: 'Twelve weeks',
        images: ['https://example.com/a.png'],
        marketing_features: [{ name: 'Calls' }],
        metadata: { kind: 'programme' },
        statement_descriptor: 'PROGRAMME',
        unit_label: 'seat',
        url: 'https://example.com',
        tax_code: 'txcd_10000000',
        shippable: false,
        default_price_data: { currency: 'eur', unit_amount: 1200, recurring: { interval: 'month' } },
      },
      options,
    );
    await products.update(
      product.id,
      { active: false, description: '', metadata: { kind: '' }, images: '', url: '' },
      options,
    );
    await products.update(product.id, { active: true, name: 'Renamed' }, options);
    await products.retrieve(product.id, { expand: ['default_price'] }, options);
    await products.list(
      { active: true, limit: 2, ids: [product.id], expand: ['data.default_price'] },
      options,
    );
    const bare = await products.create({ name: 'Without prices' }, options);
    await products.del(bare.id, {}, options);

    const monthly = await prices.create(
      {
        product: product.id,
        currency: 'eur',
        unit_amount: 2900,
        lookup_key: 'monthly',
        nickname: 'Monthly',
        metadata: { a: 'b' },
        recurring: { interval: 'month', interval_count: 3, usage_type: 'licensed' },
        tax_behavior: 'inclusive',
      },
      options,
    );
    await prices.create(
      {
        currency: 'usd',
        unit_amount: 500,
        product_data: { name: 'Made on the way', metadata: { a: 'b' }, unit_label: 'hour' },
        lookup_key: 'monthly',
        transfer_lookup_key: true,
      },
      options,
    );
    await prices.create(
      {
        product: product.id,
        currency: 'eur',
        custom_unit_amount: { enabled: true, minimum: 500, preset: 1000, maximum: 10_000 },
      },
      options,
    );
    await prices.update(monthly.id, { active: false, nickname: 'Old', metadata: { a: '' } }, options);
    await prices.retrieve(monthly.id, { expand: ['product'] }, options);
    await prices.list({ lookup_keys: ['monthly'], active: true, type: 'one_time', currency: 'usd' }, options);
    await prices.list(
      { product: product.id, recurring: { interval: 'month' }, expand: ['data.product'] },
      options,
    );
  },
};
