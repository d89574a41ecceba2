import { apiFor, type ApiTest, createCoach, PLATFORM_KEY, startApi, type TestCoach } from './api-support';
import { forgetOldSessions } from '../../src/api/console/sessions';
import { hashToken } from '../../src/domain/ids';
import type { Mode } from '../../src/domain/mode';

let ana: TestCoach;
let ben: TestCoach;
/** Ana's key of the other mode. */
let anaLive: TestCoach;

const api = apiFor('file');
beforeAll(async () => {
  [ana, ben] = await Promise.all([createCoach(api), createCoach(api)]);
  anaLive = await newKey(ana, 'live');
});

async function newKey(coach: TestCoach, mode: Mode): Promise<TestCoach> {
  const { body } = await api.call('POST', `/v1/coaches/${coach.coachId}/api-keys`, {
    key: PLATFORM_KEY,
    body: { mode },
  });
  return { ...coach, mode, key: body.key as string, keyId: body.id as string };
}

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A browser at the console: it keeps the cookie and, like the app, the token of the session. */
function openBrowser(at: ApiTest = api) {
  const jar = new Map<string, string>();
  let csrfToken = '';
  function keep(line: string) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
    jar.set(name, value);
  }
  async function send(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ) {
    const answer = await at.call(method, path, {
      ...options,
      headers: {
        ...(jar.size === 0 ? {} : { cookie: [...jar].map((pair) => pair.join('=')).join('; ') }),
        'X-CSRF-Token': csrfToken,
        ...options.headers,
      },
    });
    for (const line of answer.headers.getSetCookie()) keep(line);
    if (typeof answer.body.csrfToken === 'string') csrfToken = answer.body.csrfToken;
    return answer;
  }
  return {
    send,
    signIn: (coach: TestCoach) => send('POST', '/console/api/session', { body: { key: coach.key } }),
    session: () => send('GET', '/console/api/session'),
    get cookie() {
      return `session_console=${jar.get('session_console') ?? ''}`;
    },
    set cookie(line: string) {
      keep(line);
    },
    /** Opens a sign-in link, reads the page, and clicks. */
    async follow(path: string, headers: Record<string, string> = {}) {
      const page = await send('GET', path);
      if (page.status !== 200) return page;
      return send('POST', path, {
        body: `token=${/name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''}`,
        headers: { ...FORM, Origin: originOfForm(page.headers), ...headers },
      });
    },
    get csrfToken() {
      return csrfToken;
    },
  };
}

