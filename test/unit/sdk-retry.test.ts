import { createSessionClient, idempotencyKey, SessionProblem, SessionUnreachable } from '@session/sdk';
import { isPassing, LONGEST_PAUSE_MS, pauseBefore, retryAfterOf } from '../../packages/sdk/src/retry';

const NOW = Date.parse('2026-11-27T12:00:00Z');

test.each([
  [200, 'unexpected_answer', false],
  [401, 'unauthorized', false],
  [404, 'not_found', false],
  [409, 'already_subscribed', false],
  [409, 'idempotency_in_progress', true],
  [422, 'idempotency_key_reused', false],
  [429, 'rate_limited', true],
  [500, 'internal', true],
  // Stripe has answered, and will answer the same again.
  [502, 'stripe_refused', false],
  [502, 'connection_unclear', false],
  [503, 'stripe_unavailable', true],
  [503, 'temporarily_unavailable', true],
  // Of somebody in between.
  [400, 'unexpected_answer', false],
  [404, 'unexpected_answer', false],
  [408, 'unexpected_answer', true],
  [429, 'unexpected_answer', true],
  [502, 'unexpected_answer', true],
  [504, 'unexpected_answer', true],
])('%i %s passes by itself: %s', (status, code, passes) => {
  expect(isPassing(status, code)).toBe(passes);
});

test.each([
  [null, null],
  ['', null],
  ['7', 7],
  [' 0 ', 0],
  ['-1', null],
  ['1.5', null],
  ['soon', null],
  ['Fri, 27 Nov 2026 12:00:09 GMT', 9],
  ['Fri, 27 Nov 2026 11:59:00 GMT', 0],
  ['2026-11-27', null],
])('Retry-After: %s is %s seconds', (header, seconds) => {
  expect(retryAfterOf(header, NOW)).toBe(seconds);
});

test.each([
  ['the first pause is between half and all of the base', 1, null, 0, 250],
  ['the first pause at most', 1, null, 1, 500],
  ['doubled each time', 3, null, 1, 2000],
  ['never more than the longest', 30, null, 1, LONGEST_PAUSE_MS],
  ['never before Retry-After', 1, 4, 0, 4000],
  ['those who were told the same time are spread out', 1, 4, 1, 4250],
  ['what takes longer is not waited for', 1, 31, 0, null],
])('%s', (_, retry, retryAfter, chance, ms) => {
  expect(pauseBefore(retry, retryAfter, chance)).toBe(ms);
});

