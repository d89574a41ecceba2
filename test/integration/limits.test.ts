import { createHmac } from 'node:crypto';
import {
  apiFor,
  connect,
  CONNECT_SECRET,
  createCoach,
  createPrice,
  PLATFORM_KEY,
  type TestCoach,
} from './api-support';

// Nobody asks without end. Every test has an address of its own, as a proxy in front would say it.
let coach: TestCoach;
let price: { productId: string; priceId: string };
const api = apiFor('file', {
  TRUSTED_PROXIES: '1',
  RATE_LIMITS:
    'key=40/60,coach=60/60,purchase=5/60,purchase_of_browser=2/60,new_member=2/3600,new_member_of_coach=3/3600,' +
    'public=10/60,connect=3/60,failed_key=4/60,failed_sign_in=3/900,failed_webhook=3/60',
});
let hosts = 0;
let address: string;
beforeEach(async () => {
  address = `203.0.113.${++hosts}`;
  api.fake.reset();
  coach = await createCoach(api);
  price = await createPrice(api, coach, await connect(api, coach));
});

const send = (
  method: string,
  path: string,
  options: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
  from = address,
) => api.call(method, path, { ...options, headers: { 'X-Forwarded-For': from, ...options.headers } });
const times = async <T>(count: number, one: (index: number) => Promise<T>): Promise<T[]> => {
  const answers: T[] = [];
  for (let i = 0; i < count; i++) answers.push(await one(i));
  return answers;
};
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status);

test('what is left is said, and what was too much, with the time to wait', async () => {
  const [first] = await times(1, () => send('GET', '/v1/settings', { key: coach.key }));
  expect(first?.headers.get('ratelimit-policy')).toBe('"key";q=40;w=60, "coach";q=60;w=60');
  expect(first?.headers.get('ratelimit')).toMatch(/^"key";r=\d+;t=\d+, "coach";r=\d+;t=\d+$/);
  const answers = await times(45, () => send('GET', '/v1/settings', { key: coach.key }));
  const refused = answers.at(-1);
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'rate_limited', details: { limit: 'key' } },
  });
  const wait = Number(refused?.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect(refused?.headers.get('ratelimit')).toContain('"key";r=0;t=');
  expect(refused?.headers.get('cache-control')).toBe('no-store');
  // Another coach is not concerned.
  const ben = await createCoach(api);
  expect((await send('GET', '/v1/settings', { key: ben.key })).status).toBe(200);
});

test('a second key of the coach is counted with the first', async () => {
  const path = `/v1/coaches/${coach.coachId}/api-keys`;
  const made = await api.call('POST', path, { key: PLATFORM_KEY, body: { mode: 'test' } });
  const keys = [coach.key, made.body.key as string];
  const answers = await times(64, (index) => send('GET', '/v1/settings', { key: keys[index % 2] ?? '' }));
  expect(answers.at(-1)).toMatchObject({ status: 429, body: { details: { limit: 'coach' } } });
});

describe('scenario 41: guesses', () => {
  test('of keys come to an end; a right key from the same address is taken', async () => {
    const guess = (index: number) =>
      send('GET', '/v1/settings', { key: `ses_test_${String(index).padStart(43, 'x')}` });
    expect(statuses(await times(6, guess))).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await send('GET', '/v1/settings', { key: coach.key })).status).toBe(200);
  });

  test.each([
    ['the platform key', '/v1/coaches'],
    ['metrics', '/metrics'],
  ])('of %s come to an end', async (_what, path) => {
    const guess = (index: number) => send('GET', path, { key: `platform-${index}` });
    expect(statuses(await times(5, guess))).toEqual([401, 401, 401, 401, 429]);
  });

  test('at the sign-in come to an end, with a right key as well', async () => {
    const signIn = (key: string) => send('POST', '/console/api/session', { body: { key } });
    expect(statuses(await times(3, () => signIn('ses_test_guess')))).toEqual([401, 401, 401]);
    expect(await signIn(coach.key)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    const elsewhere = await send(
      'POST',
      '/console/api/session',
      { body: { key: coach.key } },
      '198.51.100.1',
    );
    expect(elsewhere.status).toBe(200);
  });

  test('of sign-in links come to an end', async () => {
    const open = () => send('GET', `/console/sign-in/${'x'.repeat(43)}`);
    expect(statuses(await times(4, open))).toEqual([400, 400, 400, 429]);
  });

  test('with addresses that the client invents before the proxy is one address', async () => {
    const guess = (index: number) =>
      send('GET', '/v1/settings', { key: 'nonsense' }, `198.51.100.${index}, ${address}`);
    expect(statuses(await times(5, guess))).toEqual([401, 401, 401, 401, 429]);
  });

  test('from one network of IPv6 are of one client', async () => {
    const guess = (index: number) =>
      send('GET', '/v1/settings', { key: 'nonsense' }, `2001:db8:7:7::${index + 1}`);
    expect(statuses(await times(5, guess))).toEqual([401, 401, 401, 401, 429]);
  });
});

