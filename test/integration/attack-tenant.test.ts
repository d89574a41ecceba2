import type { IncomingMessage, ServerResponse } from 'node:http';
import { attackFlows } from '../attack/flows';
import { attackMembers } from '../attack/members';
import { attackRedirects } from '../attack/redirects';
import { attackRequests } from '../attack/requests';
import { attackScripts, marksIn, PAYLOADS } from '../attack/scripts';
import { startStack, type Stack } from '../attack/stack';
import { attackTenants } from '../attack/tenant/tenant';
import { formOf } from '../support/coach-ui';

/** What stands in front of the API, in a test of a product with a hole; it answers whether it has taken the request. */
type Hole = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
let hole: Hole | null = null;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack((request, response, serve) => {
    const tried = hole?.(request, response) ?? Promise.resolve(false);
    tried.then(
      (taken) => (taken ? undefined : serve()),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
});
afterEach(() => {
  hole = null;
});
afterAll(() => stack.close());

const options = { seed: 1, share: 0.1, progress: () => undefined };
const few = { ...options, share: 0.02 };

test('nobody gets at what is another coach’s', async () => {
  const { figures, opened } = await attackTenants(stack, options);
  expect(opened).toEqual([]);
  expect(figures['allowed']).toBe(0);
  expect(figures['tried']).toBeGreaterThan(200);
});

test('no browser is sent to a place that is not registered', async () => {
  const { figures, opened } = await attackRedirects(stack, options);
  expect(opened).toEqual([]);
  expect(figures['accepted']).toBe(0);
  expect(figures['addresses']).toBeGreaterThanOrEqual(80);
});

test('no order of steps gives the attacker the victim’s account or session', async () => {
  const { figures, opened } = await attackFlows(stack, few);
  expect(opened).toEqual([]);
  expect(figures['hijacked']).toBe(0);
});

test('no request that no client would send is taken', async () => {
  const { figures, opened } = await attackRequests(stack, options);
  expect(opened).toEqual([]);
  expect(figures['accepted']).toBe(0);
});

test('nobody says who is buying who may not say it', async () => {
  const { figures, opened } = await attackMembers(stack, options);
  expect(opened).toEqual([]);
  expect(figures['tried']).toBeGreaterThan(100);
});

test('what somebody writes for a name stays text', async () => {
  const { figures, opened } = await attackScripts(stack, { ...options, share: 0.2 });
  expect(opened).toEqual([]);
  expect(figures['tried']).toBeGreaterThan(20);
});

test.each(PAYLOADS)('a page that has %j in it as it was written is found out', (payload) => {
  const pages = [`<h1>${payload}</h1>`, `<input value="${payload}">`, `<input value='${payload}'>`];
  expect(pages.flatMap(marksIn)).not.toEqual([]);
});

test('an API that believes who somebody says they are is found out', async () => {
  // Whoever names a coach where a key belongs is given that coach's key.
  const keys = new Map<string, string>();
  hole = (request) => {
    const key = keys.get(request.headers.authorization?.slice('Bearer '.length) ?? '');
    if (key !== undefined) request.headers.authorization = `Bearer ${key}`;
    return Promise.resolve(false);
  };
  const { figures, opened } = await attackTenants(stack, {
    ...options,
    onParties: ({ victim }) => keys.set(victim.coachId, victim.keys.test),
  });
  expect(figures['allowed']).toBeGreaterThan(0);
  expect(opened.join('\n')).toContain('the id of the coach');
});

test('a purchase page that leads back wherever it is told is found out', async () => {
  hole = (request, response) => {
    if (!request.url?.startsWith('/buy/')) return Promise.resolve(false);
    const address = new URL(request.url, stack.api).searchParams.get('successUrl');
    if (address === null || /[\r\n]/.test(address)) return Promise.resolve(false);
    response.writeHead(303, { location: encodeURI(address) }).end();
    return Promise.resolve(true);
  };
  const { figures, opened } = await attackRedirects(stack, options);
  expect(figures['accepted']).toBeGreaterThan(0);
  expect(opened.every((line) => line.startsWith('/buy, posted, successUrl'))).toBe(true);
});

/** A page of ours that does not ask: it goes on as if its button had been pressed. */
const pressing =
  (path: string): Hole =>
  async (request, response) => {
    if (request.method !== 'GET' || !request.url?.startsWith(path) || request.headers['x-asked'] === 'yes')
      return false;
    const headers = { cookie: request.headers.cookie ?? '', 'x-asked': 'yes' };
    const page = await fetch(`${stack.api}${request.url}`, { headers });
    if (page.status !== 200) return false;
    const given = page.headers.getSetCookie();
    headers.cookie = [headers.cookie, ...given.map((line) => line.split(';')[0])].join('; ');
    const { action, token } = formOf(await page.text());
    const answer = await fetch(new URL(action, page.url), {
      method: 'POST',
      body: new URLSearchParams({ token, decision: 'connect' }),
      headers: { ...headers, 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
    response.writeHead(answer.status, {
      location: answer.headers.get('location') ?? '',
      'set-cookie': [...given, ...answer.headers.getSetCookie()],
    });
    response.end();
    return true;
  };

test.each([
  ['/connect/approval/', 'the victim’s account is connected to the attacker’s coach'],
  ['/console/sign-in/', 'the victim’s browser is signed in as'],
])('a product without the question of %s is found out', async (path, found) => {
  hole = pressing(path);
  const { figures, opened } = await attackFlows(stack, { ...few, expectOwnWay: false });
  expect(figures['hijacked']).toBeGreaterThan(0);
  expect(opened.join('\n')).toContain(found);
});

test('an API that takes whatever is sent is found out', async () => {
  hole = (request, response) => {
    if (request.method !== 'POST' || !/^(gzip|text)/.test(encodingOrTypeOf(request)))
      return Promise.resolve(false);
    request.resume();
    response.writeHead(201).end();
    return Promise.resolve(true);
  };
  const { opened } = await attackRequests(stack, options);
  expect(opened).toContain('compressed: cut in the middle: a success (201)');
  expect(opened).toContain('form: JSON called text/plain: a success (201)');
});
const encodingOrTypeOf = ({ headers }: IncomingMessage) =>
  headers['content-encoding'] ?? headers['content-type'] ?? '';

test('a purchase page that takes every token is found out', async () => {
  hole = (request, response) => {
    if (!request.url?.includes('?member=')) return Promise.resolve(false);
    response.writeHead(200).end();
    return Promise.resolve(true);
  };
  const { figures } = await attackMembers(stack, options);
  expect(figures['accepted']).toBe(figures['tried']);
});
