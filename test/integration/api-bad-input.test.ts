import { apiFor, coachFor, connect, createCoach, createPrice, PLATFORM_KEY, startApi } from './api-support';

let priceId: string;
let productId: string;

const api = apiFor('file');
const coach = coachFor('file', api);
beforeAll(async () => {
  ({ priceId, productId } = await createPrice(api, coach, await connect(api, coach)));
});

/** How many rows there are of everything that a request could write. */
async function countRows(): Promise<number[]> {
  const { db } = api;
  return Promise.all([
    db.coach.count(),
    db.apiKey.count(),
    db.product.count(),
    db.price.count(),
    db.priceProvisioning.count(),
    db.member.count(),
    db.checkout.count(),
    db.settings.count(),
    db.idempotencyRecord.count(),
    db.inbox.count(),
  ]);
}

type Case = [string, string, () => string, unknown, number, string, string?];

const cases: Case[] = [
  ['malformed JSON', 'POST', () => '/v1/products', '{"name":', 400, 'malformed_json'],
  ['a JSON string', 'POST', () => '/v1/products', '"name"', 400, 'malformed_json'],
  ['an array', 'POST', () => '/v1/products', [], 400, 'invalid_request'],
  ['nothing at all', 'POST', () => '/v1/products', undefined, 400, 'invalid_request', 'name'],
  [
    'an unknown field',
    'POST',
    () => '/v1/products',
    { name: 'x', nmae: 'y' },
    400,
    'invalid_request',
    'nmae',
  ],
  ['a wrong type', 'POST', () => '/v1/products', { name: 7 }, 400, 'invalid_request', 'name'],
  ['a blank name', 'POST', () => '/v1/products', { name: '   ' }, 400, 'invalid_request', 'name'],
  ['a NUL', 'POST', () => '/v1/products', { name: 'a\u0000' }, 400, 'invalid_request', 'name'],
  ['too much', 'POST', () => '/v1/products', { name: 'x'.repeat(200_000) }, 413, 'payload_too_large'],
  ['a prototype', 'POST', () => '/v1/products', '{"name":"x","__proto__":{"a":1}}', 400, 'invalid_request'],
  ['an empty change', 'PATCH', () => `/v1/products/${productId}`, {}, 400, 'invalid_request'],
  [
    'a fraction of a cent',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: 1.5 },
    400,
    'invalid_request',
    'unitAmount',
  ],
  [
    'a negative amount',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: -1 },
    400,
    'invalid_request',
    'unitAmount',
  ],
  [
    'an amount as text',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: '100' },
    400,
    'invalid_request',
    'unitAmount',
  ],
  [
    'an amount beyond Stripe’s',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: 1e12 },
    400,
    'invalid_request',
    'unitAmount',
  ],
  [
    'an upper-case currency',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: 1, currency: 'EUR' },
    400,
    'invalid_request',
    'currency',
  ],
  [
    'no currency of this world',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: 1, currency: 'zzz' },
    400,
    'invalid_request',
    'currency',
  ],
  [
    'a century',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: 1, recurring: { interval: 'year', intervalCount: 100 } },
    400,
    'invalid_request',
    'recurring.intervalCount',
  ],
  [
    'an unknown interval',
    'POST',
    () => `/v1/products/${productId}/prices`,
    { unitAmount: 1, recurring: { interval: 'hour' } },
    400,
    'invalid_request',
    'recurring.interval',
  ],
  [
    'a new amount for a price',
    'PATCH',
    () => `/v1/prices/${priceId}`,
    { unitAmount: 1 },
    400,
    'invalid_request',
  ],
  [
    'an amount from the client',
    'POST',
    () => '/v1/checkouts',
    { priceId: 'amt_1', member: 'u', unitAmount: 1 },
    400,
    'invalid_request',
    'unitAmount',
  ],
  ['no member', 'POST', () => '/v1/checkouts', { priceId: 'amt_1' }, 400, 'invalid_request', 'member'],
  [
    'a member by two ids',
    'POST',
    () => '/v1/checkouts',
    { priceId: 'amt_1', member: { id: 'mbr_1', externalId: 'u' } },
    400,
    'invalid_request',
    'member',
  ],
  [
    'a quantity of none',
    'POST',
    () => '/v1/checkouts',
    { priceId: 'amt_1', member: 'u', quantity: 0 },
    400,
    'invalid_request',
    'quantity',
  ],
  [
    'a script as an address',
    'POST',
    () => '/v1/checkouts',
    { priceId: 'amt_1', member: 'u', successUrl: 'javascript:alert(1)' },
    400,
    'invalid_request',
    'successUrl',
  ],
  [
    'an unregistered address',
    'POST',
    () => '/v1/checkouts',
    () => ({ priceId, member: 'u', successUrl: 'https://evil.example/x' }),
    422,
    'redirect_not_allowed',
    'successUrl',
  ],
  [
    'an unregistered cancel address',
    'POST',
    () => '/v1/checkouts',
    () => ({ priceId, member: 'u', cancelUrl: 'http://127.0.0.1:4001/' }),
    422,
    'redirect_not_allowed',
    'cancelUrl',
  ],
  [
    'an unknown price',
    'POST',
    () => '/v1/checkouts',
    { priceId: 'amt_unknown', member: 'u' },
    404,
    'not_found',
    'priceId',
  ],
  [
    'an unknown member',
    'POST',
    () => '/v1/checkouts',
    () => ({ priceId, member: { id: 'mbr_unknown' } }),
    404,
    'not_found',
    'member',
  ],
  ['a member without a name', 'POST', () => '/v1/members', {}, 400, 'invalid_request'],
  [
    'a member with our id',
    'POST',
    () => '/v1/members',
    { externalId: 'mbr_1' },
    400,
    'invalid_request',
    'externalId',
  ],
  ['an address that is none', 'POST', () => '/v1/members', { email: 'mia' }, 400, 'invalid_request', 'email'],
  ['an id that is none', 'GET', () => '/v1/products/%00', undefined, 404, 'not_found'],
  ['an id of Stripe', 'GET', () => '/v1/prices/price_1', undefined, 404, 'not_found'],
  ['an address that cannot be decoded', 'GET', () => '/v1/products/%zz', undefined, 400, 'invalid_request'],
  ['a limit of none', 'GET', () => '/v1/products?limit=0', undefined, 400, 'invalid_request', 'limit'],
  ['an empty limit', 'GET', () => '/v1/products?limit=', undefined, 400, 'invalid_request', 'limit'],
  [
    'a limit in hexadecimal',
    'GET',
    () => '/v1/products?limit=0x10',
    undefined,
    400,
    'invalid_request',
    'limit',
  ],
  ['a limit of words', 'GET', () => '/v1/products?limit=many', undefined, 400, 'invalid_request', 'limit'],
  ['a forged cursor', 'GET', () => '/v1/products?cursor=abc', undefined, 400, 'invalid_request', 'cursor'],
  ['an unknown parameter', 'GET', () => '/v1/products?order=asc', undefined, 400, 'invalid_request', 'order'],
  [
    'a parameter twice',
    'GET',
    () => '/v1/access?member=a&member=b&product=pdt_1',
    undefined,
    400,
    'invalid_request',
    'member',
  ],
  ['access to nothing', 'GET', () => '/v1/access?member=a', undefined, 400, 'invalid_request', 'product'],
  [
    'access to an unknown product',
    'GET',
    () => '/v1/access?member=a&product=pdt_unknown',
    undefined,
    404,
    'not_found',
  ],
  ['grace for ever', 'PUT', () => '/v1/settings', { graceDays: 31 }, 400, 'invalid_request', 'graceDays'],
  ['settings without a body', 'PUT', () => '/v1/settings', undefined, 400, 'invalid_request'],
  [
    'an origin that is none',
    'PUT',
    () => '/v1/settings',
    { origins: [''] },
    400,
    'invalid_request',
    'origins.0',
  ],
  [
    'an origin with a path',
    'PUT',
    () => '/v1/settings',
    { origins: ['https://a.example/x'] },
    400,
    'invalid_request',
    'origins.0',
  ],
  [
    'a default address that is not registered',
    'PUT',
    () => '/v1/settings',
    { defaultSuccessUrl: 'https://a.example/' },
    422,
    'redirect_not_allowed',
    'defaultSuccessUrl',
  ],
  [
    'cancelling some time',
    'POST',
    () => '/v1/memberships/msp_1/cancel',
    { at: 'later' },
    400,
    'invalid_request',
    'at',
  ],
  ['a method that is none', 'DELETE', () => '/v1/products', undefined, 405, 'method_not_allowed'],
  ['a route that is none', 'GET', () => '/v1/unicorns', undefined, 404, 'route_not_found'],
];

