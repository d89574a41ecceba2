import { DAY } from '../../src/domain/time';
import { Browser, CoachUi, COACH_UI } from '../support/coach-ui';
import { rigFor, sellerFor } from '../support/setup';

// What is free: no Stripe, the same doors, once for each member.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const free = (more: object = {}) => seller.offer({ model: 'free', ...more });
const grantsOf = async (member: string) => (await seller.read(`/v1/grants?member=${member}`)).data;
const countOf = (price: { productId: string }) =>
  rig.db.grant.count({ where: { productId: price.productId, cause: 'free' } });
const page = (price: { id: string }, query = '') => `${rig.api}/buy/${price.id}${query}`;
/** Types an e-mail address into the purchase page, as somebody whom nobody vouches for. */
const type = (price: { id: string }, email: string, browser = new Browser()) =>
  browser.post(page(price), { email });

test('a coach without a Stripe account gives something away', async () => {
  const coach = await CoachUi.open(rig);
  const product = await coach.call('POST', '/v1/products', { name: 'Ten minutes of calm' });
  const made = await coach.call('POST', `/v1/products/${product.body.id}/prices`, { model: 'free' });
  expect(made).toMatchObject({ status: 201, body: { status: 'active', model: 'free', unitAmount: 0 } });
  expect(await coach.call('POST', '/v1/checkouts', { priceId: made.body.id, member: 'ada' })).toMatchObject({
    status: 201,
    body: { status: 'completed' },
  });
  expect((await coach.call('GET', `/v1/access?member=ada&product=${product.body.id}`)).body).toMatchObject({
    access: true,
    reason: 'free',
    until: null,
    next: null,
  });
});

test('the coach’s server gets a completed checkout with where to go, and nothing reaches Stripe', async () => {
  const price = await free();
  const before = (await rig.stripeSide.requests()).length;
  const given = await seller.openFor(price, 'ada', { successUrl: `${COACH_UI}/welcome` });
  expect(given).toMatchObject({
    status: 201,
    body: { status: 'completed', membershipId: null, unitAmount: 0, recurring: false },
  });
  expect(given.body.url).toBe(`${COACH_UI}/welcome?checkout=${given.body.id}&status=completed`);
  expect((await rig.stripeSide.requests()).length).toBe(before);
  expect(await grantsOf('ada')).toMatchObject([
    { id: given.body.grantId, cause: 'free', checkoutId: given.body.id, until: null, revoked: false },
  ]);
  const { data } = await seller.read(`/v1/members/${given.body.memberId}/timeline`);
  expect(data).toMatchObject([
    { kind: 'free_product_given', cause: 'person', effect: 'Access given, without an end.' },
  ]);
});

test('once: asking again changes nothing, at once or later, by another free price of the product', async () => {
  const price = await free();
  const [first, second] = await Promise.all([seller.openFor(price, 'ada'), seller.openFor(price, 'ada')]);
  expect([first.status, second.status].sort()).toEqual([200, 201]);
  expect(second.body.id).toBe(first.body.id);
  const other = await seller.offer({ model: 'free', accessDays: 7 }, price.productId);
  expect(await seller.openFor(other, 'ada')).toMatchObject({ status: 200, body: { id: first.body.id } });
  expect(await countOf(price)).toBe(1);
});

test('a fixed term ends, and does not begin again', async () => {
  const price = await free({ accessDays: 7 });
  await seller.openFor(price, 'ada');
  const end = (await seller.now()) + 7 * DAY;
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, next: { what: 'access_end' } });
  await seller.moveTo(end + 60);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'access_ended' });
  expect(await seller.openFor(price, 'ada')).toMatchObject({
    status: 409,
    body: { code: 'free_already_had' },
  });
});

test('the coach takes it back, and gives it again', async () => {
  const price = await free();
  const { body } = await seller.openFor(price, 'ada');
  const change = (action: string, more: object = {}) =>
    seller.coach.call('POST', `/v1/grants/${body.grantId}/${action}`, more);
  expect(await change('revoke')).toMatchObject({ status: 200, body: { revoked: true } });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'revoked' });
  expect(await seller.openFor(price, 'ada')).toMatchObject({ body: { code: 'free_already_had' } });
  expect(await change('extend', { until: null })).toMatchObject({ status: 200, body: { revoked: false } });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, reason: 'free' });
  const { data } = await seller.read(`/v1/members/${body.memberId}/timeline`);
  expect(data.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
    'free_extended',
    'free_product_given',
    'free_revoked',
  ]);
});

test('beside a purchase: what is owned is not taken for nothing, what was free can be bought', async () => {
  const price = await free({ accessDays: 7 });
  const paid = await seller.offer({ unitAmount: 4900 }, price.productId);
  await seller.openFor(price, 'ada');
  await seller.purchase(paid, 'ada');
  await seller.moveBy(8 * DAY);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, reason: 'owned' });
  await seller.purchase(paid, 'bob');
  expect(await seller.openFor(price, 'bob')).toMatchObject({ status: 409, body: { code: 'already_owned' } });
});

