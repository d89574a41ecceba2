import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { coachUiFor, rigFor } from '../support/setup';

// What the coach does in their own Stripe Dashboard, and what is pushed there.
let accountId: string;
const rig = rigFor('file', { relayPollSeconds: 1 });
const coach = coachUiFor('file', rig);
beforeAll(async () => {
  accountId = (await coach.connect()).body.accountId;
  await coach.call('PUT', '/v1/settings', {
    origins: ['https://coach.example'],
    defaultSuccessUrl: 'https://coach.example/yes',
    defaultCancelUrl: 'https://coach.example/no',
  });
});
afterEach(() => rig.stripeSide.faults());

const asAccount = () => ({ stripeAccount: accountId });
const stripe = () => rig.stripe.of('test');
const read = async (path: string) => (await coach.call('GET', path)).body;
const until = (price: Answer['body'], status: string, code: string | null = null) =>
  eventually<Answer['body']>(`the price to be ${status}`, async () => {
    const body = await read(`/v1/prices/${price.id}`);
    return body.status === status && (body.failure?.code ?? null) === code ? body : false;
  });
const provisioningOf = (price: Answer['body']) =>
  rig.db.priceProvisioning.findFirstOrThrow({
    where: { priceId: price.id, status: 'provisioned' },
    orderBy: { createdAt: 'desc' },
  });
async function onSale(options: object = {}): Promise<{ price: Answer['body']; stripePriceId: string }> {
  const price = await coach.addPrice({ unitAmount: 4900, ...options });
  await until(price, 'active');
  return { price, stripePriceId: (await provisioningOf(price)).stripePriceId ?? '' };
}
const stripePrice = (id: string) => stripe().prices.retrieve(id, undefined, asAccount());
const setActive = (id: string, active: boolean) => stripe().prices.update(id, { active }, asAccount());
const deletePrice = (price: string) =>
  rig.stripeSide.trigger('price_deleted', { account: accountId, livemode: false, price });
const buy = (price: Answer['body']) =>
  coach.call('POST', '/v1/checkouts', { priceId: price.id, member: 'ada' });

test('scenario 29, A13: a price archived in the Dashboard is off sale, the coach is told, one click repairs', async () => {
  const { price, stripePriceId } = await onSale();
  await setActive(stripePriceId, false);
  await until(price, 'failed', 'price_archived_at_stripe');
  expect((await buy(price)).body).toMatchObject({ status: 409, code: 'price_not_active' });
  const { attention } = await read('/v1/overview');
  expect(attention.prices.data).toContainEqual(
    expect.objectContaining({ priceId: price.id, code: 'price_archived_at_stripe' }),
  );
  const diagnosis = await read('/v1/connection/diagnosis');
  expect(diagnosis.findings).toContainEqual(
    expect.objectContaining({ code: 'connection.catalog', status: 'problem' }),
  );
  expect((await coach.call('POST', `/v1/prices/${price.id}/retry`, {})).status).toBe(202);
  await until(price, 'active');
  expect(await stripePrice(stripePriceId)).toMatchObject({ active: true });
});

test('A13: it stays off sale when the same account is connected again', async () => {
  const { price, stripePriceId } = await onSale();
  await setActive(stripePriceId, false);
  await until(price, 'failed', 'price_archived_at_stripe');
  const { id: connectionId } = await rig.db.connection.findFirstOrThrow({ where: { accountId } });
  // What a connection's run asks for first.
  const plan = await rig.activities.planCatalog({ connectionId });
  await until(price, 'failed', 'price_archived_at_stripe');
  // Active again there, unheard of while nobody listened: the look that follows finds it.
  await setActive(stripePriceId, true);
  for (const target of plan?.stale ?? []) await rig.activities.pushCatalog({ target });
  await until(price, 'active');
});

test('A13: a product archived in the Dashboard takes its prices off sale; unarchived there, they are back', async () => {
  const { price } = await onSale();
  const other = await coach.addPriceTo(price.productId, { unitAmount: 900 });
  await until(other, 'active');
  await stripe().products.update(price.productId, { active: false }, asAccount());
  for (const each of [price, other]) await until(each, 'failed', 'product_archived_at_stripe');
  // A new price does not undo what the coach did.
  const third = await coach.addPriceTo(price.productId, { unitAmount: 1900 });
  await until(third, 'failed', 'product_archived_at_stripe');
  expect(await stripe().products.retrieve(price.productId, undefined, asAccount())).toMatchObject({
    active: false,
  });
  await stripe().products.update(price.productId, { active: true }, asAccount());
  for (const each of [price, other]) await until(each, 'active');
});