// One argument each: Jest takes a missing last one for a callback.
test.each(cases.map((bad) => [bad[0], bad] as const))(
  '%s is refused and writes nothing',
  async (_name, [, method, path, body, status, code, field]) => {
    const before = await countRows();
    const sent: unknown = typeof body === 'function' ? (body as () => unknown)() : body;
    const answer = await api.call(method, path(), { key: coach.key, body: sent });
    expect(answer.body).toMatchObject({
      status,
      code,
      type: `/problems#${code}`,
      ...(field === undefined ? {} : { field }),
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    for (const part of ['title', 'detail', 'todo'] as const)
      expect(answer.body[part]).toEqual(expect.stringMatching(/\w/));
    expect(await countRows()).toEqual(before);
  },
);

test.each([
  ['text/plain', '{"name":"x"}'],
  ['application/x-www-form-urlencoded', 'name=x'],
  ['application/json; charset=latin1', '{"name":"x"}'],
])('a body of type %s is refused', async (type, body) => {
  const answer = await api.call('POST', '/v1/products', {
    key: coach.key,
    body,
    headers: { 'Content-Type': type },
  });
  expect(answer.status).toBe(415);
  expect(answer.body.code).toBe('unsupported_media_type');
});

describe('keys', () => {
  test.each<[string, () => string | null, number, string]>([
    ['none', () => null, 401, 'unauthorized'],
    ['nonsense', () => 'abc', 401, 'unauthorized'],
    ['unknown', () => `ses_test_${'a'.repeat(43)}`, 401, 'unauthorized'],
    ['of the other mode', () => coach.key.replace('test', 'live'), 401, 'unauthorized'],
    ['the platform’s', () => PLATFORM_KEY, 403, 'wrong_key'],
  ])('%s', async (_name, key, status, code) => {
    const answer = await api.call('GET', '/v1/products', { key: key() });
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('a coach’s key opens nothing of the platform', async () => {
    for (const path of ['/v1/coaches', '/v1/inbox', '/local/inbox', '/metrics'])
      expect((await api.call('GET', path, { key: coach.key })).body.code).toBe('wrong_key');
  });

  test('a cookie is no key', async () => {
    const answer = await api.call('GET', '/v1/products', { headers: { Cookie: `key=${coach.key}` } });
    expect(answer.status).toBe(401);
  });

  test('a revoked key is refused at once', async () => {
    const other = await createCoach(api);
    expect((await api.call('GET', '/v1/products', { key: other.key })).status).toBe(200);
    await api.call('POST', `/v1/api-keys/${other.keyId}/revoke`, { key: PLATFORM_KEY });
    expect((await api.call('GET', '/v1/products', { key: other.key })).status).toBe(401);
  });

  test('a key is stored as a hash, and listed without itself', async () => {
    const rows = await api.db.apiKey.findMany();
    expect(JSON.stringify(rows)).not.toContain(coach.key);
    const listed = await api.call('GET', `/v1/coaches/${coach.coachId}/api-keys`, { key: PLATFORM_KEY });
    expect(listed.text).not.toContain(coach.key);
    expect(listed.text).toContain(coach.key.slice(-4));
  });

  test('a mode that is off gets no keys', async () => {
    const off = await startApi({ STRIPE_LIVE_SECRET_KEY: undefined as unknown as string });
    try {
      const made = await off.call('POST', '/v1/coaches', { key: PLATFORM_KEY, body: { name: 'A' } });
      const key = await off.call('POST', `/v1/coaches/${made.body.id as string}/api-keys`, {
        key: PLATFORM_KEY,
        body: { mode: 'live' },
      });
      expect(key.body.code).toBe('mode_off');
    } finally {
      await off.close();
    }
  });
});
