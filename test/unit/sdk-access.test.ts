import { createSessionClient, type AccessOptions } from '@session/sdk';

const ASKED = { member: 'user-42', product: 'pdt_1' };
const NOW = Date.parse('2026-11-27T12:00:00Z');

beforeEach(() => jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'setTimeout', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

const said = (access: boolean, more: object = {}) =>
  Response.json({
    access,
    until: null,
    asOf: '2026-11-27T12:00:00Z',
    memberId: 'mbr_1',
    productId: 'pdt_1',
    ...more,
  });
const problem = (status: number, code: string) =>
  Response.json({ type: 'x', title: 'x', status, code, detail: 'x', todo: 'x' }, { status });

function sessionWith(access: AccessOptions, answer: () => Response) {
  let asked = 0;
  const session = createSessionClient({
    url: 'https://session.example',
    key: 'sk_test_1',
    baseMs: 1,
    access,
    fetch: () => {
      asked += 1;
      return Promise.resolve(answer());
    },
  });
  return { session, asked: () => asked };
}

test('a yes is kept for ten seconds, a no is not kept', async () => {
  let has = true;
  const { session, asked } = sessionWith({}, () => said(has));
  expect(await session.access(ASKED)).toMatchObject({ access: true, from: 'api' });
  expect(await session.access(ASKED)).toMatchObject({
    access: true,
    from: 'cache',
    detail: { memberId: 'mbr_1' },
  });
  expect(await session.access({ ...ASKED, member: 'user-43' })).toMatchObject({ from: 'api' });
  expect(asked()).toBe(2);
  has = false;
  jest.setSystemTime(NOW + 9_999);
  expect(await session.access(ASKED)).toMatchObject({ access: true, from: 'cache' });
  jest.setSystemTime(NOW + 10_000);
  expect(await session.access(ASKED)).toMatchObject({ access: false, from: 'api' });
  has = true;
  expect(await session.access(ASKED)).toMatchObject({ access: true, from: 'api' });
});

test('a yes is kept no longer than access lasts, by the clock of the API', async () => {
  const at = { asOf: '2030-01-01T00:00:00Z', until: '2030-01-01T00:00:02Z' };
  const { session } = sessionWith({}, () => said(true, at));
  await session.access(ASKED);
  jest.setSystemTime(NOW + 1_999);
  expect(await session.access(ASKED)).toMatchObject({ from: 'cache' });
  jest.setSystemTime(NOW + 2_000);
  expect(await session.access(ASKED)).toMatchObject({ from: 'api' });
});

test('what was heard of a member makes it ask again, by either id', async () => {
  const { session, asked } = sessionWith({}, () => said(true));
  for (const forgotten of ['user-42', 'mbr_1', undefined]) {
    await session.access(ASKED);
    session.forgetAccess(forgotten);
  }
  await session.access(ASKED);
  session.forgetAccess('somebody else');
  await session.access(ASKED);
  expect(asked()).toBe(4);
});

test('many who ask the same at once are one request', async () => {
  const { session, asked } = sessionWith({ cacheSeconds: 0 }, () => said(true));
  await Promise.all(Array.from({ length: 20 }, () => session.access(ASKED)));
  expect(asked()).toBe(1);
  await session.access(ASKED);
  expect(asked()).toBe(2);
});

test('no more are kept than were allowed', async () => {
  const { session, asked } = sessionWith({ cacheSize: 2 }, () => said(true));
  for (const member of ['a', 'b', 'c']) await session.access({ ...ASKED, member });
  await session.access({ ...ASKED, member: 'c' });
  expect(asked()).toBe(3);
  await session.access({ ...ASKED, member: 'a' });
  expect(asked()).toBe(4);
});

const UNREACHABLE: [string, () => Response][] = [
  [
    'nobody is there',
    () => {
      throw new TypeError('fetch failed');
    },
  ],
  ['the database is away', () => problem(503, 'temporarily_unavailable')],
  ['a proxy has nobody behind it', () => new Response('Bad gateway', { status: 502 })],
  ['there were too many questions', () => problem(429, 'rate_limited')],
];

test.each(UNREACHABLE)('scenario 72: where %s, the answer is no, and says why', async (_, answer) => {
  const { session, asked } = sessionWith({}, answer);
  expect(await session.access(ASKED)).toMatchObject({
    access: false,
    from: 'unreachable',
    detail: null,
    error: expect.any(Error) as Error,
  });
  expect(asked()).toBe(2);
});

test.each(UNREACHABLE)('where %s, it is yes for those who want it so', async (_, answer) => {
  const { session } = sessionWith({ failOpen: true }, answer);
  expect(await session.access(ASKED)).toMatchObject({ access: true, from: 'unreachable' });
});

test.each([
  [401, 'unauthorized'],
  [404, 'not_found'],
  [400, 'invalid_request'],
])('%i %s is a mistake, and thrown whatever is wanted', async (status, code) => {
  const { session } = sessionWith({ failOpen: true }, () => problem(status, code));
  await expect(session.access(ASKED)).rejects.toMatchObject({ code });
});