test.each([
  ['price', {}, 'stripePriceId'],
  ['price of the setup fee', { setupFee: 1000, recurring: { interval: 'month' } }, 'stripeSetupPriceId'],
] as const)(
  'A13: a %s deleted in the Dashboard is off sale, the coach is told, one click makes it anew',
  async (_what, options, column) => {
    const { price } = await onSale(options);
    const gone = (await provisioningOf(price))[column] ?? '';
    await deletePrice(gone);
    await until(price, 'failed', 'price_deleted_at_stripe');
    expect((await buy(price)).body).toMatchObject({ status: 409, code: 'price_not_active' });
    const { attention } = await read('/v1/overview');
    expect(attention.prices.data).toContainEqual(
      expect.objectContaining({ priceId: price.id, code: 'price_deleted_at_stripe' }),
    );
    expect((await coach.call('POST', `/v1/prices/${price.id}/retry`, {})).status).toBe(202);
    await until(price, 'active');
    const made = (await provisioningOf(price))[column] ?? '';
    expect(made).not.toBe(gone);
    expect(await stripePrice(made)).toMatchObject({ active: true });
    expect((await buy(price)).status).toBe(201);
  },
);

test('A13: a product deleted in the Dashboard takes its prices off sale, and one click makes both anew', async () => {
  const { price, stripePriceId } = await onSale();
  const other = await coach.addPriceTo(price.productId, { unitAmount: 900 });
  await until(other, 'active');
  for (const id of [stripePriceId, (await provisioningOf(other)).stripePriceId ?? '']) await deletePrice(id);
  await stripe().products.del(price.productId, undefined, asAccount());
  for (const each of [price, other]) await until(each, 'failed', 'product_deleted_at_stripe');
  for (const each of [price, other]) {
    expect((await coach.call('POST', `/v1/prices/${each.id}/retry`, {})).status).toBe(202);
    await until(each, 'active');
    expect((await buy(each)).status).toBe(201);
  }
});

test('A13: what is renamed in the Dashboard is called so here, and a change here leaves the rest alone', async () => {
  const { price } = await onSale();
  const path = `/v1/products/${price.productId as string}`;
  await stripe().products.update(price.productId, { name: 'Evening yoga' }, asAccount());
  await eventually('the name', async () => (await read(path)).name === 'Evening yoga');
  await coach.call('PATCH', path, { description: 'With tea' });
  await eventually('the description', async () => {
    const there = await stripe().products.retrieve(price.productId, undefined, asAccount());
    return there.description === 'With tea' && there.name === 'Evening yoga';
  });
});

test.each(['price', 'product'])(
  'A13: a session that is refused for an archived %s, of which no event came, is a clear answer and a look',
  async (what) => {
    const { price, stripePriceId } = await onSale();
    await rig.stripeSide.control('POST', '/webhooks', {
      enabled: false,
      account: accountId,
      livemode: false,
    });
    if (what === 'price') await setActive(stripePriceId, false);
    else await stripe().products.update(price.productId, { active: false }, asAccount());
    expect((await buy(price)).body).toMatchObject({ status: 409, code: 'price_not_active' });
    await until(price, 'failed', `${what}_archived_at_stripe`);
    await rig.stripeSide.control('POST', '/webhooks', { enabled: true, account: accountId, livemode: false });
  },
);

test('scenario 39, C2: when archiving the replaced price is refused, the new price stays on sale', async () => {
  const { price, stripePriceId } = await onSale();
  await rig.stripeSide.faults({
    match: { method: 'POST', path: `/v1/prices/${stripePriceId}` },
    fault: { kind: 'status', status: 400, code: 'parameter_invalid_integer', when: 'before' },
  });
  const { body: next } = await coach.call('POST', `/v1/prices/${price.id}/replace`, { unitAmount: 5900 });
  await until(next, 'active');
  const { id, stripePriceId: newId } = await provisioningOf(next);
  await rig.client.workflow.getHandle(`price/${id}`).result();
  expect(await stripePrice(newId ?? '')).toMatchObject({ active: true });
  expect(await read(`/v1/prices/${next.id}`)).toMatchObject({ status: 'active' });
});

