import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { apiFor, coachFor, connect, createMembership, createPrice } from './api-support';

/** What Stripe still wants of an account, as it is stored. */
const REQUIREMENTS = {
  currentlyDue: ['external_account'],
  eventuallyDue: [],
  pastDue: [],
  pendingVerification: [],
  disabledReason: 'requirements.past_due',
  currentDeadline: null,
};

let accountId: string;
let price: { productId: string; priceId: string };

const api = apiFor('file');
const coach = coachFor('test', api);
beforeEach(async () => {
  api.fake.reset();
  accountId = await connect(api, coach);
  price = await createPrice(api, coach, accountId);
  api.fake.reset();
});

const call = (method: string, path: string, body?: unknown) =>
  api.call(method, path, { key: coach.key, body });
const buy = (over: Record<string, unknown> = {}) =>
  call('POST', '/v1/checkouts', { priceId: price.priceId, member: 'mia', ...over });
const rows = () =>
  api.db.checkout.findMany({ where: { coachId: coach.coachId }, orderBy: { createdAt: 'asc' } });
const failWith = (type: string, details: unknown[] = []) =>
  new WorkflowUpdateFailedError(
    'failed',
    ApplicationFailure.create({ type, message: 'Stripe said no.', details, nonRetryable: true }),
  );

test('a checkout answers with Stripe’s address', async () => {
  const answer = await buy({ member: { externalId: 'mia', email: 'Mia@Example.com' } });
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    status: 'open',
    unitAmount: 4900,
    currency: 'eur',
    recurring: true,
    quantity: 1,
  });
  expect(answer.body.url).toContain('https://checkout.stripe.test/');
  const [row] = await rows();
  expect(row).toMatchObject({
    accountId,
    stripePriceId: `price_${price.priceId}`,
    successUrl: 'http://127.0.0.1:4000/thanks',
    buyerKey: `member:${answer.body.memberId as string}`,
  });
  const member = await call('GET', `/v1/members/${answer.body.memberId as string}`);
  expect(member.body).toMatchObject({ externalId: 'mia', email: 'mia@example.com' });
});

test('clicking Buy twice gives the same checkout', async () => {
  const first = await buy();
  const second = await buy();
  expect(second.status).toBe(200);
  expect(second.body.id).toBe(first.body.id);
  expect(await rows()).toHaveLength(1);
});

test('twenty clicks at once give one checkout', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => buy()));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.map(({ status }) => status).filter((status) => status > 201)).toEqual([]);
  expect(await rows()).toHaveLength(1);
});

test('another quantity closes the old one at Stripe first', async () => {
  const first = await buy();
  const second = await buy({ quantity: 2 });
  expect(second.body.id).not.toBe(first.body.id);
  expect(api.fake.calls).toContain(`cancelCheckout ${JSON.stringify(first.body.id)}`);
  expect((await rows()).map(({ status }) => status)).toEqual(['cancelled', 'open']);
});

test('another price of the product too, but another product is a purchase of its own', async () => {
  await buy();
  const other = await createPrice(api, coach, accountId);
  expect((await buy({ priceId: other.priceId })).status).toBe(201);
  expect((await rows()).map(({ status }) => status)).toEqual(['open', 'open']);
});

test('paid just now, another quantity is refused', async () => {
  const first = await buy();
  api.fake.set('cancelCheckout', (id) => Promise.resolve({ checkoutId: id, status: 'completed', url: null }));
  const answer = await buy({ quantity: 2 });
  expect(answer.body).toMatchObject({ code: 'checkout_in_progress', details: { checkoutId: first.body.id } });
  expect(await rows()).toHaveLength(1);
});

