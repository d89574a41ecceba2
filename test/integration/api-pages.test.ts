import { gzipSync } from 'node:zlib';
import { WorkflowNotFoundError, WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { type SigningSecret, signMemberToken } from '@session/sdk';
import { hashToken } from '../../src/domain/ids';
import {
  apiFor,
  coachFor,
  connect,
  createCoach,
  createMembership,
  createPrice,
  createSigningSecret,
} from './api-support';

let accountId: string;
let price: { productId: string; priceId: string };
let signing: SigningSecret;

const api = apiFor('file');
const coach = coachFor('test', api);
beforeEach(async () => {
  api.fake.reset();
  accountId = await connect(api, coach);
  price = await createPrice(api, coach, accountId);
  signing = await createSigningSecret(api, coach);
});

const visit = (path: string, cookie?: string, method = 'GET') =>
  api.call(method, path, { headers: cookie === undefined ? {} : { Cookie: cookie } });
const cookieOf = (answer: { headers: Headers }) =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const buyPath = (query = '') => `/buy/${price.priceId}${query}`;
const soon = () => Math.floor(Date.now() / 1000) + 600;
const tokenFor = (externalId: string, by: SigningSecret = signing) =>
  signMemberToken({ externalId }, by, soon());

describe('the purchase page', () => {
  test('shows what is sold, without a script, and may not be framed', async () => {
    await api.call('PATCH', `/v1/products/${price.productId}`, {
      key: coach.key,
      body: { name: '<b>Yoga</b>' },
    });
    const page = await visit(buyPath());
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain('&#60;b&#62;Yoga&#60;/b&#62;');
    expect(page.text).toContain('€49.00');
    expect(page.text).toContain('every month');
    expect(page.text).toContain('Yoga with Ana');
    expect(page.text).toContain('Test mode');
    expect(page.text).not.toContain('<script');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers.get('set-cookie')).toMatch(/session_visitor=[\w-]{43};.*HttpOnly; SameSite=Lax/);
  });

  test('looking at it opens nothing', async () => {
    await visit(buyPath());
    expect(await api.db.checkout.count({ where: { coachId: coach.coachId } })).toBe(0);
  });

  test('its form leads to Stripe, and the same browser gets the same checkout', async () => {
    const cookie = cookieOf(await visit(buyPath()));
    const first = await visit(buyPath(), cookie, 'POST');
    expect(first.status).toBe(303);
    expect(first.headers.get('location')).toContain('https://checkout.stripe.test/');
    const second = await visit(buyPath(), cookie, 'POST');
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    const other = await visit(buyPath(), undefined, 'POST');
    expect(other.headers.get('location')).not.toBe(first.headers.get('location'));
    const [row] = await api.db.checkout.findMany({
      where: { coachId: coach.coachId },
      orderBy: { createdAt: 'asc' },
    });
    expect(row?.memberId).toBeNull();
    expect(row?.buyerKey).toBe(`visitor:${hashToken(cookie.split('=')[1] ?? '')}`);
    expect(row?.buyerKey).not.toContain(cookie.split('=')[1]);
  });

  test('a browser that bought it is told so', async () => {
    const cookie = cookieOf(await visit(buyPath()));
    const member = await api.call('POST', '/v1/members', {
      key: coach.key,
      body: { email: 'mia@example.com' },
    });
    const buyerKey = `visitor:${hashToken(cookie.split('=')[1] ?? '')}`;
    await createMembership(api, coach, price, member.body.id as string, { buyerKey });
    const again = await visit(buyPath(), cookie, 'POST');
    expect(again.status).toBe(409);
    expect(again.text).toContain('subscribed to this already');
    expect(again.text).not.toContain('mia@example.com');
  });

  test('a signed member is believed', async () => {
    const path = buyPath(`?member=${await tokenFor('mia')}`);
    expect((await visit(path)).text).toContain(`action="${path.replaceAll('&', '&#38;')}"`);
    expect((await visit(path, undefined, 'POST')).status).toBe(303);
    const [row] = await api.db.checkout.findMany({
      where: { coachId: coach.coachId },
      include: { member: true },
    });
    expect(row?.member?.externalId).toBe('mia');
  });

  test.each<[string, () => Promise<string> | string]>([
    ['a bare id', () => 'mia'],
    [
      'an id of ours',
      async () =>
        (await api.call('POST', '/v1/members', { key: coach.key, body: { externalId: 'mia' } })).body
          .id as string,
    ],
    [
      'signed by another coach',
      async () => tokenFor('mia', await createSigningSecret(api, await createCoach(api))),
    ],
    [
      'signed with a secret that has ended',
      async () => {
        await api.call('POST', `/v1/signing-secrets/${signing.id}/expire`, { key: coach.key, body: {} });
        return tokenFor('mia');
      },
    ],
  ])('a member is refused: %s', async (_name, token) => {
    const path = buyPath(`?member=${await token()}`);
    for (const method of ['GET', 'POST']) expect((await visit(path, undefined, method)).status).toBe(403);
    expect(await api.db.checkout.count({ where: { coachId: coach.coachId } })).toBe(0);
  });

  test.each<[string, () => Promise<unknown>, number, string]>([
    [
      'charges are off',
      () => api.db.connection.updateMany({ where: { accountId }, data: { chargesEnabled: false } }),
      409,
      'verified',
    ],
    [
      'disconnected',
      () => api.db.connection.updateMany({ where: { accountId }, data: { status: 'disconnected' } }),
      409,
      'not set up',
    ],
    [
      'archived',
      () => api.db.price.updateMany({ where: { id: price.priceId }, data: { status: 'archived' } }),
      410,
      'no longer sold',
    ],
    [
      'product archived',
      () => api.db.product.updateMany({ where: { id: price.productId }, data: { status: 'archived' } }),
      409,
      'no longer sold',
    ],
    [
      'being made',
      () => api.db.price.updateMany({ where: { id: price.priceId }, data: { status: 'provisioning' } }),
      409,
      'being set up',
    ],
  ])('says why nothing is sold: %s', async (_name, arrange, status, words) => {
    await arrange();
    for (const method of ['GET', 'POST']) {
      const page = await visit(buyPath(), undefined, method);
      expect(page.status).toBe(status);
      expect(page.text).toContain(words);
      expect(page.text).not.toContain('<form');
    }
    expect(await api.db.checkout.count({ where: { coachId: coach.coachId } })).toBe(0);
  });

  test('an archived price leads to the one that replaced it', async () => {
    const made = await api.call('POST', `/v1/prices/${price.priceId}/replace`, {
      key: coach.key,
      body: { unitAmount: 100 },
    });
    await api.call('POST', `/v1/prices/${price.priceId}/archive`, { key: coach.key });
    const page = await visit(buyPath('?successUrl=https%3A%2F%2Fa.example'));
    expect(page.status).toBe(303);
    expect(page.headers.get('location')).toBe(
      `/buy/${made.body.id as string}?successUrl=https%3A%2F%2Fa.example`,
    );
  });

  test.each(['amt_unknown', 'price_1', '%00', '..%2f'])('%s is for sale nowhere', async (id) => {
    for (const method of ['GET', 'POST'])
      expect((await visit(`/buy/${id}`, undefined, method)).status).toBe(404);
  });

  test.each([
    'successUrl=https://evil.example/',
    'cancelUrl=//evil.example',
    'successUrl=javascript:alert(1)',
  ])('an unregistered address is refused: %s', async (query) => {
    const page = await visit(buyPath(`?${query}`), undefined, 'POST');
    expect([400, 422]).toContain(page.status);
    expect(await api.db.checkout.count({ where: { coachId: coach.coachId } })).toBe(0);
  });

  test('while Stripe is away it can be tried again', async () => {
    api.fake.set('openCheckout', () => Promise.reject(new WorkflowUpdateRPCTimeoutOrCancelledError('late')));
    const page = await visit(buyPath(), undefined, 'POST');
    expect(page.status).toBe(503);
    expect(page.text).toContain('<form');
  });
});