/**
 * What a browser calls the origin of a page's form: `null` where the page wants nobody told where it leads from.
 * https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
const originOfForm = (page: Headers): string =>
  page.get('referrer-policy') === 'no-referrer' ? 'null' : 'http://127.0.0.1:4000';

async function signedIn(...coaches: TestCoach[]) {
  const browser = openBrowser();
  for (const coach of coaches) expect((await browser.signIn(coach)).status).toBe(200);
  return browser;
}

const newProduct = { body: { name: 'Morning yoga' } };

test('nobody is signed in before a key was sent', async () => {
  const answer = await openBrowser().session();
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ code: 'not_signed_in' });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

test('a key signs in to its mode; the browser gets a cookie that no script can read, and never the key', async () => {
  const browser = openBrowser();
  const answer = await browser.signIn(ana);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    coach: { id: ana.coachId, name: 'Yoga with Ana' },
    modes: ['test'],
    coaches: [
      { id: ana.coachId, name: 'Yoga with Ana', modes: [{ mode: 'test', role: 'owner', mayNot: [] }] },
    ],
    user: null,
    csrfToken: expect.stringMatching(/^[\w-]{43}$/) as string,
    temporalRunsUrl: null,
    publicUrl: 'http://127.0.0.1:4000',
    emulator: true,
  });
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(
    /^session_console=[\w-]{43}; Max-Age=604800; Path=\/console; .*HttpOnly; SameSite=Lax$/,
  );
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const again = await browser.session();
  expect(again.body).toEqual(answer.body);
  for (const { text, headers } of [answer, again]) {
    expect(text).not.toContain(ana.key);
    expect(JSON.stringify([...headers])).not.toContain(ana.key);
  }
});

describe('the runs in the Temporal Web UI, which shows those of every coach', () => {
  let other: ApiTest;
  beforeAll(async () => {
    other = await startApi({ TEMPORAL_UI_URL: 'https://runs.example/', TEMPORAL_NAMESPACE: 'coaches.eu' });
  });
  afterAll(() => other.close());
  const runsUrlBy = async (link: object | null) => {
    const coach = await createCoach(other);
    const browser = openBrowser(other);
    if (link === null) await browser.signIn(coach);
    else {
      const path = `/v1/coaches/${coach.coachId}/console-links`;
      const { body } = await other.call('POST', path, { key: PLATFORM_KEY, body: link });
      expect((await browser.follow(new URL(body.url as string).pathname)).status).toBe(303);
    }
    return (await browser.session()).body['temporalRunsUrl'];
  };

  test('are shown to an operator, in the namespace of this installation', async () => {
    expect(await runsUrlBy({ operator: true })).toBe('https://runs.example/namespaces/coaches.eu/workflows');
  });
  test.each<[string, object | null]>([
    ['by a key', null],
    ['by a link', {}],
  ])('not to a coach who is signed in %s', async (_how, link) => {
    expect(await runsUrlBy(link)).toBeNull();
  });
  test('nor to a coach who signs in with a key where an operator was signed in', async () => {
    const coach = await createCoach(other);
    const browser = openBrowser(other);
    const path = `/v1/coaches/${coach.coachId}/console-links`;
    const link = { modes: ['live'], operator: true };
    const { body } = await other.call('POST', path, { key: PLATFORM_KEY, body: link });
    await browser.follow(new URL(body.url as string).pathname);
    await browser.signIn(coach);
    expect((await browser.session()).body).toMatchObject({ modes: ['test', 'live'], temporalRunsUrl: null });
  });
});

test('what is stored opens nothing: neither the cookie nor its hash is in the tables as it was sent', async () => {
  const browser = await signedIn(ana);
  const token = browser.cookie.split('=')[1] ?? '';
  const rows = JSON.stringify(await api.db.consoleSession.findMany({ include: { modes: true } }));
  expect(rows).not.toContain(token);
  expect(rows).not.toContain(browser.csrfToken);
  browser.cookie = `session_console=${(await api.db.consoleSession.findFirstOrThrow()).hash}`;
  expect((await browser.session()).status).toBe(401);
});

test.each([
  ['nonsense', 'nonsense'],
  ['a key that was never given', `ses_test_${'x'.repeat(43)}`],
  ['an empty one', ''],
])('%s signs nobody in', async (_what, key) => {
  const answer = await openBrowser().send('POST', '/console/api/session', { body: { key } });
  expect(answer.status).toBe(401);
  expect(answer.body).toMatchObject({ code: 'sign_in_failed', field: 'key' });
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test("the platform's key signs nobody in either, and is called what it is", async () => {
  const answer = await openBrowser().send('POST', '/console/api/session', { body: { key: PLATFORM_KEY } });
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ code: 'wrong_key', field: 'key' });
  expect(answer.body.detail).toContain("the platform's key");
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test('a form of another site can neither sign in nor out', async () => {
  const form = await openBrowser().send('POST', '/console/api/session', {
    body: JSON.stringify({ key: ben.key }),
    headers: { 'content-type': 'text/plain' },
  });
  expect(form.status).toBe(415);
  const foreign = await openBrowser().send('POST', '/console/api/session', {
    body: { key: ben.key },
    headers: { origin: 'https://evil.example' },
  });
  expect(foreign.status).toBe(403);
  const browser = await signedIn(ana);
  const out = await browser.send('DELETE', '/console/api/session', { headers: { 'X-CSRF-Token': '' } });
  expect(out.body).toMatchObject({ code: 'csrf_invalid' });
  expect((await browser.session()).status).toBe(200);
});

test('the other mode of the same coach is added, another coach replaces', async () => {
  const browser = await signedIn(ana, anaLive);
  expect((await browser.session()).body.modes).toEqual(['test', 'live']);
  await browser.signIn(ben);
  const { body } = await browser.session();
  expect(body).toMatchObject({ coach: { id: ben.coachId }, modes: ['test'] });
});

test('signing in makes a new session, and ends the one that the browser had', async () => {
  const victim = await signedIn(ana);
  const planted = victim.cookie;
  await victim.signIn(anaLive);
  expect(victim.cookie).not.toBe(planted);
  const attacker = openBrowser();
  attacker.cookie = planted;
  expect((await attacker.session()).status).toBe(401);
  // A value that we never gave is not taken over either.
  const fresh = openBrowser();
  fresh.cookie = `session_console=${'a'.repeat(43)}`;
  await fresh.signIn(ana);
  expect(fresh.cookie).not.toContain('a'.repeat(43));
});

test('the routes of /v1 answer the session in its mode as they answer the key', async () => {
  const browser = await signedIn(ana, anaLive);
  const made = await browser.send('POST', '/console/api/test/v1/products', newProduct);
  expect(made.status).toBe(201);
  const path = `/v1/products/${made.body.id as string}`;
  const byKey = await api.call('GET', path, { key: ana.key });
  expect((await browser.send('GET', `/console/api/test${path}`)).body).toEqual(byKey.body);
  // Nothing of one mode is in the other.
  expect((await browser.send('GET', `/console/api/live${path}`)).status).toBe(404);
  expect((await api.call('GET', path, { key: anaLive.key })).status).toBe(404);
});

test('a repetition with its Idempotency-Key gets the first answer', async () => {
  const browser = await signedIn(ana);
  const once = { ...newProduct, headers: { 'Idempotency-Key': 'console-once' } };
  const first = await browser.send('POST', '/console/api/test/v1/products', once);
  const second = await browser.send('POST', '/console/api/test/v1/products', once);
  expect(second.body).toEqual(first.body);
  expect(second.headers.get('idempotent-replayed')).toBe('true');
});

test('a session of test mode cannot look into live mode', async () => {
  const browser = await signedIn(ana);
  const answer = await browser.send('GET', '/console/api/live/v1/products');
  expect(answer.status).toBe(403);
  expect(answer.body).toMatchObject({ code: 'mode_not_signed_in' });
  expect((await browser.send('GET', '/console/api/other/v1/products')).status).toBe(404);
});

test("another coach's rows are not there", async () => {
  const made = await (await signedIn(ana)).send('POST', '/console/api/test/v1/products', newProduct);
  const browser = await signedIn(ben);
  const path = `/console/api/test/v1/products/${made.body.id as string}`;
  expect((await browser.send('GET', path)).status).toBe(404);
  expect((await browser.send('PATCH', path, { body: { name: 'Mine now' } })).status).toBe(404);
});

describe('a request that changes something', () => {
  const count = () => api.db.product.count();
  const create = async (browser: Awaited<ReturnType<typeof signedIn>>, headers: Record<string, string>) => {
    const before = await count();
    const answer = await browser.send('POST', '/console/api/test/v1/products', { ...newProduct, headers });
    return { ...answer, made: (await count()) - before };
  };

  test.each([
    ['no token', () => ({ 'X-CSRF-Token': '' })],
    ['a token that is wrong', () => ({ 'X-CSRF-Token': 'x'.repeat(43) })],
    ['an origin that is not ours', () => ({ origin: 'https://evil.example' })],
    ['an origin that is none', () => ({ origin: 'null' })],
    ['our host by another scheme', () => ({ origin: api.url.replace('http:', 'https:') })],
    ['our public host by another scheme', () => ({ origin: 'https://127.0.0.1:4000' })],
    ['our host at another port', () => ({ origin: 'http://127.0.0.1' })],
    ['our origin with a path', () => ({ origin: `${api.url}/console` })],
  ])('is refused with %s', async (_what, headers) => {
    const answer = await create(await signedIn(ana), headers());
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'csrf_invalid' });
    expect(answer.made).toBe(0);
  });

  test("is refused with the token of another session, the coach's own too", async () => {
    for (const other of [await signedIn(ben), await signedIn(ana)]) {
      const answer = await create(await signedIn(ana), { 'X-CSRF-Token': other.csrfToken });
      expect(answer).toMatchObject({ status: 403, made: 0 });
    }
  });

  test('is taken from our own page, at the public address or the one that was called', async () => {
    const browser = await signedIn(ana);
    for (const origin of ['http://127.0.0.1:4000', api.url])
      expect(await create(browser, { origin })).toMatchObject({ status: 201, made: 1 });
  });
});

test('/v1 takes no cookie, and no other route takes one either', async () => {
  const browser = await signedIn(ana, anaLive);
  for (const path of ['/v1/products', '/v1/settings', '/v1/coaches', '/metrics'])
    expect((await browser.send('GET', path)).status).toBe(401);
  // Routes of the platform are not in the console at all.
  for (const path of ['/v1/coaches', '/local/clock'])
    expect((await browser.send('GET', `/console/api/test${path}`)).status).toBe(404);
  // And a key is no way in there.
  expect((await api.call('GET', '/console/api/test/v1/products', { key: ana.key })).status).toBe(401);
});

test('signing out ends the session and takes the cookie back', async () => {
  const browser = await signedIn(ana);
  const { cookie } = browser;
  const out = await browser.send('DELETE', '/console/api/session');
  expect(out.status).toBe(204);
  expect(out.headers.getSetCookie()[0]).toMatch(
    /^session_console=; Path=\/console; Expires=Thu, 01 Jan 1970/,
  );
  browser.cookie = cookie;
  expect((await browser.session()).status).toBe(401);
});

test('revoking a key ends the mode that it opened, and the session with its last mode', async () => {
  const [testKey, liveKey] = [await newKey(ben, 'test'), await newKey(ben, 'live')];
  const browser = await signedIn(testKey, liveKey);
  const revoke = ({ keyId }: TestCoach) =>
    api.call('POST', `/v1/api-keys/${keyId}/revoke`, { key: PLATFORM_KEY });
  await revoke(liveKey);
  expect((await browser.session()).body.modes).toEqual(['test']);
  expect((await browser.send('GET', '/console/api/live/v1/products')).status).toBe(403);
  expect((await browser.send('GET', '/console/api/test/v1/products')).status).toBe(200);
  await revoke(testKey);
  expect((await browser.session()).status).toBe(401);
  // Nor does a revoked mode come back with the next sign-in.
  await browser.signIn(ben);
  expect((await browser.session()).body.modes).toEqual(['test']);
});

describe('a session that was left alone', () => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  const hashOf = (browser: { cookie: string }) => hashToken(browser.cookie.split('=')[1] ?? '');
  const age = (browser: { cookie: string }, data: { seenAt?: Date; createdAt?: Date }) =>
    api.db.consoleSession.update({ where: { hash: hashOf(browser) }, data });

  test('ends after 12 hours, and a request in between counts', async () => {
    const browser = await signedIn(ana);
    await age(browser, { seenAt: ago(11.9) });
    expect((await browser.session()).status).toBe(200);
    const row = await api.db.consoleSession.findUniqueOrThrow({ where: { hash: hashOf(browser) } });
    expect(row.seenAt.getTime()).toBeGreaterThan(ago(1).getTime());
    await age(browser, { seenAt: ago(12.1) });
    expect((await browser.session()).status).toBe(401);
  });

  test('ends after 7 days however it is used, also when a mode was added meanwhile', async () => {
    const browser = await signedIn(ana);
    await age(browser, { createdAt: ago(7 * 24 - 1) });
    await browser.signIn(anaLive);
    expect((await browser.session()).body.modes).toEqual(['test', 'live']);
    await age(browser, { createdAt: ago(7 * 24 + 1) });
    expect((await browser.session()).status).toBe(401);
  });

  test('keeps the beginning of the mode that it carries over', async () => {
    const browser = await signedIn(ana);
    const createdAt = ago(100);
    await age(browser, { createdAt });
    await browser.signIn(anaLive);
    expect(await api.db.consoleSession.count({ where: { createdAt } })).toBe(1);
  });

  test('is swept away with the links that nobody used', async () => {
    const [kept, old] = [await signedIn(ana), await signedIn(ana)];
    await age(old, { seenAt: ago(13) });
    await api.db.consoleLink.create({
      data: { hash: 'old', coachId: ana.coachId, modes: ['test'], expiresAt: ago(1) },
    });
    await forgetOldSessions(api.db);
    expect((await kept.session()).status).toBe(200);
    expect(await api.db.consoleSession.count({ where: { seenAt: { lt: ago(12) } } })).toBe(0);
    expect(await api.db.consoleLink.count({ where: { hash: 'old' } })).toBe(0);
  });
});

test('where the public address is https, the cookie travels over https only', async () => {
  const secure = await startApi({ PUBLIC_URL: 'https://pay.example' });
  try {
    const coach = await createCoach(secure);
    const { headers } = await secure.call('POST', '/console/api/session', { body: { key: coach.key } });
    expect(headers.getSetCookie()[0]).toContain('; Secure');
  } finally {
    await secure.close();
  }
});

describe('a link', () => {
  const makeLink = (coach: TestCoach, body: object = {}, key = PLATFORM_KEY) =>
    api.call('POST', `/v1/coaches/${coach.coachId}/console-links`, { key, body });
  const pathOf = (url: unknown) => new URL(url as string).pathname;

  test('signs in once, to every mode that is on', async () => {
    const made = await makeLink(ana);
    expect(made.status).toBe(201);
    expect(made.body.url).toMatch(/^http:\/\/127\.0\.0\.1:4000\/console\/sign-in\/[\w-]{43}$/);
    const browser = openBrowser();
    const entered = await browser.follow(pathOf(made.body.url));
    expect(entered.status).toBe(303);
    expect(entered.headers.get('location')).toBe('/console');
    expect((await browser.session()).body).toMatchObject({
      coach: { id: ana.coachId },
      modes: ['test', 'live'],
    });
    expect((await browser.send('POST', '/console/api/live/v1/products', newProduct)).status).toBe(201);

    const second = openBrowser();
    const refused = await second.send('GET', pathOf(made.body.url));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('This link does not work any more');
    expect(refused.text).toContain('sign in with an API key');
    expect((await second.session()).status).toBe(401);
  });

  test('used by several at once lets one in', async () => {
    const path = pathOf((await makeLink(ana)).body.url);
    const entered = await Promise.all([1, 2, 3, 4].map(() => openBrowser().follow(path)));
    const statuses = entered.map(({ status }) => status).sort();
    expect(statuses).toEqual([303, 400, 400, 400]);
  });

  describe('scenario 42: asks first', () => {
    const whoIs = async (browser: ReturnType<typeof openBrowser>) => (await browser.session()).body;

    test('and names both coaches, where another one is signed in', async () => {
      const browser = await signedIn(ben);
      await api.db.coach.update({ where: { id: ana.coachId }, data: { name: 'Ana <b>& Co' } });
      const path = pathOf((await makeLink(ana)).body.url);
      const page = await browser.send('GET', path);
      await api.db.coach.update({ where: { id: ana.coachId }, data: { name: 'Yoga with Ana' } });
      expect(page.status).toBe(200);
      expect(page.text).toContain('Ana &#60;b&#62;&#38; Co');
      expect(page.text).toContain('You are signed in as');
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(await whoIs(browser)).toMatchObject({ coach: { id: ben.coachId } });
    });

    test.each<[string, (browser: ReturnType<typeof openBrowser>, path: string) => Promise<unknown>]>([
      ['a form of another site', (browser, path) => browser.follow(path, { Origin: 'https://evil.example' })],
      [
        'a form of a sibling site',
        (browser, path) => browser.follow(path, { 'Sec-Fetch-Site': 'same-site' }),
      ],
      [
        'a form without our token',
        (browser, path) => browser.send('POST', path, { body: 'token=', headers: FORM }),
      ],
      [
        "a form with the token of the attacker's own browser",
        async (browser, path) => {
          const page = await openBrowser().send('GET', path);
          const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
          await browser.send('GET', path);
          return browser.send('POST', path, { body: `token=${token}`, headers: FORM });
        },
      ],
      [
        'a form of the page of another link',
        async (browser, path) => {
          const page = await browser.send('GET', pathOf((await makeLink(ben)).body.url));
          const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
          return browser.send('POST', path, { body: `token=${token}`, headers: FORM });
        },
      ],
      [
        'a page that was read before somebody else signed in here',
        async (browser, path) => {
          const page = await browser.send('GET', path);
          await browser.signIn(ben);
          const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
          return browser.send('POST', path, { body: `token=${token}`, headers: FORM });
        },
      ],
      ['opening it, without a click', (browser, path) => browser.send('GET', path)],
    ])('and is not taken for a yes: %s', async (_what, act) => {
      const victim = await signedIn(ben);
      const path = pathOf((await makeLink(ana)).body.url);
      await act(victim, path);
      expect(await whoIs(victim)).toMatchObject({ coach: { id: ben.coachId } });
      // Nor was it used up: whom it is for can still follow it.
      expect((await openBrowser().follow(path)).headers.get('location')).toBe('/console');
    });
  });

  describe('scenario 42: what it opened ends with the last key of its mode', () => {
    const revoke = (coach: TestCoach) =>
      api.call('POST', `/v1/api-keys/${coach.keyId}/revoke`, { key: PLATFORM_KEY });

    test('and not before; links that are open go with it', async () => {
      const cleo = await createCoach(api);
      const [second, live] = [await newKey(cleo, 'test'), await newKey(cleo, 'live')];
      const browser = openBrowser();
      await browser.follow(pathOf((await makeLink(cleo)).body.url));
      const open = pathOf((await makeLink(cleo)).body.url);
      await revoke(cleo);
      expect((await browser.session()).body.modes).toEqual(['test', 'live']);
      await revoke(second);
      expect((await browser.session()).body.modes).toEqual(['live']);
      expect((await browser.send('GET', '/console/api/test/v1/products')).status).toBe(403);
      expect((await openBrowser().send('GET', open)).status).toBe(400);
      await revoke(live);
      expect((await browser.session()).status).toBe(401);
      // The platform may let the coach in again.
      const again = openBrowser();
      await again.follow(pathOf((await makeLink(cleo)).body.url));
      expect((await again.session()).body.modes).toEqual(['test', 'live']);
    });

    test('a coach who never had a key stays signed in', async () => {
      const { body } = await api.call('POST', '/v1/coaches', { key: PLATFORM_KEY, body: { name: 'Dora' } });
      const dora = { ...ana, coachId: body.id as string };
      const browser = openBrowser();
      await browser.follow(pathOf((await makeLink(dora)).body.url));
      expect((await browser.session()).status).toBe(200);
    });
  });

  test('is not used up by a program that only looks', async () => {
    const path = pathOf((await makeLink(ana)).body.url);
    const looks = [
      await openBrowser().send('HEAD', path),
      await openBrowser().send('GET', path, { headers: { 'Sec-Purpose': 'prefetch;prerender' } }),
    ];
    for (const look of looks) expect(look.headers.getSetCookie().join()).not.toContain('session_console');
    expect((await openBrowser().follow(path)).status).toBe(303);
  });

  test('is over after its time', async () => {
    const { body } = await makeLink(ana, { expiresInMinutes: 1 });
    const ahead = Date.parse(body.expiresAt as string) - Date.now();
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(60_000);
    await api.db.consoleLink.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
    expect((await openBrowser().send('GET', pathOf(body.url))).status).toBe(400);
  });

  test('replaces the session of another coach, and says who is signed in when it is used up', async () => {
    const browser = await signedIn(ben);
    const path = pathOf((await makeLink(ana, { modes: ['test'] })).body.url);
    expect((await browser.follow(path)).status).toBe(303);
    expect((await browser.session()).body).toMatchObject({ coach: { id: ana.coachId }, modes: ['test'] });
    expect((await browser.send('GET', path)).text).toContain('You are signed in already, as Yoga with Ana');
  });

  test("is the platform's to make, for a coach that there is and for at most 15 minutes", async () => {
    expect((await makeLink(ana, {}, ana.key)).status).toBe(403);
    expect((await makeLink({ ...ana, coachId: 'coach_nobody' })).status).toBe(404);
    const onStripe = await startApi({ LOCAL_CLOCK: 'false', STRIPE_LIVE_SECRET_KEY: 'sk_live_x' });
    try {
      const coach = await createCoach(onStripe);
      const path = `/v1/coaches/${coach.coachId}/console-links`;
      const long = { key: PLATFORM_KEY, body: { expiresInMinutes: 16 } };
      expect((await onStripe.call('POST', path, long)).status).toBe(400);
    } finally {
      await onStripe.close();
    }
  });
});

describe('the list of sessions', () => {
  const listOf = async (browser: ReturnType<typeof openBrowser>) =>
    (await browser.send('GET', '/console/api/sessions')).body['data'] as Record<string, unknown>[];

  test('has those of the coach, by when and how they were opened, and no secret', async () => {
    const cleo = await createCoach(api);
    const [here, there] = [await signedIn(cleo), await signedIn(cleo)];
    await signedIn(ben);
    const listed = await listOf(here);
    expect(listed).toHaveLength(2);
    expect(listed.filter(({ current }) => current)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        createdAt: expect.any(String) as string,
        email: null,
        seenAt: expect.any(String) as string,
        modes: [{ mode: 'test', keyLastFour: cleo.key.slice(-4) }],
        current: true,
      },
    ]);
    for (const { cookie } of [here, there])
      expect(JSON.stringify(listed)).not.toContain(hashToken(cookie.split('=')[1] ?? ''));
  });

  test('one is ended, and all the others', async () => {
    const cleo = await createCoach(api);
    const [here, there, third] = [await signedIn(cleo), await signedIn(cleo), await signedIn(cleo)];
    const mine = (await listOf(there)).find(({ current }) => current)?.['id'] as string;
    expect((await here.send('DELETE', `/console/api/sessions/${mine}`)).status).toBe(204);
    expect((await there.session()).status).toBe(401);
    expect((await here.send('DELETE', `/console/api/sessions/${mine}`)).status).toBe(404);
    expect((await here.send('DELETE', '/console/api/sessions')).body).toEqual({ ended: 1 });
    expect((await third.session()).status).toBe(401);
    expect((await here.session()).status).toBe(200);
  });

  test.each(['', 'x', '0', '%25'])(
    'no other coach’s is ended, and none by a part of its id: "%s"',
    async (id) => {
      const [browser, other] = [await signedIn(ana), await signedIn(ben)];
      const theirs = (await listOf(other)).find(({ current }) => current)?.['id'] as string;
      const answer = await browser.send('DELETE', `/console/api/sessions/${id === '' ? theirs : id}`);
      expect(answer.status).toBe(404);
      expect(
        (await browser.send('DELETE', '/console/api/sessions', { headers: { 'X-CSRF-Token': '' } })).status,
      ).toBe(403);
      expect((await other.session()).status).toBe(200);
    },
  );
});
