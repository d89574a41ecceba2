import { apiFor, coachFor, connect, createPrice } from './api-support';

// What a button on any site may know about a price.
let accountId: string;
const api = apiFor('file');
const coach = coachFor('test', api);
beforeEach(async () => {
  api.fake.reset();
  accountId = await connect(api, coach);
});

const offerOf = (priceId: string) =>
  api.call('GET', `/buy/${priceId}/offer`, { headers: { Origin: 'https://ana.example' } });
const post = (path: string, body: object = {}) => api.call('POST', path, { key: coach.key, body });

test('price, words and availability, for any origin and for a few seconds', async () => {
  const { priceId } = await createPrice(api, coach, accountId, {
    unitAmount: 4900,
    recurring: { interval: 'month' },
    trialDays: 14,
    seats: 3,
  });
  const { status, headers, body } = await offerOf(priceId);
  expect(status).toBe(200);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('cache-control')).toBe('public, max-age=15');
  expect(headers.get('set-cookie')).toBeNull();
  expect(body).toEqual({
    priceId,
    mode: 'test',
    coach: { name: 'Yoga with Ana' },
    product: { name: 'Morning yoga', description: null, features: [] },
    alsoGives: [],
    currencyOptions: [],
    model: 'recurring',
    unitAmount: 4900,
    currency: 'eur',
    recurring: { interval: 'month', intervalCount: 1 },
    trialDays: 14,
    setupFee: null,
    installments: null,
    minAmount: null,
    maxAmount: null,
    suggestedAmount: null,
    accessDays: null,
    accessStartsAt: null,
    promotionCodes: false,
    salesStartAt: null,
    salesEndAt: null,
    inWords: { amount: '€49.00', rhythm: 'every month', details: ['The first 14 days are free.'] },
    availability: 'available',
    seatsLeft: 3,
    buyUrl: `http://127.0.0.1:4000/buy/${priceId}`,
  });
});

test('the last seat is held: sold out, and back when its checkout is cancelled', async () => {
  const { priceId } = await createPrice(api, coach, accountId, { unitAmount: 4900, seats: 1 });
  const { body: checkout } = await post('/v1/checkouts', { priceId, member: 'ada' });
  expect((await offerOf(priceId)).body).toMatchObject({ availability: 'sold_out', seatsLeft: 0 });
  await api.db.seat.update({ where: { checkoutId: checkout.id as string }, data: { status: 'released' } });
  expect((await offerOf(priceId)).body).toMatchObject({ availability: 'available', seatsLeft: 1 });
});

test.each<[string, () => Promise<unknown>]>([
  [
    'a seller who may not charge',
    () => api.db.connection.updateMany({ where: { accountId }, data: { chargesEnabled: false } }),
  ],
  [
    'a seller who is not connected',
    () => api.db.connection.updateMany({ where: { accountId }, data: { status: 'disconnected' } }),
  ],
])('%s: unavailable, unless it is free', async (_what, happens) => {
  const { priceId, productId } = await createPrice(api, coach, accountId);
  const { body: free } = await post(`/v1/products/${productId}/prices`, { model: 'free' });
  await happens();
  expect((await offerOf(priceId)).body).toMatchObject({ availability: 'unavailable' });
  expect((await offerOf(free.id as string)).body).toMatchObject({
    availability: 'available',
    inWords: { amount: 'Free', rhythm: '', details: [] },
  });
});

test('an archived price answers with the one that replaced it; without one it is unavailable', async () => {
  const { priceId, productId } = await createPrice(api, coach, accountId);
  const { body: free } = await post(`/v1/prices/${priceId}/replace`, { model: 'free' });
  expect((await offerOf(priceId)).body).toMatchObject({ priceId: free.id, model: 'free' });
  await post(`/v1/products/${productId}/archive`);
  expect((await offerOf(priceId)).body).toMatchObject({ availability: 'unavailable' });
});

test('an unknown price: a problem that any origin may read', async () => {
  for (const id of ['amt_unknown', 'nonsense']) {
    const { status, headers, body } = await offerOf(id);
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(headers.get('access-control-allow-origin')).toBe('*');
  }
});

test('every refusal of opening a checkout is in the documentation', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  const paths = body.paths as Record<
    string,
    Record<string, { responses: Record<string, { description: string }> }>
  >;
  const described = Object.values(paths['/v1/checkouts']?.post?.responses ?? {})
    .map(({ description }) => description)
    .join();
  for (const code of [
    'sold_out',
    'too_many_holds',
    'free_already_had',
    'already_owned',
    'charges_not_enabled',
  ])
    expect(described).toContain(`\`${code}\``);
});
