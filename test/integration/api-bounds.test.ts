import { apiFor, coachFor, connect, createMembership, createPrice, PLATFORM_KEY } from './api-support';

// What lies at the edge of what can be stored, read and shown: times, cursors, texts, methods, and the headers of errors.
let productId: string;
let memberId: string;
let priceId: string;
let membershipId: string;
const api = apiFor('file');
const coach = coachFor('file', api);
beforeAll(async () => {
  ({ priceId, productId } = await createPrice(api, coach, await connect(api, coach)));
  memberId = (await post('/v1/members', { externalId: 'ada' })).body.id as string;
  ({ membershipId } = await createMembership(api, coach, { priceId, productId }, memberId));
});

const post = (path: string, body: unknown) => api.call('POST', path, { key: coach.key, body });
const get = (path: string, key = coach.key) => api.call('GET', path, { key });
const refusedFor = (field: string) => ({ status: 400, body: { code: 'invalid_request', field } });

describe('a time that cannot be shown is refused where it comes in', () => {
  const times = [
    ['that its offset leads past the last year', '9999-12-31T23:59:59-00:01'],
    ['in the last year, by a whole day', '9999-12-31T12:00:00-23:59'],
    ['with five digits', '10000-01-01T00:00:00Z'],
    ['with a sign', '+020000-01-01T00:00:00Z'],
    ['before our era', '-000001-01-01T00:00:00Z'],
    ['in the year nought', '0000-01-01T00:00:00Z'],
    ['that its offset leads before 1970', '1970-01-01T00:00:00+00:01'],
    ['on no day', '2026-02-30T00:00:00Z'],
    ['without an offset', '2027-01-01T00:00:00'],
  ] as const;
  const places: [string, string, () => string, (time: string) => object][] = [
    ['a gift', 'until', () => '/v1/grants', (until) => ({ member: { id: memberId }, productId, until })],
    ['more of a gift', 'until', () => '/v1/grants/gnt_1/extend', (until) => ({ until })],
    ['a pause', 'until', () => `/v1/memberships/${membershipId}/pause`, (until) => ({ until })],
    [
      'a change',
      'prorationDate',
      () => `/v1/memberships/${membershipId}/change-price`,
      (prorationDate) => ({ quantity: 2, prorationDate }),
    ],
    [
      'the preview of a change',
      'prorationDate',
      () => `/v1/memberships/${membershipId}/change-price/preview`,
      (prorationDate) => ({ quantity: 2, prorationDate }),
    ],
  ];
  test.each(places.flatMap(([place, ...rest]) => times.map(([name, time]) => [place, name, time, ...rest])))(
    '%s: %s',
    async (_place, _name, time, field, path, body) => {
      expect(
        await post((path as () => string)(), (body as (time: string) => object)(time as string)),
      ).toMatchObject(refusedFor(field as string));
      expect(await api.db.grant.count()).toBe(1);
    },
  );

  test('the last second that there is can be given, and read', async () => {
    const until = '9999-12-31T22:59:59-01:00';
    const given = await post('/v1/grants', { member: { externalId: 'eve' }, productId, until });
    expect(given).toMatchObject({ status: 201, body: { until: '9999-12-31T23:59:59.000Z' } });
    const access = await get(`/v1/access?member=eve&product=${productId}`);
    expect(access).toMatchObject({ status: 200, body: { access: true, until: '9999-12-31T23:59:59.000Z' } });
    await api.db.grant.delete({ where: { id: given.body.id as string } });
  });
});

test('rows with times outside of all time are shown, and take no other down', async () => {
  await api.db
    .$executeRaw`UPDATE "grant" SET "until" = '20000-01-01T00:00:00Z' WHERE membership_id = ${membershipId}`;
  await api.db
    .$executeRaw`UPDATE membership SET paid_through = '20000-01-01T00:00:00Z', cancel_at = '280000-01-01T00:00:00Z',
    pause_until = '10000-01-01T00:00:00Z', started_at = '0044-03-15T00:00:00Z BC' WHERE id = ${membershipId}`;
  const last = '9999-12-31T23:59:59.000Z';
  const lists = [
    '/v1/grants',
    '/v1/memberships',
    `/v1/members/${memberId}/timeline`,
    '/v1/checkouts',
    '/v1/members',
  ];
  for (const path of lists) expect([path, (await get(path)).status]).toEqual([path, 200]);
  expect((await get('/v1/grants')).body.data).toMatchObject([{ until: last }]);
  expect((await get(`/v1/memberships/${membershipId}`)).body).toMatchObject({
    paidThrough: last,
    cancelAt: last,
  });
  expect((await get(`/v1/access?member=ada&product=${productId}`)).body).toMatchObject({
    access: true,
    until: last,
  });
  expect((await get('/v1/overview')).status).toBe(200);
});