describe('coming back from Stripe', () => {
  let id: string;
  beforeEach(async () => {
    await api.call('PUT', '/v1/settings', { key: coach.key, body: { origins: ['https://ana.example'] } });
    const body = {
      priceId: price.priceId,
      member: 'mia',
      successUrl: 'https://ana.example/welcome?from=mail',
      cancelUrl: 'https://ana.example/sorry',
    };
    id = (await api.call('POST', '/v1/checkouts', { key: coach.key, body })).body.id as string;
    api.fake.reset();
  });
  const become = (status: 'completed' | 'pending' | 'expired' | 'failed' | 'needs_review') =>
    api.db.checkout.update({ where: { id }, data: { status } });
  const comeBack = () => visit(`/checkouts/${id}/return`);

  test('paid: Stripe is asked, and the member goes on to the site', async () => {
    api.fake.set('memberReturned', async (checkoutId) => {
      await become('completed');
      return { checkoutId, status: 'completed', url: null };
    });
    const answer = await comeBack();
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `https://ana.example/welcome?from=mail&checkout=${id}&status=completed`,
    );
    expect(api.fake.calls).toEqual([`memberReturned "${id}"`]);
  });

  test('settled before: nobody is asked', async () => {
    await become('completed');
    expect((await comeBack()).status).toBe(303);
    expect(api.fake.calls).toEqual([]);
  });

  test.each(['expired', 'failed'] as const)('%s: back to the cancel address', async (status) => {
    await become(status);
    expect((await comeBack()).headers.get('location')).toBe(
      `https://ana.example/sorry?checkout=${id}&status=${status}`,
    );
  });

  test.each<[string, unknown]>([
    ['the run is closed', new WorkflowNotFoundError('no', '', undefined)],
    ['Temporal is down', new WorkflowUpdateRPCTimeoutOrCancelledError('late')],
  ])('when %s the row answers, and the page looks again by itself', async (_name, error) => {
    api.fake.set('memberReturned', () => Promise.reject(error as Error));
    const page = await comeBack();
    expect(page.status).toBe(200);
    expect(page.text).toContain('Checking your payment');
    expect(page.text).toMatch(
      /<meta http-equiv="refresh" content="3;url=\/checkouts\/chk_\w+\/return\?tries=1"/,
    );
  });

  test('a payment on its way is shown as such, not as failed', async () => {
    await become('pending');
    const page = await comeBack();
    expect(page.text).toContain('on its way');
    expect(page.text).toContain('do not pay again');
    expect(page.text).toContain('status=pending');
    expect(page.text).toContain('http-equiv="refresh"');
  });

  test('a held payment is explained', async () => {
    await become('needs_review');
    const page = await comeBack();
    expect(page.status).toBe(200);
    expect(page.text).toContain('being looked at');
  });

  test('leaving Stripe’s page closes nothing', async () => {
    const answer = await visit(`/checkouts/${id}/cancelled`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`https://ana.example/sorry?checkout=${id}&status=open`);
    expect((await api.db.checkout.findUniqueOrThrow({ where: { id } })).status).toBe('open');
    await become('completed');
    expect((await visit(`/checkouts/${id}/cancelled`)).headers.get('location')).toBe(
      `/checkouts/${id}/return`,
    );
  });

  test.each(['chk_unknown', 'x', '%00'])('%s is not known', async (unknown) => {
    expect((await visit(`/checkouts/${unknown}/return`)).status).toBe(404);
    expect((await visit(`/checkouts/${unknown}/cancelled`)).status).toBe(404);
  });
});

test('the button may be loaded by any site', async () => {
  const script = await visit('/buy.js');
  expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(script.headers.get('content-type')).toContain('javascript');
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(() => new Function(script.text)).not.toThrow();
  expect(gzipSync(script.text).length).toBeLessThan(5000);
});