/** What is answered in turn; the last goes on. A function throws, as fetch does where nobody is. */
function apiThatAnswers(...answers: (Response | (() => never))[]) {
  const requests: { key: string | null; text: string; line: string }[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push({
      key: request.headers.get('idempotency-key'),
      text: await request.text(),
      line: `${request.method} ${request.url}`,
    });
    return typeof answer === 'function' ? answer() : (answer as Response).clone();
  };
  const options = { url: 'https://session.example', key: 'sk_test_1', fetch, baseMs: 1 };
  return { requests, session: createSessionClient(options), options };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json(
    { type: 'x', title: 'x', status, code, detail: 'Not now.', todo: 'Later.' },
    { status, headers },
  );
const nobodyThere = () => {
  throw new TypeError('fetch failed');
};
const made = () => Response.json({ id: 'pdt_1' }, { status: 201 });

test('what passes is asked again, as the same wish with the same words', async () => {
  const { session, requests } = apiThatAnswers(problem(503, 'stripe_unavailable'), nobodyThere, made());
  expect(await session.post('/v1/products', { body: { name: 'Yoga' } })).toEqual({ id: 'pdt_1' });
  expect(requests).toHaveLength(3);
  expect(new Set(requests.map((each) => JSON.stringify(each))).size).toBe(1);
  expect(requests[0]).toMatchObject({
    key: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    text: '{"name":"Yoga"}',
  });
});

test("the caller's own key is the one that is sent", async () => {
  const { session, requests } = apiThatAnswers(made());
  await session.post('/v1/products', { params: idempotencyKey('order-7'), body: { name: 'Yoga' } });
  expect(requests.map(({ key }) => key)).toEqual(['order-7']);
});

test('what lasts is asked once, and thrown', async () => {
  const { session, requests } = apiThatAnswers(problem(409, 'product_archived'));
  const asked = session.post('/v1/products', { body: { name: 'Yoga' } });
  await expect(asked).rejects.toMatchObject({ code: 'product_archived', request: 'POST /v1/products' });
  expect(requests).toHaveLength(1);
});

test('after the last try the last answer is thrown, with the time that it names', async () => {
  const { session, requests } = apiThatAnswers(problem(429, 'rate_limited', { 'retry-after': '0' }));
  await expect(session.get('/v1/settings')).rejects.toMatchObject({ status: 429, retryAfter: 0 });
  expect(requests).toHaveLength(3);
});

test('who is to stay away for long is told so, instead of kept', async () => {
  const { session, requests } = apiThatAnswers(problem(429, 'rate_limited', { 'retry-after': '600' }));
  await expect(session.get('/v1/settings')).rejects.toMatchObject({ status: 429, retryAfter: 600 });
  expect(requests).toHaveLength(1);
});

test('where nobody is there it says so, without saying whom it was about', async () => {
  const { session } = apiThatAnswers(nobodyThere);
  const asked = session.get('/v1/members', { params: { query: { search: 'ada@example.com' } } });
  await expect(asked).rejects.toBeInstanceOf(SessionUnreachable);
  await expect(asked).rejects.toMatchObject({ message: expect.not.stringContaining('ada') as string });
});

test("a proxy's page is a problem like any other", async () => {
  const { session } = apiThatAnswers(new Response('<h1>Forbidden</h1>', { status: 403 }));
  await expect(session.get('/v1/settings')).rejects.toBeInstanceOf(SessionProblem);
  await expect(session.get('/v1/settings')).rejects.toMatchObject({ code: 'unexpected_answer', status: 403 });
});

test.each([
  ['before', () => AbortSignal.abort(new Error('changed my mind')), 0],
  ['meanwhile', (given: AbortController) => given.signal, 1],
])('whoever gave up %s is asked for no more', async (_, signalOf, most) => {
  const given = new AbortController();
  const { session, requests } = apiThatAnswers(() => {
    given.abort(new Error('changed my mind'));
    return nobodyThere();
  });
  const asked = session.get('/v1/settings', { signal: signalOf(given) });
  await expect(asked).rejects.toThrow('changed my mind');
  expect(requests.length).toBeLessThanOrEqual(1);
  expect(requests.length).toBeGreaterThanOrEqual(most);
});

test('a list is read page by page, as far as somebody wants it', async () => {
  const page = (ids: string[], nextCursor: string | null) =>
    Response.json({ data: ids.map((id) => ({ id })), nextCursor });
  const { session, requests } = apiThatAnswers(page(['a', 'b'], 'c1'), page([], 'c2'), page(['c'], null));
  const query = { search: 'x', limit: 2 };
  const all: string[] = [];
  for await (const { id } of session.list('/v1/members', { params: { query } })) all.push(id);
  expect(all).toEqual(['a', 'b', 'c']);
  expect(requests.map(({ line }) => new URL(line.slice(4)).search)).toEqual([
    '?search=x&limit=2',
    '?search=x&limit=2&cursor=c1',
    '?search=x&limit=2&cursor=c2',
  ]);
});

test('whoever stops reading asks for no further page', async () => {
  const { session, requests } = apiThatAnswers(Response.json({ data: [{ id: 'a' }], nextCursor: 'more' }));
  for await (const { id } of session.list('/v1/members')) if (id === 'a') break;
  expect(requests).toHaveLength(1);
});