test('C4: a create whose answer was lost goes on after a rename, with the new name', async () => {
  const { price } = await onSale();
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/prices' },
    times: 1,
    fault: { kind: 'reset', when: 'after' },
  });
  const other = await coach.addPriceTo(price.productId, { unitAmount: 1500, nickname: 'Before' });
  await coach.call('PATCH', `/v1/prices/${other.id}`, { nickname: 'After' });
  await until(other, 'active');
  await eventually('the name', async () => {
    const { stripePriceId } = await provisioningOf(other);
    return (await stripePrice(stripePriceId ?? '')).nickname === 'After';
  });
});

test('C5: what could not be handed over while Temporal was down is pushed by the sweep', async () => {
  const { price, stripePriceId } = await onSale({ nickname: 'Old' });
  // As a request leaves it that found Temporal down: the row alone.
  await rig.db.price.update({ where: { id: price.id }, data: { nickname: 'New' } });
  await rig.db.product.update({ where: { id: price.productId }, data: { description: 'Later' } });
  await eventually('the name', async () => (await stripePrice(stripePriceId)).nickname === 'New');
  await eventually('the words', async () => {
    const there = await stripe().products.retrieve(price.productId, undefined, asAccount());
    return there.description === 'Later';
  });
  await rig.db.priceProvisioning.updateMany({
    where: { priceId: price.id },
    data: { syncAfter: new Date(0) },
  });
  await rig.db.price.update({ where: { id: price.id }, data: { status: 'archived' } });
  await eventually('the archiving', async () => !(await stripePrice(stripePriceId)).active);
});

test('C6: replacing and archiving at the same time never block each other', async () => {
  const { price } = await onSale();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => [
      coach.call('POST', `/v1/prices/${price.id}/replace`, { unitAmount: 6000 + i }),
      coach.call('POST', `/v1/products/${price.productId}/archive`, {}),
      coach.call('POST', `/v1/prices/${price.id}/archive`, {}),
    ]).flat(),
  );
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
});

test('C8: no transaction is open while Stripe is asked for a product that many prices share', async () => {
  const { price } = await onSale();
  const before = (await rig.stripeSide.requests()).length;
  // Stripe answers late, so that the attempts are in the middle of their calls.
  await rig.stripeSide.faults({
    match: { path: `/v1/products/${price.productId as string}` },
    fault: { kind: 'hang', hangMs: 5_000, when: 'before' },
  });
  const many = await Promise.all(
    Array.from({ length: 12 }, (_, i) => coach.addPriceTo(price.productId, { unitAmount: 1000 + i })),
  );
  await eventually('every attempt to be at Stripe', async () => {
    const asked = (await rig.stripeSide.requests()).slice(before);
    return (
      asked.filter(({ path }) => path.startsWith(`/v1/products/${price.productId}`)).length >= many.length
    );
  });
  // What Stripe is not asked for gets its connection to the database: nobody sits on one.
  expect((await coach.call('GET', `/v1/products/${price.productId as string}`)).status).toBe(200);
  const held = await rig.db.$queryRaw`
    SELECT pid FROM pg_locks
    WHERE relation IN ('product'::regclass, 'price'::regclass) AND mode IN ('RowShareLock', 'RowExclusiveLock')
      -- The tables of other tests' databases have the same numbers: all of them are copies of one.
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  expect(held).toEqual([]);
  await rig.stripeSide.faults();
  for (const each of many) await until(each, 'active');
});

test('C9: a large catalog is planned in pages of a hundred, each product once', async () => {
  const { coachId, mode } = await rig.db.connection.findFirstOrThrow({ where: { accountId } });
  const owner = { coachId, mode };
  const products = Array.from({ length: 250 }, (_, n) => ({ id: `prod_page_${n}`, name: `Course ${n}` }));
  await rig.db.product.createMany({ data: products.map((product) => ({ ...owner, ...product })) });
  await rig.db.stripeProduct.createMany({
    data: products.map(({ id, name }) => ({
      ...owner,
      accountId,
      productId: id,
      stripeProductId: id,
      active: true,
      syncedName: name,
    })),
  });
  const { id: connectionId } = await rig.db.connection.findFirstOrThrow({ where: { accountId } });
  const pages: string[][] = [];
  for (let after: string | null = ''; after !== null;) {
    const page = await rig.activities.planCatalogPage({ connectionId, after });
    pages.push((page?.stale ?? []).map(({ id }) => id));
    after = page?.next ?? null;
  }
  expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(100);
  const planned = pages.flat();
  expect(new Set(planned).size).toBe(planned.length);
  expect(planned).toEqual(expect.arrayContaining(products.map(({ id }) => id)));
});
