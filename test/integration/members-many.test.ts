import type { Answer } from '../support/coach-ui';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';

// What is done with many members at once: a gift, their addresses, and filters that are kept.
const rig = rigFor('file');
const seller = sellerFor('file', rig);
let product: Answer['body'];
let ids: string[];

const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);
const give = (body: object = {}) =>
  post('/v1/grants/many', { memberIds: ids, productId: product.id, ...body });
const gifts = async (): Promise<Answer['body'][]> =>
  (await seller.read(`/v1/grants?limit=100&product=${product.id}`)).data;
const outcomes = ({ body }: Answer) => body.data.map(({ outcome }: { outcome: string }) => outcome);

beforeAll(async () => {
  product = (await post('/v1/products', { name: 'Circle' })).body;
  const members = await Promise.all(
    ['ann', 'ben', 'cat'].map((name) =>
      post('/v1/members', { externalId: name, email: `${name}@example.com` }),
    ),
  );
  ids = members.map(({ body }) => body.id as string);
});

describe('a gift for many', () => {
  test('each has a result of their own, and again nothing is given twice', async () => {
    const other = await openSeller(rig);
    const theirs = (await other.coach.call('POST', '/v1/members', { externalId: 'theirs' })).body.id;
    const first = await give({ memberIds: [...ids, theirs, ids[0], 'mbr_nobody'] });
    expect(outcomes(first)).toEqual(['given', 'given', 'given', 'not_found', 'not_found']);
    expect(outcomes(await give())).toEqual(['already', 'already', 'already']);
    expect((await gifts()).map(({ memberId }) => memberId).sort()).toEqual([...ids].sort());
    expect(await other.read('/v1/grants')).toMatchObject({ data: [] });
  });

  test('a shorter gift than they have is none, a longer one is', async () => {
    const [one] = ids;
    const week = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const month = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const second = (await post('/v1/products', { name: 'Letter' })).body;
    const until = (end: string | null) => give({ productId: second.id, memberIds: [one], until: end });
    expect(outcomes(await until(month))).toEqual(['given']);
    expect(outcomes(await until(week))).toEqual(['already']);
    expect(outcomes(await until(null))).toEqual(['given']);
    expect(outcomes(await until(month))).toEqual(['already']);
  });

  test('a gift that was revoked is given again; an end in the past is refused before anybody is given one', async () => {
    const [one = ''] = ids;
    const [gift] = (await gifts()).filter(({ memberId }) => memberId === one);
    await post(`/v1/grants/${gift?.id}/revoke`);
    expect(await give({ until: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { field: 'until' },
    });
    expect(outcomes(await give())).toEqual(['given', 'already', 'already']);
  });
});

test('addresses: of whom the filters leave, each once, with what is known against them', async () => {
  await rig.db.member.create({
    data: { id: 'mbr_twice', coachId: seller.coachId, mode: seller.mode, email: 'ann@example.com' },
  });
  const file = async (query = '') => {
    const response = await fetch(`${rig.api}/v1/member-addresses.csv${query}`, {
      headers: { authorization: `Bearer ${seller.coach.key}` },
    });
    return (await response.text()).split('\r\n').filter((line) => line !== '');
  };
  expect(await file()).toEqual([
    'e-mail,mails',
    'ann@example.com,yes',
    'ben@example.com,yes',
    'cat@example.com,yes',
  ]);
  expect(await file('?search=ben')).toEqual(['e-mail,mails', 'ben@example.com,yes']);
});

describe('filters that are kept', () => {
  test('under a name, once; whoever keeps them again changes them', async () => {
    const made = await post('/v1/member-views', { name: 'Late', who: 'overdue', sort: 'email' });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Late', who: 'overdue', product: null, sort: 'email' },
    });
    const again = await post('/v1/member-views', { name: 'Late', who: 'trial', product: product.id });
    expect(again).toMatchObject({
      status: 200,
      body: { id: made.body.id, who: 'trial', product: product.id, sort: 'newest' },
    });
    expect((await seller.read('/v1/member-views')).data).toEqual([again.body]);
  });

  test('by coach and mode; none of them is another’s to remove', async () => {
    const other = await openSeller(rig);
    const [mine] = (await seller.read('/v1/member-views')).data;
    expect((await other.read('/v1/member-views')).data).toEqual([]);
    const remove = (of: typeof seller) => of.coach.call('POST', `/v1/member-views/${mine.id}/remove`, {});
    expect((await remove(other)).status).toBe(404);
    const foreign = await other.coach.call('POST', '/v1/member-views', {
      name: 'Theirs',
      product: product.id,
    });
    expect(foreign.status).toBe(404);
    expect((await remove(seller)).status).toBe(200);
    expect((await remove(seller)).status).toBe(404);
  });

  test('a search is not kept, and there is an end to how many are', async () => {
    expect(await post('/v1/member-views', { name: 'Ada', search: 'ada@example.com' })).toMatchObject({
      status: 400,
    });
    for (let n = 0; n < 50; n++) await post('/v1/member-views', { name: `View ${n}` });
    expect(await post('/v1/member-views', { name: 'One more' })).toMatchObject({
      status: 409,
      body: { code: 'too_many_views' },
    });
  });
});