test('an old checkout whose run is lost gets one before it is closed', async () => {
  const first = await buy();
  let runs = 0;
  api.fake.set('cancelCheckout', async (id) => {
    if (runs === 0) throw new WorkflowNotFoundError('no', '', undefined);
    await api.db.checkout.update({ where: { id }, data: { status: 'cancelled', endedAt: new Date() } });
    return { checkoutId: id, status: 'cancelled', url: null };
  });
  api.fake.set('startMissing', () => {
    runs++;
    return Promise.resolve('started');
  });
  expect((await buy({ quantity: 2 })).status).toBe(201);
  expect(runs).toBe(1);
  expect(first.status).toBe(201);
});

test('while a payment is on its way no second checkout is opened', async () => {
  await buy();
  await api.db.checkout.updateMany({ where: { coachId: coach.coachId }, data: { status: 'pending' } });
  for (const over of [{}, { quantity: 2 }]) expect((await buy(over)).body.code).toBe('checkout_in_progress');
  expect(api.fake.calls.filter((name) => name.startsWith('cancelCheckout'))).toEqual([]);
});

test('a crash between row and start is healed by repeating', async () => {
  api.fake.set('openCheckout', () => Promise.reject(new WorkflowNotFoundError('crash', '', undefined)));
  await buy();
  await api.db.checkout.updateMany({
    where: { coachId: coach.coachId },
    data: { status: 'opening', url: null },
  });
  api.fake.reset();
  const answer = await buy();
  expect(answer.body).toMatchObject({ status: 'open' });
  expect(await rows()).toHaveLength(1);
});

test('a run that is closed already is not started again: the row answers', async () => {
  await buy();
  api.fake.set('openCheckout', () =>
    Promise.reject(new WorkflowExecutionAlreadyStartedError('x', 'checkout/x', 'checkout')),
  );
  expect((await buy()).body.status).toBe('open');
});

test('what Stripe refuses is told', async () => {
  api.fake.set('openCheckout', () =>
    Promise.reject(failWith('stripe_refused', [{ code: 'amount_too_small' }])),
  );
  expect((await buy()).body).toMatchObject({
    status: 502,
    code: 'stripe_refused',
    detail: 'Stripe said no.',
    details: { code: 'amount_too_small' },
  });
});

test.each<[string, () => Promise<unknown>, number, string]>([
  [
    'without a connection',
    () => api.db.connection.updateMany({ where: { accountId }, data: { status: 'disconnected' } }),
    409,
    'not_connected',
  ],
  [
    'while charges are off',
    () =>
      api.db.connection.updateMany({
        where: { accountId },
        data: { chargesEnabled: false, requirements: REQUIREMENTS },
      }),
    409,
    'charges_not_enabled',
  ],
  [
    'an archived price',
    () => api.db.price.updateMany({ where: { id: price.priceId }, data: { status: 'archived' } }),
    409,
    'price_not_active',
  ],
  [
    'a price being made',
    () => api.db.price.updateMany({ where: { id: price.priceId }, data: { status: 'provisioning' } }),
    409,
    'price_not_active',
  ],
  [
    'a price of another account',
    () => api.db.connection.updateMany({ where: { accountId }, data: { accountId: `${accountId}b` } }),
    409,
    'price_not_active',
  ],
  [
    'an archived product',
    () => api.db.product.updateMany({ where: { id: price.productId }, data: { status: 'archived' } }),
    409,
    'product_archived',
  ],
])('%s nothing is sold', async (_name, arrange, status, code) => {
  await arrange();
  const answer = await buy();
  expect(answer.body).toMatchObject({ status, code });
  expect(await rows()).toEqual([]);
  expect(await api.db.member.count({ where: { coachId: coach.coachId } })).toBe(0);
});

test('what Stripe still wants is told', async () => {
  await api.db.connection.updateMany({
    where: { accountId },
    data: { chargesEnabled: false, requirements: REQUIREMENTS },
  });
  expect((await buy()).body).toMatchObject({ details: { requirements: REQUIREMENTS } });
});

