import { apiFor, coachFor, connect, createCoach, createPrice } from './api-support';

let accountId: string;
const api = apiFor('file');
const coach = coachFor('file', api);
beforeAll(async () => {
  accountId = await connect(api, coach);
});
afterEach(() => api.fake.reset());

const call = (method: string, path: string, body?: unknown) =>
  api.call(method, path, { key: coach.key, body });
const newProduct = async (name = 'Yoga') => (await call('POST', '/v1/products', { name })).body.id as string;

test('a product is made, read, edited and archived', async () => {
  const id = await newProduct(' Yoga ');
  expect((await call('GET', `/v1/products/${id}`)).body).toMatchObject({
    id,
    name: 'Yoga',
    description: null,
    status: 'active',
  });
  const edited = await call('PATCH', `/v1/products/${id}`, { description: 'At dawn' });
  expect(edited.body).toMatchObject({ name: 'Yoga', description: 'At dawn' });
  expect(api.fake.calls).toContain(`syncCatalog {"kind":"product","id":"${id}"}`);
  expect((await call('POST', `/v1/products/${id}/archive`)).body.status).toBe('archived');
  expect((await call('POST', `/v1/products/${id}/archive`)).body.status).toBe('archived');
  expect((await call('PATCH', `/v1/products/${id}`, { name: 'x' })).body.code).toBe('product_archived');
  expect((await call('POST', `/v1/products/${id}/prices`, { unitAmount: 100 })).body.code).toBe(
    'product_archived',
  );
});

test('lists are paged, newest first', async () => {
  const other = await createCoach(api);
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    const made = await api.call('POST', '/v1/products', { key: other.key, body: { name: `P${i}` } });
    ids.unshift(made.body.id as string);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.call('GET', `/v1/products?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`, {
      key: other.key,
    });
    seen.push(...(page.body.data as { id: string }[]).map(({ id }) => id));
    cursor = page.body.nextCursor as string | null;
  } while (cursor !== null);
  expect(seen).toEqual(ids);
});

test('a price is answered at once and provisioned by a run', async () => {
  const id = await newProduct();
  const made = await call('POST', `/v1/products/${id}/prices`, {
    unitAmount: 4900,
    recurring: { interval: 'month' },
    nickname: 'Monthly',
  });
  expect(made.status).toBe(202);
  expect(made.body).toMatchObject({
    status: 'provisioning',
    unitAmount: 4900,
    currency: 'eur',
    differsFromDefaultCurrency: false,
    recurring: { interval: 'month', intervalCount: 1 },
    failure: null,
  });
  const [provisioning] = await api.db.priceProvisioning.findMany({
    where: { priceId: made.body.id as string },
  });
  expect(provisioning).toMatchObject({ accountId, status: 'pending', coachId: coach.coachId, mode: 'test' });
  expect(api.fake.calls).toEqual([`startPriceProvisioning "${provisioning?.id}"`]);
});

test('a price says whether it exists on the account that is connected now', async () => {
  const eve = await createCoach(api);
  const first = await connect(api, eve);
  const { productId, priceId } = await createPrice(api, eve, first);
  const free = await createPrice(api, eve, first, { model: 'free' });
  const as = (method: string, path: string, body?: unknown) => api.call(method, path, { key: eve.key, body });
  const said = async () =>
    Promise.all(
      [`/v1/prices/${priceId}`, `/v1/prices/${free.priceId}`].map(
        async (path) => (await as('GET', path)).body['onConnectedAccount'],
      ),
    );
  expect(await said()).toEqual([true, true]);
  await api.db.connection.updateMany({ where: { accountId: first }, data: { status: 'disconnected' } });
  expect(await said()).toEqual([false, true]);
  const second = await connect(api, eve);
  expect(await said()).toEqual([false, true]);
  const { body: listed } = await as('GET', `/v1/products/${productId}/prices`);
  expect(listed['data']).toMatchObject([{ id: priceId, status: 'active', onConnectedAccount: false }]);
  // 'replace' makes it anew, on the account that is connected.
  const { body: anew } = await as('POST', `/v1/prices/${priceId}/replace`, {});
  const { accountId } = await api.db.priceProvisioning.findFirstOrThrow({
    where: { priceId: anew.id as string },
  });
  expect(accountId).toBe(second);
  // An attempt that is still under way is no price yet.
  expect(anew).toMatchObject({ status: 'provisioning', onConnectedAccount: false });
});

test('another currency than the account’s is allowed and flagged', async () => {
  const made = await call('POST', `/v1/products/${await newProduct()}/prices`, {
    unitAmount: 4900,
    currency: 'jpy',
  });
  expect(made.body).toMatchObject({ currency: 'jpy', differsFromDefaultCurrency: true, recurring: null });
});

test.each([
  ['kwd', 1001],
  ['isk', 4950],
])('an amount that %s does not have is refused', async (currency, unitAmount) => {
  const answer = await call('POST', `/v1/products/${await newProduct()}/prices`, { unitAmount, currency });
  expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request', field: 'unitAmount' });
});

