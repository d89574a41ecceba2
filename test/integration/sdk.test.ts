import { createSessionClient, idempotencyKey, SessionProblem } from '@session/sdk';
import { apiFor, coachFor, connect, PLATFORM_KEY } from './api-support';

// The SDK against the API: what it sends, and what it makes of the answers.
const api = apiFor('file');
const coach = coachFor('test', api);
const session = () => createSessionClient({ url: api.url, key: coach.key });

test('parameters go into the path and the query, and the answer is the body', async () => {
  await connect(api, coach);
  const { id } = await session().post('/v1/products', { body: { name: 'Morning & evening yoga' } });
  expect(await session().get('/v1/products/{id}', { params: { path: { id } } })).toMatchObject({ id });
  const { data } = await session().get('/v1/products', {
    params: { query: { status: 'active', limit: 1 } },
  });
  expect(data.map(({ name }) => name)).toEqual(['Morning & evening yoga']);
  const access = await session().get('/v1/access', { params: { query: { member: 'a&b=c', product: id } } });
  expect(access).toMatchObject({ access: false, productId: id });
});

test('a refusal is thrown, with what the API says of it', async () => {
  const refused = session().get('/v1/products/{id}', { params: { path: { id: 'pdt_none' } } });
  await expect(refused).rejects.toBeInstanceOf(SessionProblem);
  await expect(refused).rejects.toMatchObject({
    code: 'not_found',
    status: 404,
    request: 'GET /v1/products/pdt_none',
  });
  const nobody = createSessionClient({ url: api.url, key: 'sk_nobody' }).get('/v1/connection');
  await expect(nobody).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
});

test('two requests with one key are one wish, and two without are two', async () => {
  const ask = (params = {}) => session().post('/v1/products', { params, body: { name: 'Yoga' } });
  const [first, again] = [await ask(idempotencyKey('one')), await ask(idempotencyKey('one'))];
  expect(again).toEqual(first);
  const others = [await ask(), await ask()];
  expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(3);
});

test('the platform makes coaches and their keys with it', async () => {
  const platform = createSessionClient({ url: api.url, key: PLATFORM_KEY });
  const { id } = await platform.post('/v1/coaches', { body: { name: 'Ben' } });
  const made = await platform.post('/v1/coaches/{id}/api-keys', {
    params: { path: { id } },
    body: { mode: 'live' },
  });
  expect(made).toMatchObject({ coachId: id, mode: 'live', key: expect.stringMatching(/live/) as string });
});

test('a list is read to its end, in pages', async () => {
  await Promise.all(
    ['a', 'b', 'c'].map((name) => session().post('/v1/members', { body: { externalId: `paged-${name}` } })),
  );
  const found: (string | null)[] = [];
  const query = { search: 'paged-', limit: 1 };
  for await (const { externalId } of session().list('/v1/members', { params: { query } }))
    found.push(externalId);
  expect(found.sort()).toEqual(['paged-a', 'paged-b', 'paged-c']);
});

test('access is the answer of the API, and a product that does not exist is a mistake', async () => {
  const { id: product } = await session().post('/v1/products', { body: { name: 'Yoga' } });
  const client = session();
  expect(await client.access({ member: 'gifted', product })).toMatchObject({ access: false, from: 'api' });
  await client.post('/v1/grants', { body: { member: { externalId: 'gifted' }, productId: product } });
  expect(await client.access({ member: 'gifted', product })).toMatchObject({ access: true, from: 'api' });
  expect(await client.access({ member: 'gifted', product })).toMatchObject({ access: true, from: 'cache' });
  await expect(client.access({ member: 'gifted', product: 'pdt_none' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