test.each<[string, Parameters<typeof createMembership>[4], string | null]>([
  ['subscribed, scenario 03: no second subscription beside it', {}, 'already_subscribed'],
  ['owning it for ever', { kind: 'one_off' }, 'already_owned'],
  ['whose subscription ended', { status: 'ended', until: new Date(Date.now() - 1000) }, null],
  ['who owned it for a term', { kind: 'one_off', until: new Date(Date.now() + 1000) }, null],
])('a member %s', async (_name, over, code) => {
  const member = await call('POST', '/v1/members', { externalId: 'mia' });
  const { membershipId } = await createMembership(api, coach, price, member.body.id as string, over);
  const answer = await buy();
  if (code === null) expect(answer.status).toBe(201);
  else expect(answer.body).toMatchObject({ status: 409, code, details: { membershipId } });
});

test('a registered origin may be gone back to', async () => {
  await call('PUT', '/v1/settings', {
    origins: ['https://ana.example'],
    defaultCancelUrl: 'https://ana.example/sorry',
  });
  const answer = await buy({ successUrl: 'https://ana.example/welcome?x=1' });
  expect(answer.body).toMatchObject({
    successUrl: 'https://ana.example/welcome?x=1',
    cancelUrl: 'https://ana.example/sorry',
  });
  for (const successUrl of [
    'http://ana.example/',
    'https://ana.example.evil.test/',
    'https://ana.example:444/',
  ])
    expect((await buy({ successUrl })).body.code).toBe('redirect_not_allowed');
});

test('cancelling closes it, twice is no mistake, and a paid one is not closed', async () => {
  const { id } = (await buy()).body as { id: string };
  expect((await call('POST', `/v1/checkouts/${id}/cancel`)).body.status).toBe('cancelled');
  expect((await call('POST', `/v1/checkouts/${id}/cancel`)).status).toBe(200);
  await api.db.checkout.update({ where: { id }, data: { status: 'completed' } });
  expect((await call('POST', `/v1/checkouts/${id}/cancel`)).body.code).toBe('checkout_not_open');
});

test('a member known by e-mail becomes the one with the coach’s id', async () => {
  const bought = await call('POST', '/v1/members', { email: 'mia@example.com' });
  const named = await call('POST', '/v1/members', { externalId: 'mia', email: 'MIA@example.com' });
  expect(named.body.id).toBe(bought.body.id);
  expect(named.body).toMatchObject({ externalId: 'mia', email: 'mia@example.com' });
});

test('a membership is cancelled and resumed by its run', async () => {
  const member = await call('POST', '/v1/members', { externalId: 'mia' });
  const { membershipId } = await createMembership(api, coach, price, member.body.id as string);
  const asked: unknown[] = [];
  api.fake.set('cancelMembership', async (id, owner, request) => {
    asked.push([owner, request.at]);
    await api.db.membership.update({
      where: { id },
      data: { status: 'canceling', reason: 'scheduled_to_cancel' },
    });
    return { membershipId: id, status: 'canceling', reason: 'scheduled_to_cancel' };
  });
  const answer = await call('POST', `/v1/memberships/${membershipId}/cancel`, { at: 'period_end' });
  expect(answer.body).toMatchObject({ status: 'canceling', next: { what: 'access_end' } });
  expect(asked).toEqual([[expect.objectContaining({ coachId: coach.coachId, accountId }), 'period_end']]);
  const list = await call('GET', '/v1/memberships?member=mia&status=canceling');
  expect(list.body.data).toHaveLength(1);
});

test('what has ended or was bought once is not cancelled', async () => {
  const member = await call('POST', '/v1/members', { externalId: 'mia' });
  const memberId = member.body.id as string;
  const owned = await createMembership(api, coach, price, memberId, { kind: 'one_off' });
  const ended = await createMembership(api, coach, price, memberId, { status: 'ended' });
  const cancel = (id: string) => call('POST', `/v1/memberships/${id}/cancel`, { at: 'now' });
  expect((await cancel(owned.membershipId)).body.code).toBe('membership_not_subscription');
  expect((await cancel(ended.membershipId)).body.code).toBe('membership_ended');
});