test('while Temporal is down a price waits, and retry starts it', async () => {
  const id = await newProduct();
  api.fake.set('startPriceProvisioning', () => Promise.reject(new Error('down')));
  const made = await call('POST', `/v1/products/${id}/prices`, { unitAmount: 100 });
  expect(made.status).toBe(202);
  api.fake.reset();
  const again = await call('POST', `/v1/prices/${made.body.id as string}/retry`);
  expect(again.status).toBe(202);
  expect(await api.db.priceProvisioning.count({ where: { priceId: made.body.id as string } })).toBe(1);
  expect(api.fake.calls).toHaveLength(1);
});

test('a failed price says why, and another try is a new attempt', async () => {
  const { priceId } = await createPrice(api, coach, accountId, { unitAmount: 100 });
  expect((await call('POST', `/v1/prices/${priceId}/retry`)).body.code).toBe('price_not_retryable');
  await api.db.price.update({
    where: { id: priceId },
    data: { status: 'failed', failureCode: 'stripe_refused', failureMessage: 'No.' },
  });
  await api.db.priceProvisioning.updateMany({
    where: { priceId },
    data: { status: 'refused', stripePriceId: null },
  });
  expect((await call('GET', `/v1/prices/${priceId}`)).body).toMatchObject({
    status: 'failed',
    failure: { code: 'stripe_refused', message: 'No.' },
  });
  const again = await call('POST', `/v1/prices/${priceId}/retry`);
  expect(again.body).toMatchObject({ status: 'provisioning', failure: null });
  expect(await api.db.priceProvisioning.count({ where: { priceId } })).toBe(2);
});

test('replacing makes a new price, and the old one is sold until that exists', async () => {
  const { priceId, productId } = await createPrice(api, coach, accountId);
  const made = await call('POST', `/v1/prices/${priceId}/replace`, { unitAmount: 5900 });
  expect(made.status).toBe(202);
  expect(made.body).toMatchObject({
    unitAmount: 5900,
    currency: 'eur',
    recurring: { interval: 'month', intervalCount: 1 },
    replacesPriceId: priceId,
    productId,
  });
  expect((await call('GET', `/v1/prices/${priceId}`)).body).toMatchObject({
    status: 'active',
    unitAmount: 4900,
  });
  expect((await call('POST', `/v1/prices/${priceId}/replace`, {})).body.code).toBe('price_being_replaced');
  await call('POST', `/v1/prices/${priceId}/archive`);
  await api.db.price.update({ where: { id: made.body.id as string }, data: { status: 'active' } });
  expect((await call('POST', `/v1/prices/${priceId}/replace`, {})).body.code).toBe('price_not_active');
});

test('only the nickname of a price changes', async () => {
  const { priceId } = await createPrice(api, coach, accountId);
  const answer = await call('PATCH', `/v1/prices/${priceId}`, { nickname: 'Friends' });
  expect(answer.body).toMatchObject({ nickname: 'Friends', unitAmount: 4900 });
  expect((await call('PATCH', `/v1/prices/${priceId}`, { nickname: null })).body.nickname).toBeNull();
});

test('archiving a product archives its prices', async () => {
  const { priceId, productId } = await createPrice(api, coach, accountId);
  await call('POST', `/v1/products/${productId}/archive`);
  const list = await call('GET', `/v1/products/${productId}/prices?status=archived`);
  expect((list.body.data as { id: string }[]).map(({ id }) => id)).toEqual([priceId]);
  expect(api.fake.calls).toContain(`syncCatalog {"kind":"price","id":"${priceId}"}`);
});

test('an account without a connection adds no price', async () => {
  const other = await createCoach(api);
  const product = await api.call('POST', '/v1/products', { key: other.key, body: { name: 'x' } });
  const answer = await api.call('POST', `/v1/products/${product.body.id as string}/prices`, {
    key: other.key,
    body: { unitAmount: 100 },
  });
  expect(answer.body).toMatchObject({ status: 409, code: 'not_connected' });
});

test.each<[Record<string, unknown>, string, string]>([
  [{ unitAmount: 1 }, 'unitAmount', '€0.50'],
  [{ unitAmount: 10, currency: 'jpy' }, 'unitAmount', '¥50'],
  [{ unitAmount: 4900, recurring: { interval: 'month' }, setupFee: 20 }, 'setupFee', '€0.50'],
  [{ model: 'pay_what_you_want', minAmount: 29, currency: 'gbp' }, 'minAmount', '£0.30'],
])('A12: %j is refused when it is made, with the figure', async (body, field, figure) => {
  const id = await newProduct();
  const answer = await call('POST', `/v1/products/${id}/prices`, body);
  expect(answer.body).toMatchObject({ status: 400, code: 'invalid_request', field });
  expect(answer.body.detail).toContain(figure);
});

test('A12: a replacement below the least charge is refused as well, and the old price stays', async () => {
  const { priceId } = await createPrice(api, coach, accountId);
  const answer = await call('POST', `/v1/prices/${priceId}/replace`, { unitAmount: 49 });
  expect(answer.body).toMatchObject({ status: 400, field: 'unitAmount' });
  expect((await call('GET', `/v1/prices/${priceId}`)).body.status).toBe('active');
});