describe('webhooks', () => {
  const signed = (index: number) => {
    const body = JSON.stringify({
      id: `evt_${address.replaceAll('.', '')}_${index}`,
      object: 'event',
      api_version: '2026-08-26.dahlia',
      created: Math.floor(Date.now() / 1000),
      livemode: false,
      type: 'customer.updated',
      account: 'acct_1',
      data: { object: { id: 'cus_1', object: 'customer' } },
    });
    const at = Math.floor(Date.now() / 1000);
    const mac = createHmac('sha256', CONNECT_SECRET.test).update(`${at}.${body}`).digest('hex');
    return send('POST', '/webhooks/stripe', { body, headers: { 'Stripe-Signature': `t=${at},v1=${mac}` } });
  };
  const forged = () =>
    send('POST', '/webhooks/stripe', { body: '{}', headers: { 'Stripe-Signature': 't=1,v1=00' } });

  test('scenario 41: what Stripe signed is taken whatever else comes from that address', async () => {
    expect(statuses(await times(5, forged))).toEqual([400, 400, 400, 429, 429]);
    expect(new Set(statuses(await times(30, signed)))).toEqual(new Set([200]));
  });
});

describe('scenario 41: purchases', () => {
  const buy = (cookie = '', from = address) =>
    send(
      'POST',
      `/buy/${price.priceId}`,
      {
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          ...(cookie === '' ? {} : { Cookie: cookie }),
        },
      },
      from,
    );

  test('of one address without cookies open a few sessions at Stripe', async () => {
    const answers = await times(8, () => buy());
    expect(statuses(answers)).toEqual([303, 303, 303, 303, 303, 429, 429, 429]);
    expect(answers.at(-1)?.text).toContain('That was too often.');
    expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(api.fake.calls.filter((call) => call.startsWith('openCheckout'))).toHaveLength(5);
    expect((await buy('', '198.51.100.2')).status).toBe(303);
  });

  test('of one browser, wherever it is', async () => {
    const cookie = `session_visitor=${'v'.repeat(43)}`;
    const answers = await times(4, (index) => buy(cookie, `198.51.100.${10 + index}`));
    expect(statuses(answers)).toEqual([303, 303, 429, 429]);
  });

  test('of what is free: invented addresses make a few members', async () => {
    const product = await api.call('POST', '/v1/products', { key: coach.key, body: { name: 'Breathing' } });
    const made = await api.call('POST', `/v1/products/${product.body.id as string}/prices`, {
      key: coach.key,
      body: { model: 'free' },
    });
    const claim = (index: number, from = address) =>
      fetch(`${api.url}/buy/${made.body.id as string}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'X-Forwarded-For': from },
        body: new URLSearchParams({ email: `invented-${index}@example.com` }),
      });
    expect(statuses(await times(4, claim))).toEqual([303, 303, 429, 429]);
    // Addresses of the network are invented as well: of one coach there is an end too.
    expect(statuses(await times(3, (index) => claim(10 + index, `198.51.100.${20 + index}`)))).toEqual([
      303, 429, 429,
    ]);
    expect(await api.db.member.count({ where: { coachId: coach.coachId } })).toBe(3);
  });
});

describe('pages', () => {
  test.each([
    ['public', 10, '/docs'],
    ['public', 10, '/nothing-here'],
    ['connect', 3, `/connect/start/${'x'.repeat(43)}`],
  ])('%s: %s of an address', async (limit, count, path) => {
    const answers = await times(count + 1, () => send('GET', path));
    expect(answers.slice(0, count).every(({ status }) => status !== 429)).toBe(true);
    expect(answers.at(-1)?.status).toBe(429);
    expect(answers.at(-1)?.headers.get('ratelimit')).toContain(`"${limit}";r=0`);
  });

  test('a person reads a page', async () => {
    const headers = { Accept: 'text/html' };
    const [last] = (await times(11, () => send('GET', '/problems', { headers }))).slice(-1);
    expect(last).toMatchObject({ status: 429 });
    expect(last?.headers.get('content-type')).toContain('text/html');
    expect(last?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(last?.text).toContain('That was too often');
  });

  test('whether the process lives is never refused', async () => {
    expect(new Set(statuses(await times(20, () => send('GET', '/healthz'))))).toEqual(new Set([200]));
  });
});

describe('seats', () => {
  test('are counted by address where that tells buyers apart', async () => {
    const seated = await createPrice(api, coach, await accountOf(coach), { unitAmount: 9900, seats: 20 });
    const uncounted = () => api.db.seat.count({ where: { priceId: seated.priceId, addressHash: null } });
    const take = (from: string) => send('POST', `/buy/${seated.priceId}`, {}, from);
    expect(statuses(await times(2, () => take(address)))).toEqual([303, 303]);
    expect(await uncounted()).toBe(0);
    // Of a proxy that nobody told us of everybody has the address.
    expect(statuses(await times(2, () => take('10.0.0.8')))).toEqual([303, 303]);
    expect(await uncounted()).toBe(2);
  });
});

const accountOf = async ({ coachId }: TestCoach) =>
  (await api.db.connection.findFirstOrThrow({ where: { coachId } })).accountId ?? '';