describe('a cursor that no list answered', () => {
  const place = (text: string) => Buffer.from(text).toString('base64url');
  const places = [
    ['nothing', ''],
    ['nonsense', 'abc'],
    ['a time before 1970', place('-1|pdt_1')],
    ['a time before our era', place('-8000000000000000|pdt_1')],
    ['no time', place('0|pdt_1')],
    ['a time after all time', place('253402300800000|pdt_1')],
    ['a time beyond all numbers', place('99999999999999999999|pdt_1')],
    ['half a millisecond', place('1.5|pdt_1')],
    ['an exponent', place('1e3|pdt_1')],
    ['hexadecimal', place('0x10|pdt_1')],
    ['leading zeros', place('0001|pdt_1')],
    ['a blank', place(' 1|pdt_1')],
    ['a sign', place('+1|pdt_1')],
    ['no id', place('1|')],
    ['more than an id', place('1|pdt_1|2')],
    ['a line break', place('1|pdt_1\n')],
    ['padding', `${place('1|pdt_1')}%3D`],
    ['another alphabet', `${place('1|pdt_1')}%2B`],
  ];
  const numbers = [
    ['nothing', ''],
    ['a negative number', '-1'],
    ['zero', '0'],
    ['leading zeros', '01'],
    ['a fraction', '1.5'],
    ['an exponent', '1e3'],
    ['beyond a bigint', '9223372036854775808'],
    ['a line break', '1%0A'],
    ['other digits', '%D9%A1'],
  ];
  const paged = [
    'products',
    'checkouts',
    'members',
    'memberships',
    'grants',
    'price-moves',
    'live-copies',
    'withdrawals',
    'payments',
  ];
  test.each(paged.flatMap((list) => places.map(([name, cursor]) => [list, name, cursor])))(
    '/v1/%s: %s',
    async (list, _name, cursor) => {
      expect(await get(`/v1/${list}?cursor=${cursor}`)).toMatchObject(refusedFor('cursor'));
    },
  );
  test.each(places)('/v1/coaches: %s', async (_name, cursor) => {
    expect(await get(`/v1/coaches?cursor=${cursor}`, PLATFORM_KEY)).toMatchObject(refusedFor('cursor'));
  });
  test.each(numbers)('a timeline and the inbox: %s', async (_name, cursor) => {
    expect(await get(`/v1/members/${memberId}/timeline?cursor=${cursor}`)).toMatchObject(
      refusedFor('cursor'),
    );
    expect(await get(`/v1/inbox?cursor=${cursor}`, PLATFORM_KEY)).toMatchObject(refusedFor('cursor'));
  });

  test('what a list answers leads on', async () => {
    for (const name of ['One', 'Two', 'Three']) await post('/v1/products', { name });
    const first = (await get('/v1/products?limit=2')).body;
    const second = await get(`/v1/products?limit=2&cursor=${first.nextCursor as string}`);
    expect(second.status).toBe(200);
    const names = [first, second.body].flatMap(({ data }) =>
      (data as { name: string }[]).map(({ name }) => name),
    );
    expect(names).toEqual(['Three', 'Two', 'One', 'Morning yoga']);
  });
});

describe('two texts that would be stored alike', () => {
  test.each<[string, string, () => string, string, string]>([
    ['a name', 'POST', () => '/v1/products', '{"name":"a\\ud800"}', 'name'],
    ['the other half', 'POST', () => '/v1/products', '{"name":"\\udc00a"}', 'name'],
    ['halves in the wrong order', 'POST', () => '/v1/products', '{"name":"\\udc00\\ud800"}', 'name'],
    ['a description', 'PATCH', () => `/v1/products/${productId}`, '{"description":"\\udfff"}', 'description'],
    ['your id', 'POST', () => '/v1/members', '{"externalId":"ada\\ud800"}', 'externalId'],
    [
      'the id of a buyer',
      'POST',
      () => '/v1/checkouts',
      '{"priceId":"amt_1","member":{"externalId":"ada\\ud800"}}',
      'member.externalId',
    ],
    ['an address', 'PUT', () => '/v1/settings', '{"origins":["https://a.example/\\ud800"]}', 'origins.0'],
    ['a token', 'POST', () => '/v1/connection/confirm', '{"token":"a\\ud800"}', 'token'],
  ])('half of a surrogate pair in %s', async (_name, method, path, body, field) => {
    const before = await api.db.member.count();
    expect(await api.call(method, path(), { key: coach.key, body })).toMatchObject(refusedFor(field));
    expect(await api.db.member.count()).toBe(before);
  });

  const send = (body: Buffer, type = 'application/json') =>
    fetch(`${api.url}/v1/members`, {
      method: 'POST',
      headers: { 'Content-Type': type, Authorization: `Bearer ${coach.key}` },
      body: new Uint8Array(body),
    });
  test.each<[string, number[]]>([
    ['a byte of no text', [0xff]],
    ['a letter cut off', [0xe2, 0x82]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a slash that is longer than it needs to be', [0xc0, 0xaf]],
  ])('%s in the bytes of a body', async (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"externalId":"bob'), Buffer.from(bytes), Buffer.from('"}')]);
    const answer = await send(body);
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'malformed_json' }]);
    const utf16 = await send(
      Buffer.from('{"externalId":"bob"}', 'utf16le'),
      'application/json; charset=utf-16le',
    );
    expect([utf16.status, await utf16.json()]).toMatchObject([415, { code: 'unsupported_media_type' }]);
  });

  test.each([
    ['a byte of no text', 'ada%FF', 'member'],
    ['half of a surrogate pair', '%ED%A0%80', 'member'],
    ['half of an escape', 'ada%2', 'member'],
  ])('%s in an address', async (_name, member, field) => {
    expect(await get(`/v1/access?member=${member}&product=${productId}`)).toMatchObject(refusedFor(field));
  });

  test('a whole pair is a character like any other', async () => {
    expect(await post('/v1/members', { externalId: '😀' })).toMatchObject({
      status: 201,
      body: { externalId: '😀' },
    });
    expect((await get('/v1/members?externalId=%F0%9F%98%80')).body.data).toHaveLength(1);
  });
});

