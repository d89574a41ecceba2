import { apiFor, connect, createCoach, createMembership, createPrice, type TestCoach } from './api-support';

let ana: TestCoach;
let ben: TestCoach;
/** Ana's key for the other mode. */
let anaLive: TestCoach;
let ids: { product: string; price: string; member: string; membership: string; checkout: string };

const api = apiFor('file');
beforeAll(async () => {
  [ana, ben] = await Promise.all([createCoach(api), createCoach(api)]);
  const made = await api.call('POST', `/v1/coaches/${ana.coachId}/api-keys`, {
    key: 'platform-key-of-the-tests-0123456789',
    body: { mode: 'live' },
  });
  anaLive = { ...ana, mode: 'live', key: made.body.key as string };
  const price = await createPrice(api, ana, await connect(api, ana));
  await Promise.all([connect(api, ben), connect(api, anaLive)]);
  const member = await api.call('POST', '/v1/members', {
    key: ana.key,
    body: { externalId: 'mia', email: 'mia@example.com' },
  });
  const memberId = member.body.id as string;
  const { membershipId, checkoutId } = await createMembership(api, ana, price, memberId);
  ids = {
    product: price.productId,
    price: price.priceId,
    member: memberId,
    membership: membershipId,
    checkout: checkoutId,
  };
});

/** Every route of a coach that takes an id. */
const routes: [string, () => string, unknown?][] = [
  ['GET', () => `/v1/products/${ids.product}`],
  ['PATCH', () => `/v1/products/${ids.product}`, { name: 'Mine now' }],
  ['POST', () => `/v1/products/${ids.product}/archive`],
  ['GET', () => `/v1/products/${ids.product}/prices`],
  ['POST', () => `/v1/products/${ids.product}/prices`, { unitAmount: 100 }],
  ['GET', () => `/v1/prices/${ids.price}`],
  ['PATCH', () => `/v1/prices/${ids.price}`, { nickname: 'Mine now' }],
  ['POST', () => `/v1/prices/${ids.price}/replace`, { unitAmount: 100 }],
  ['POST', () => `/v1/prices/${ids.price}/archive`],
  ['POST', () => `/v1/prices/${ids.price}/retry`],
  ['POST', () => '/v1/checkouts'],
  ['GET', () => `/v1/checkouts/${ids.checkout}`],
  ['POST', () => `/v1/checkouts/${ids.checkout}/cancel`],
  ['GET', () => `/v1/access?member=${ids.member}&product=${ids.product}`],
  ['GET', () => `/v1/members/${ids.member}`],
  ['GET', () => `/v1/members/${ids.member}/timeline`],
  ['GET', () => `/v1/memberships/${ids.membership}`],
  ['GET', () => `/v1/memberships/${ids.membership}/timeline`],
  ['POST', () => `/v1/memberships/${ids.membership}/cancel`, { at: 'now' }],
  ['POST', () => `/v1/memberships/${ids.membership}/resume`],
];

const stateOf = async () => {
  const { db } = api;
  return JSON.stringify(
    await Promise.all([
      db.product.findMany(),
      db.price.findMany(),
      db.member.findMany(),
      db.checkout.findMany(),
      db.membership.findMany(),
    ]),
  );
};

describe.each<[string, () => string]>([
  ['another coach', () => ben.key],
  ['the same coach in the other mode', () => anaLive.key],
])('to %s', (_name, key) => {
  test.each(routes.map((one) => [one[0], one] as const))(
    '%s finds nothing and changes nothing',
    async (method, [, path, fixed]) => {
      const before = await stateOf();
      api.fake.reset();
      const body = path() === '/v1/checkouts' ? { priceId: ids.price, member: 'mia' } : fixed;
      const answer = await api.call(method, path(), { key: key(), body });
      expect(answer.body).toMatchObject({ status: 404, code: 'not_found' });
      expect(answer.text).not.toContain('mia@example.com');
      expect(await stateOf()).toBe(before);
      expect(api.fake.calls).toEqual([]);
    },
  );

  test.each([
    '/v1/products',
    '/v1/members',
    '/v1/checkouts',
    '/v1/memberships',
    '/v1/members?search=mia',
    '/v1/memberships?member=mia',
  ])('%s lists nothing', async (path) => {
    expect((await api.call('GET', path, { key: key() })).body).toEqual({ data: [], nextCursor: null });
  });

  test('the coach’s own id of a member means nobody', async () => {
    const product = await api.call('POST', '/v1/products', { key: key(), body: { name: 'Other' } });
    const answer = await api.call('GET', `/v1/access?member=mia&product=${product.body.id as string}`, {
      key: key(),
    });
    expect(answer.body).toMatchObject({ access: false, reason: 'no_purchase', memberId: null });
    await api.db.product.deleteMany({ where: { id: product.body.id as string } });
  });
});

test('the database itself refuses to join two coaches', async () => {
  await expect(
    api.db.price.create({
      data: {
        id: 'amt_x',
        coachId: ben.coachId,
        mode: 'test',
        productId: ids.product,
        currency: 'eur',
        unitAmount: 1,
      },
    }),
  ).rejects.toThrow();
});
