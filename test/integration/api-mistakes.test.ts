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
    'The field "price" is not known. Known here: priceId, member, quantity, successUrl, cancelUrl, consent.',
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
    'The field "page" is not known. Known here: limit, cursor, externalId, search.',
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