describe('a method that is not possible is 405, with those that are', () => {
  test.each([
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['DELETE', '/docs', 'GET, HEAD'],
    ['POST', '/problems', 'GET, HEAD'],
    ['POST', '/thanks', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['PUT', '/buy/amt_1', 'GET, HEAD, POST'],
    ['POST', '/buy/amt_1/offer', 'GET, HEAD'],
    ['POST', '/buy.js', 'GET, HEAD'],
    ['GET', '/webhooks/stripe', 'POST'],
    ['PUT', '/connect/start/x', 'GET, POST'],
    ['HEAD', '/connect/start/x', 'GET, POST'],
    ['POST', '/connect/refresh', 'GET'],
    ['DELETE', '/connect/callback', 'GET'],
    ['POST', '/checkouts/chk_1/return', 'GET, HEAD'],
    ['POST', '/console', 'GET, HEAD'],
    ['DELETE', '/console/members', 'GET, HEAD'],
    ['POST', '/console/assets/app.js', 'GET, HEAD'],
    ['PUT', '/console/api/session', 'GET, HEAD, POST, DELETE'],
    ['PATCH', '/console/api/test/v1/products', 'POST, GET, HEAD'],
    ['DELETE', '/v1/products', 'POST, GET, HEAD'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await api.call(method, path);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    if (method !== 'HEAD') expect(answer.body.code).toBe('method_not_allowed');
  });
});

describe('headers', () => {
  test.each([
    ['GET', '/buy/amt_unknown/offer', 404],
    ['GET', '/buy/nonsense/offer', 404],
    ['POST', '/buy/amt_unknown/offer', 405],
    ['GET', '/v1/products', 401],
    ['GET', '/nowhere', 404],
    ['GET', '/console/assets/gone.js', 404],
    ['POST', '/webhooks/stripe', 400],
    ['GET', '/buy/%zz', 400],
  ])('the error of %s %s is kept by nobody', async (method, path, status) => {
    const answer = await api.call(method, path);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([status, 'no-store']);
  });

  test('a form on no page of data or documentation leads anywhere', async () => {
    for (const path of ['/docs/', '/openapi.json', '/nowhere'])
      expect((await get(path)).headers.get('content-security-policy')).toContain("form-action 'none'");
  });
});

describe('the document says what is refused', () => {
  interface Schema {
    minProperties?: number;
    minLength?: number;
    oneOf?: unknown[];
    anyOf?: unknown[];
    properties?: Record<string, Schema>;
  }
  interface Operation {
    parameters?: { name: string; schema: Schema }[];
    requestBody?: { content: Record<string, { schema: Schema }> };
  }
  const operation = async (method: string, path: string) =>
    ((await get('/openapi.json')).body.paths as Record<string, Record<string, Operation>>)[path]?.[method];
  const bodyOf = async (method: string, path: string) =>
    (await operation(method, path))?.requestBody?.content['application/json']?.schema;

  test('an empty change', async () => {
    expect(await bodyOf('patch', '/v1/products/{id}')).toMatchObject({ minProperties: 1 });
    expect(await bodyOf('post', '/v1/memberships/{id}/change-price')).toMatchObject({ anyOf: [{}, {}] });
    expect(await post(`/v1/memberships/${membershipId}/change-price`, {})).toMatchObject({ status: 400 });
  });
  test('a member by no id', async () => {
    expect(await bodyOf('post', '/v1/grants')).toMatchObject({ properties: { member: { oneOf: [{}, {}] } } });
    expect(await bodyOf('post', '/v1/members')).toMatchObject({ anyOf: [{}, {}] });
    expect(await post('/v1/grants', { member: {}, productId })).toMatchObject(refusedFor('member'));
  });
  test('an empty cursor', async () => {
    const { parameters } = (await operation('get', '/v1/products')) ?? {};
    expect(parameters?.find(({ name }) => name === 'cursor')?.schema).toMatchObject({ minLength: 1 });
  });
});
