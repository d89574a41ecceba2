import { HOUR } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// One price that gives several products: given together, and taken away together.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const newProduct = async (name: string) =>
  (await seller.coach.call('POST', '/v1/products', { name })).body as { id: string };

/** A price of a product of its own that gives two more. */
async function bundle(terms: object) {
  const [first, second] = [await newProduct('Course'), await newProduct('Community')];
  const price = await seller.offer({ unitAmount: 9900, alsoGives: [first.id, second.id], ...terms });
  return { price, ids: [price.productId as string, first.id, second.id] };
}
const accessTo = async (ids: readonly string[], member = 'ada') => {
  const answers = await Promise.all(ids.map((productId) => seller.accessOf(member, { productId })));
  return answers.map(({ access }) => access);
};
const untilOf = async (ids: readonly string[]) => {
  const answers = await Promise.all(ids.map((productId) => seller.accessOf('ada', { productId })));
  return new Set(answers.map(({ until }) => until));
};
const monthly = { recurring: { interval: 'month' } as const };

describe.each([
  ['bought once', {}],
  ['for a fixed term', { accessDays: 30 }],
  ['a subscription', monthly],
  ['in installments', { model: 'installments', installments: 3, ...monthly }],
])('%s', (_way, terms) => {
  test('each product is there from the payment on, for as long as the price’s own', async () => {
    const { price, ids } = await bundle(terms);
    expect(price.alsoGives).toEqual(ids.slice(1).sort());
    expect(await accessTo(ids)).toEqual([false, false, false]);
    await seller.purchase(price, 'ada');
    expect(await accessTo(ids)).toEqual([true, true, true]);
    expect((await untilOf(ids)).size).toBe(1);
  });

  test('scenario 94: a refund takes all of them away, and leaves what is given otherwise', async () => {
    const { price, ids } = await bundle(terms);
    const { memberId } = await seller.purchase(price, 'ada');
    expect(
      await seller.coach.call('POST', '/v1/grants', { member: { externalId: 'ada' }, productId: ids[2] }),
    ).toMatchObject({ status: 201 });
    const { data } = await seller.read(`/v1/payments?member=${memberId}`);
    await seller.coach.call('POST', `/v1/payments/${data[0].id}/refunds`, { keepAccess: false });
    await eventually('the end of the access', async () => !(await accessTo(ids))[0]);
    await seller.quiet();
    expect(await accessTo(ids)).toEqual([false, false, true]);
  });
});

describe('a subscription', () => {
  test('cancelled at once: all of them end', async () => {
    const { price, ids } = await bundle(monthly);
    const { id } = await seller.purchase(price, 'ada');
    await seller.end(id);
    expect(await accessTo(ids)).toEqual([false, false, false]);
  });

  test('renewed: all of them go on; unpaid: all of them end', async () => {
    const { price, ids } = await bundle(monthly);
    const { paidThrough } = await seller.purchase(price, 'ada');
    await seller.moveTo(Date.parse(paidThrough) / 1000 + 2 * HOUR);
    expect(await accessTo(ids)).toEqual([true, true, true]);
    expect((await untilOf(ids)).size).toBe(1);
  });

  test('scenario 95: moved to a price that gives less, it gives less, and more again', async () => {
    const { price, ids } = await bundle(monthly);
    const plain = await seller.offer({ unitAmount: 4900, ...monthly }, price.productId);
    const { id } = await seller.purchase(price, 'ada');
    const move = async (priceId: string) => {
      const { status } = await seller.coach.call('POST', `/v1/memberships/${id}/change-price`, { priceId });
      expect(status).toBe(200);
      await seller.quiet();
    };
    await move(plain.id);
    expect(await accessTo(ids)).toEqual([true, false, false]);
    await move(price.id);
    expect(await accessTo(ids)).toEqual([true, true, true]);
  });
});

test('what a bundle gives is not bought again, unless its term is over', async () => {
  const { price, ids } = await bundle({});
  const single = await seller.offer({ unitAmount: 4900 }, ids[1]);
  await seller.purchase(price, 'ada');
  expect(await seller.openFor(single, 'ada')).toMatchObject({ status: 409, body: { code: 'already_owned' } });
  const subscribed = await bundle(monthly);
  const other = await seller.offer({ unitAmount: 4900 }, subscribed.ids[1]);
  await seller.purchase(subscribed.price, 'ben');
  expect(await seller.openFor(other, 'ben')).toMatchObject({
    status: 409,
    body: { code: 'already_subscribed' },
  });
});

describe('what is no bundle', () => {
  test('a product of somebody else’s, an archived one, or one of what is free is refused', async () => {
    const { id } = await newProduct('Old');
    await seller.coach.call('POST', `/v1/products/${id}/archive`, {});
    const { productId } = await seller.offer({ unitAmount: 4900 });
    const add = (body: object) => seller.coach.call('POST', `/v1/products/${productId}/prices`, body);
    const refused = { status: 400, body: { field: 'alsoGives' } };
    expect(await add({ unitAmount: 100, alsoGives: [id] })).toMatchObject(refused);
    expect(await add({ unitAmount: 100, alsoGives: ['pdt_3kTMd0fWbJ9xQeN4vYzA'] })).toMatchObject(refused);
    const active = await newProduct('New');
    expect(await add({ model: 'free', alsoGives: [active.id] })).toMatchObject(refused);
  });

  test('a bundle is not sold while one of its products is archived; who has it keeps it', async () => {
    const { price, ids } = await bundle({});
    await seller.purchase(price, 'ada');
    await seller.coach.call('POST', `/v1/products/${ids[1]}/archive`, {});
    expect(await seller.openFor(price, 'ben')).toMatchObject({
      status: 409,
      body: { code: 'product_archived' },
    });
    expect(await accessTo(ids)).toEqual([true, true, true]);
  });

  test('the purchase page says what else is in it', async () => {
    const { price } = await bundle({});
    const text = await fetch(`${rig.api}/buy/${price.id}`).then((response) => response.text());
    expect(text).toContain('<li>Community</li>');
  });
});
