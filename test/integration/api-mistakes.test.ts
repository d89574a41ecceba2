import { FACT_TYPES } from '../../src/domain/facts';
import { apiFor, coachFor, connect, createPrice } from './api-support';

// The commonest mistakes of somebody who writes against the API for the first time: each is told what to write instead.
let productId: string;
let priceId: string;
const api = apiFor('file');
const coach = coachFor('file', api);
beforeAll(async () => {
  ({ priceId, productId } = await createPrice(api, coach, await connect(api, coach)));
});

type Mistake = [
  says: string,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: () => string,
  body: () => unknown,
];

const checkouts = () => '/v1/checkouts';
const members = () => '/v1/members';
const products = () => '/v1/products';
const prices = () => `/v1/products/${productId}/prices`;
const grants = () => '/v1/grants';
const nothing = () => undefined;
const list = (query: string) => () => `/v1/members?${query}`;
const buys = (more: object) => () => ({ priceId, member: 'user-42', ...more });
const gives = (more: object) => () => ({ member: { externalId: 'user-42' }, productId, ...more });
const sells = (more: object) => () => ({ unitAmount: 4900, currency: 'eur', ...more });

const MISTAKES: Mistake[] = [
  ['"priceId" is missing; it must be a text.', 'POST', checkouts, () => ({})],
  ['"member" is missing; it must be a text or an object.', 'POST', checkouts, () => ({ priceId })],
  [
    'The field "price" is not known. Known here: priceId, member, quantity, currency, successUrl, cancelUrl, promotionCode, consent.',
    'POST',
    checkouts,
    () => ({ price: priceId, member: 'user-42' }),
  ],
  [
    '"priceId" must be an id that begins with amt_, not "price_1Mo".',
    'POST',
    checkouts,
    () => ({ priceId: 'price_1Mo', member: 'user-42' }),
  ],
  ['"priceId" must be a text, not 7.', 'POST', checkouts, () => ({ priceId: 7, member: 'user-42' })],
  ['"quantity" must be a number, not "2".', 'POST', checkouts, buys({ quantity: '2' })],
  ['"quantity" must be at least 1, not 0.', 'POST', checkouts, buys({ quantity: 0 })],
  [
    '"successUrl" must be an absolute http or https address, its host as browsers send it, not "/thanks".',
    'POST',
    checkouts,
    buys({ successUrl: '/thanks' }),
  ],
  ['"member" needs either id or externalId.', 'POST', checkouts, buys({ member: {} })],
  [
    '"member.id" must be an id that begins with mbr_, not "user-42".',
    'POST',
    checkouts,
    buys({ member: { id: 'user-42' } }),
  ],
  [
    '"member.email" must be an e-mail address, not "mia".',
    'POST',
    checkouts,
    buys({ member: { externalId: 'user-42', email: 'mia' } }),
  ],
  ['"member" must be a text or an object, not 42.', 'POST', checkouts, buys({ member: 42 })],
  ['The body must be an object, not a list.', 'POST', checkouts, () => []],
  ['The body needs externalId or email.', 'POST', members, () => ({})],
  ['"email" must be an e-mail address, not "mia@".', 'POST', members, () => ({ email: 'mia@' })],
  ['"email" must be a text, not null.', 'POST', members, () => ({ email: null })],
  ['"externalId" must not be empty.', 'POST', members, () => ({ externalId: '' })],
  [
    'The field "external_id" is not known. Known here: externalId, email.',
    'POST',
    members,
    () => ({ external_id: 'user-42' }),
  ],
  [
    'The field "mail" is not known. Known here: email.',
    'PATCH',
    () => '/v1/members/mbr_1',
    () => ({ mail: 'mia@example.com' }),
  ],
  ['"name" is missing; it must be a text.', 'POST', products, () => ({})],
  ['"name" must not be empty.', 'POST', products, () => ({ name: '   ' })],
  ['"name" must be at most 200 characters, not 400.', 'POST', products, () => ({ name: 'x'.repeat(400) })],
  ['"currency" must be in lower case, as in eur, not "EUR".', 'POST', prices, sells({ currency: 'EUR' })],
  [
    '"currency" must be the code of a currency (ISO 4217) in lower case, as in eur, not "euro".',
    'POST',
    prices,
    sells({ currency: 'euro' }),
  ],
  [
    '"unitAmount" must be a whole number of minor units, not 49.9.',
    'POST',
    prices,
    sells({ unitAmount: 49.9 }),
  ],
  [
    '"unitAmount" must be a whole number of minor units, not "49.00".',
    'POST',
    prices,
    sells({ unitAmount: '49.00' }),
  ],
  [
    '"unitAmount" must be at most 99999999, not 99999999999.',
    'POST',
    prices,
    sells({ unitAmount: 99_999_999_999 }),
  ],
  ['"recurring" must be an object, not "month".', 'POST', prices, sells({ recurring: 'month' })],
  [
    '"recurring.interval" must be "day", "week", "month" or "year", not "monthly".',
    'POST',
    prices,
    sells({ recurring: { interval: 'monthly' } }),
  ],
  [
    '"recurring.intervalCount" must be at most three years, not 5.',
    'POST',
    prices,
    sells({ recurring: { interval: 'year', intervalCount: 5 } }),
  ],
  [
    '"model" must be "one_off", "recurring", "installments", "pay_what_you_want" or "free", not "subscription".',
    'POST',
    prices,
    sells({ model: 'subscription' }),
  ],
  ['"member" must be an object, not "user-42".', 'POST', grants, () => ({ member: 'user-42', productId })],
  [
    '"until" must be a time: ISO 8601 with Z or an offset, not "2027-01-01".',
    'POST',
    grants,
    gives({ until: '2027-01-01' }),
  ],
  [
    '"until" must be a time: ISO 8601 with Z or an offset, not 1800000000.',
    'POST',
    grants,
    gives({ until: 1_800_000_000 }),
  ],
  ['"limit" must be at most 100, not "1000".', 'GET', list('limit=1000'), nothing],
  ['"limit" must be a number, not "abc".', 'GET', list('limit=abc'), nothing],
  ['"limit" must be a whole number, not "1.5".', 'GET', list('limit=1.5'), nothing],
  [
    'The field "page" is not known. Known here: limit, cursor, who, product, externalId, search, sort, currency.',
    'GET',
    list('page=2'),
    nothing,
  ],
  ['"cursor" must not be empty.', 'GET', list('cursor='), nothing],
  [
    '"status" must be "opening", "open", "pending", "completed", "expired", "cancelled", "failed", "needs_review", "unverifiable", "refunding" or "refunded", not "paid".',
    'GET',
    () => '/v1/checkouts?status=paid',
    nothing,
  ],
  ['"graceDays" must be at most 30, not 31.', 'PUT', () => '/v1/settings', () => ({ graceDays: 31 })],
  ['"graceDays" must be a number, not true.', 'PUT', () => '/v1/settings', () => ({ graceDays: true })],
  [
    '"at" must be "now" or "period_end", not "later".',
    'POST',
    () => `/v1/memberships/msp_1/cancel`,
    () => ({ at: 'later' }),
  ],
];