describe('limited seats', () => {
  test('are taken at once, one for each member, and come back when the coach takes the access back', async () => {
    const price = await free({ seats: 1 });
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((member) => seller.openFor(price, member)));
    expect([ada?.status, bob?.status].sort()).toEqual([201, 409]);
    const winner = ada?.status === 201 ? ada : bob;
    expect(await seller.read(`/v1/prices/${price.id}`)).toMatchObject({ seatsLeft: 0, soldOut: true });
    await seller.coach.call('POST', `/v1/grants/${winner?.body.grantId}/revoke`, {});
    expect(await seller.read(`/v1/prices/${price.id}`)).toMatchObject({ seatsLeft: 1, soldOut: false });
    expect(await seller.openFor(price, 'cleo')).toMatchObject({ status: 201 });
  });

  test('are not all given to one network address', async () => {
    const price = await free({ seats: 20 });
    const typeAt = (email: string) =>
      new Browser().post(page(price), { email }, { 'X-Forwarded-For': '203.0.113.9' });
    for (let i = 0; i < 5; i++) expect((await typeAt(`friend-${i}@example.com`)).status).toBe(303);
    const refused = await typeAt('friend-6@example.com');
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('several limited places');
    expect(await seller.openFor(price, 'ada')).toMatchObject({ status: 201 });
  });
});

describe('on the purchase page', () => {
  test('nobody vouches for the browser: it asks for an e-mail address, which joins and proves nothing', async () => {
    const price = await free();
    const shown = await (await new Browser().get(page(price))).text();
    expect(shown).toContain('name="email"');
    expect(shown).toContain('Free');
    expect(shown).toContain('There is nothing to pay.');
    const given = await type(price, ' Mia@Example.com ');
    expect(given.status).toBe(303);
    // No checkout is named: whoever types an address does not become its owner.
    expect(given.headers.get('location')).toBe(`${rig.api}/thanks?status=completed`);
    const { data } = await seller.read('/v1/members');
    expect(data).toMatchObject([{ email: 'mia@example.com', externalId: null }]);
    expect(await seller.accessOf(data[0].id, price)).toMatchObject({ access: true, reason: 'free' });
  });

  test('a stranger learns nothing about the owner of an address, and changes nothing', async () => {
    const price = await free();
    const paid = await seller.offer({ unitAmount: 4900 }, price.productId);
    const owned = await seller.purchase(paid, 'ada');
    await seller.coach.call('POST', '/v1/members', { externalId: 'ada', email: 'ada@example.com' });
    const { body } = await seller.openFor(price, 'bob', {});
    await seller.coach.call('POST', '/v1/members', { externalId: 'bob', email: 'bob@example.com' });
    await seller.coach.call('POST', `/v1/grants/${body.grantId}/revoke`, {});
    const answers = await Promise.all(
      ['ada@example.com', 'bob@example.com', 'nobody@example.com'].map((email) => type(price, email)),
    );
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
    expect(await seller.accessOf('bob', price)).toMatchObject({ access: false, reason: 'revoked' });
    expect((await grantsOf(owned.memberId)).map(({ cause }: { cause: string }) => cause)).toEqual([
      'membership',
    ]);
  });

  test('what is not an address is asked for again, with what was typed', async () => {
    const price = await free();
    const answered = await type(price, 'mia@');
    expect(answered.status).toBe(400);
    const text = await answered.text();
    expect(text).toContain('Please check the e-mail address.');
    expect(text).toContain('value="mia@"');
    expect(await countOf(price)).toBe(0);
  });

  test('a signed member is the member: no address is asked for, and repeats are told apart', async () => {
    const price = await free({ accessDays: 7 });
    const token = await seller.tokenFor('ada');
    const browser = new Browser();
    expect(await (await browser.get(page(price, `?member=${token}`))).text()).not.toContain('name="email"');
    const given = await browser.post(page(price, `?member=${token}`), {});
    const location = new URL(given.headers.get('location') ?? '');
    expect(location.searchParams.get('status')).toBe('completed');
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
    const checkout = await seller.read(`/v1/checkouts/${location.searchParams.get('checkout')}`);
    await seller.coach.call('POST', `/v1/grants/${checkout.grantId}/revoke`, {});
    const again = await browser.post(page(price, `?member=${token}`), {});
    expect(again.status).toBe(409);
    expect(await again.text()).toContain('You have had this already.');
  });

  test('all places are gone: said before anything is asked', async () => {
    const price = await free({ seats: 1 });
    await seller.openFor(price, 'ada');
    const shown = await new Browser().get(page(price));
    expect(shown.status).toBe(409);
    const text = await shown.text();
    expect(text).toContain('All places are taken at the moment.');
    expect(text).not.toContain('<form');
    expect((await type(price, 'mia@example.com')).status).toBe(409);
  });
});

describe('changing a price', () => {
  const replace = (id: string, body: object) => seller.coach.call('POST', `/v1/prices/${id}/replace`, body);

  test('to free: at once, and the old one is archived', async () => {
    const price = await seller.offer({ unitAmount: 4900, promotionCodes: true });
    const made = await replace(price.id, { model: 'free' });
    expect(made).toMatchObject({ status: 201, body: { status: 'active', model: 'free', unitAmount: 0 } });
    expect(await seller.read(`/v1/prices/${price.id}`)).toMatchObject({ status: 'archived' });
    expect(await seller.openFor(made.body, 'ada')).toMatchObject({
      status: 201,
      body: { status: 'completed' },
    });
  });

  test('from free: the amount has to be said', async () => {
    const price = await free();
    expect(await replace(price.id, { model: 'one_off' })).toMatchObject({
      status: 400,
      body: { field: 'unitAmount' },
    });
    expect(await replace(price.id, { model: 'one_off', unitAmount: 900 })).toMatchObject({ status: 202 });
  });

  test('a free price is not tried again at Stripe', async () => {
    const price = await free();
    expect(await seller.coach.call('POST', `/v1/prices/${price.id}/retry`, {})).toMatchObject({
      status: 409,
      body: { code: 'price_not_retryable' },
    });
  });
});