test.each(MISTAKES)('%s', async (says, method, path, body) => {
  const answer = await api.call(method, path(), {
    key: coach.key,
    body: body(),
  });
  expect(answer.body).toMatchObject({ code: 'invalid_request', detail: says });
});

/** What goes wrong before a body is read, and with ids, keys and repetitions: with the status, the code and the field. */
type Elsewhere = [
  says: string,
  answer: { status: number; code: string; field?: string },
  request: () => {
    method?: string;
    path: string;
    key?: string | null;
    body?: string;
    headers?: Record<string, string>;
  },
];
const JSON_TEXT = '{"externalId":"user-42"}';
const sent = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  path: '/v1/members',
  body,
  headers,
});
const malformed = { status: 400, code: 'malformed_json' };
const media = { status: 415, code: 'unsupported_media_type', field: 'Content-Type' };
const invalid = (field: string) => ({ status: 400, code: 'invalid_request', field });

test.each<Elsewhere>([
  ['The body is not valid JSON: it breaks off at character 2.', malformed, () => sent("{'externalId':'a'}")],
  [
    'The body is not valid JSON: it breaks off at character 25.',
    malformed,
    () => sent('{"externalId":"user-42",}'),
  ],
  ['The body is not valid JSON: it ends too early.', malformed, () => sent('{"externalId":')],
  ['The body is no JSON object: it has to begin with {.', malformed, () => sent('"user-42"')],
  ['The body is no JSON object: it has to begin with {.', malformed, () => sent('externalId=user-42')],
  [
    'The body is missing.',
    { status: 400, code: 'invalid_request' },
    () => ({ method: 'PATCH', path: '/v1/settings' }),
  ],
  [
    'Content-Type must be application/json, not "application/x-www-form-urlencoded".',
    media,
    () => sent('externalId=user-42', { 'Content-Type': 'application/x-www-form-urlencoded' }),
  ],
  [
    'Content-Type must be application/json, not "text/plain".',
    media,
    () => sent(JSON_TEXT, { 'Content-Type': 'text/plain' }),
  ],
  [
    'The character set of the body is "latin9"; it has to be utf-8.',
    media,
    () => sent(JSON_TEXT, { 'Content-Type': 'application/json; charset=latin9' }),
  ],
  [
    'The encoding of the body is "zip"; it has to be gzip, deflate or br.',
    { ...media, field: 'Content-Encoding' },
    () => sent(JSON_TEXT, { 'Content-Encoding': 'zip' }),
  ],
  [
    'The body has 120017 bytes, and 102400 are taken.',
    { status: 413, code: 'payload_too_large' },
    () => sent(JSON.stringify({ externalId: 'x'.repeat(120_000) })),
  ],
  [
    'The cursor is not one that a list answered.',
    invalid('cursor'),
    () => ({ path: '/v1/members?cursor=abc' }),
  ],
  [
    '"limit" must be a number, not a list.',
    invalid('limit'),
    () => ({ path: '/v1/members?limit=1&limit=2' }),
  ],
  [
    `"type" must be one of the ${FACT_TYPES.length} values that /openapi.json lists, "access.granted" or "webhook_endpoint.test" say, not "invoice.paid".`,
    invalid('type'),
    () => ({ path: '/v1/events?type=invoice.paid' }),
  ],
  [
    '"since" must be a time: ISO 8601 with Z or an offset, not "yesterday".',
    invalid('since'),
    () => ({ path: '/v1/events?since=yesterday' }),
  ],
  [
    '"wait" must be at most 20, not "60".',
    invalid('wait'),
    () => ({ path: `/v1/prices/${priceId}?wait=60` }),
  ],
  [
    '"product" must be an id that begins with pdt_, not "yoga".',
    invalid('product'),
    () => ({ path: '/v1/access?member=user-42&product=yoga' }),
  ],
  [
    '"product" is missing; it must be a text.',
    invalid('product'),
    () => ({ path: '/v1/access?member=user-42' }),
  ],
  [
    '"id" must be an id that begins with pdt_, not "prod_1Mo".',
    { status: 404, code: 'not_found', field: 'id' },
    () => ({ path: '/v1/products/prod_1Mo' }),
  ],
  [
    'There is no product with this id.',
    { status: 404, code: 'not_found', field: 'productId' },
    () => ({ path: '/v1/products/pdt_0000000000000000000A' }),
  ],
  [
    'The request carries no key.',
    { status: 401, code: 'unauthorized' },
    () => ({ path: '/v1/members', key: null }),
  ],
  [
    'The key is not known here, or was revoked.',
    { status: 401, code: 'unauthorized' },
    () => ({ path: '/v1/members', key: `ses_test_${'x'.repeat(43)}` }),
  ],
  [
    "This is a key of Stripe's; a coach's key of Session begins with ses_test_ or ses_live_.",
    { status: 401, code: 'unauthorized' },
    () => ({ path: '/v1/members', key: 'sk_test_4eC39HqLyjWDarjtT1zdp7dc' }),
  ],
  [
    "This route takes the platform's key, not a coach's.",
    { status: 403, code: 'wrong_key' },
    () => ({ path: '/v1/inbox' }),
  ],
  [
    'There is nothing at this address.',
    { status: 404, code: 'route_not_found' },
    () => ({ path: '/v1/member' }),
  ],
  [
    'DELETE is not possible here.',
    { status: 405, code: 'method_not_allowed' },
    () => ({ method: 'DELETE', path: '/v1/members' }),
  ],
  [
    'The Idempotency-Key is not 1 to 255 visible ASCII characters.',
    invalid('Idempotency-Key'),
    () => sent(JSON_TEXT, { 'Idempotency-Key': 'x'.repeat(300) }),
  ],
])('%s', async (says, answer, request) => {
  const { method = 'GET', path, key = coach.key, body, headers = {} } = request();
  const { status, code, field } = answer;
  const found = await api.call(method, path, { key, body, headers });
  expect(found).toMatchObject({
    status,
    body: { code, detail: says, ...(field === undefined ? {} : { field }) },
  });
  expect(found.body.todo).toMatch(/\.$/);
  // Nothing of it stays.
  if (method !== 'GET') expect(await api.db.member.count({ where: { externalId: 'user-42' } })).toBe(0);
});

test('one Idempotency-Key for two requests: the second is told so', async () => {
  const headers = { 'Idempotency-Key': 'the-same' };
  const post = (body: object) => api.call('POST', '/v1/members', { key: coach.key, body, headers });
  expect((await post({ externalId: 'one' })).status).toBe(201);
  expect(await post({ externalId: 'two' })).toMatchObject({
    status: 422,
    body: {
      code: 'idempotency_key_reused',
      field: 'Idempotency-Key',
      detail: 'This Idempotency-Key was used for a different request.',
    },
  });
});

test('PATCH of the settings leaves what it does not name; PUT, which resets it, says that it is deprecated', async () => {
  const settings = (method: string, body: object) =>
    api.call(method, '/v1/settings', { key: coach.key, body });
  await settings('PATCH', { graceDays: 3 });
  expect((await settings('PATCH', { membersCancelNow: true })).body).toMatchObject({
    graceDays: 3,
    membersCancelNow: true,
  });
  expect((await settings('PUT', {})).body).toMatchObject({ graceDays: 7, membersCancelNow: false });
  const { body: document } = await api.call('GET', '/openapi.json');
  expect(document).toMatchObject({ paths: { '/v1/settings': { put: { deprecated: true } } } });
});
