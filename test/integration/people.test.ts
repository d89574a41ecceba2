import { unsealMail } from '../../src/store/mails';
import { type Answer, apiFor, createCoach, type TestCoach } from './api-support';

// People of a coach: invited, signed in by a link in a mail, given another role, removed; and the keys that they make.
const api = apiFor(
  'file',
  {
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'mails@example.com',
    RATE_LIMITS: 'sign_in_link_to=3/900,sign_in_link=1000/60',
  },
  { audited: true },
);
let ana: TestCoach;
let ben: TestCoach;
beforeEach(async () => {
  [ana, ben] = await Promise.all([createCoach(api), createCoach(api)]);
});

let addresses = 0;
const address = (name: string) => `${name}.${++addresses}@example.com`;
const invite = (coach: TestCoach, email: string, role = 'support', key = coach.key) =>
  api.call('POST', '/v1/people', { key, body: { email, role } });

/** What was mailed to an address, the oldest first. */
async function mailsTo(email: string) {
  const rows = await api.db.mail.findMany({
    where: { kind: { in: ['invited', 'console_sign_in_link'] } },
    orderBy: { createdAt: 'asc' },
  });
  return rows.flatMap((row) => {
    const sealed = unsealMail(api.config.encryptionKey, row);
    return sealed?.to === email ? [{ ...row, url: (sealed.data as { url: string }).url }] : [];
  });
}

const ask = (email: string, headers: Record<string, string> = {}) =>
  api.call('POST', '/console/api/sign-in-links', { body: { email }, headers });

/** A browser of somebody who has asked for a link, opened it and clicked. */
async function signIn(email: string) {
  expect((await ask(email)).status).toBe(202);
  const { url } = (await mailsTo(email)).at(-1) ?? { url: '' };
  const path = new URL(url).pathname;
  const jar = new Map<string, string>();
  let csrfToken = '';
  async function send(
    method: string,
    to: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await api.call(method, to, {
      ...(body === undefined ? {} : { body }),
      headers: {
        cookie: [...jar].map((pair) => pair.join('=')).join('; '),
        'X-CSRF-Token': csrfToken,
        ...more,
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, value);
    }
    if (typeof answer.body.csrfToken === 'string') csrfToken = answer.body.csrfToken;
    return answer;
  }
  const page = await send('GET', path);
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const clicked = await send('POST', path, `token=${token}`, {
    'Content-Type': 'application/x-www-form-urlencoded',
    Origin: 'http://127.0.0.1:4000',
  });
  expect(clicked.status).toBe(303);
  const session = (await send('GET', '/console/api/session')).body;
  return { send, page, path, session, again: () => send('GET', path) };
}

test('somebody is invited, signs in by a link that works once, and may do what their role may', async () => {
  const email = address('kim');
  const made = await invite(ana, email.toUpperCase());
  expect(made.body).toMatchObject({ email, role: 'support', mode: 'test', joinedAt: null });
  const [invitation] = await mailsTo(email);
  expect(invitation).toMatchObject({ kind: 'invited', url: 'http://127.0.0.1:4000/console/sign-in' });
  const kim = await signIn(email);
  expect(kim.page.text).toContain(email);
  expect(kim.page.text).toContain('Yoga with Ana');
  expect(kim.session).toMatchObject({
    user: { id: made.body.userId, email },
    coaches: [{ id: ana.coachId, modes: [{ mode: 'test', role: 'support' }] }],
    temporalRunsUrl: null,
  });
  const base = `/console/api/${ana.coachId}/test/v1`;
  expect((await kim.send('GET', `${base}/members`)).status).toBe(200);
  expect((await kim.send('POST', `${base}/members`, { externalId: 'm1' })).status).toBe(201);
  expect((await kim.send('POST', `${base}/products`, { name: 'Mine' })).status).toBe(403);
  expect((await kim.again()).status).toBe(400);
  const { data } = (await api.call('GET', '/v1/people', { key: ana.key })).body as {
    data: { joinedAt: string }[];
  };
  expect(data).toEqual([{ ...made.body, joinedAt: expect.stringMatching(/Z$/) as string }]);
  const { data: log } = (
    await api.call('GET', `/v1/audit-log?actor=${made.body.userId as string}`, { key: ana.key })
  ).body as { data: object[] };
  expect(log).toMatchObject([
    { operation: 'postV1Products', outcome: 'refused', actor: { kind: 'user', email } },
    { operation: 'postV1Members', outcome: 'done', role: 'support' },
    { operation: 'postConsoleSignInToken', outcome: 'done', role: 'support', mode: null, times: 1 },
    { operation: 'postConsoleApiSignInLinks', outcome: 'done', role: 'support', mode: null, times: 1 },
  ]);
});

test('the answer is the same for an address that nobody has, and so many go to one', async () => {
  const email = address('kim');
  await invite(ana, email);
  const [known, unknown] = [await ask(email), await ask(address('nobody'))];
  expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
  expect((await mailsTo(email)).map(({ kind }) => kind)).toEqual(['invited', 'console_sign_in_link']);
  await ask(email);
  await ask(email);
  expect((await ask(email)).status).toBe(429);
  const elsewhere = await ask(address('kim'), { Origin: 'https://evil.example' });
  expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'csrf_invalid']);
  expect((await ask('no address')).status).toBe(400);
});

test('one session works for several coaches, each with the role there, and two tabs do not mix them', async () => {
  const email = address('kim');
  await invite(ana, email, 'owner');
  await invite(ben, email, 'read_only');
  const kim = await signIn(email);
  expect((kim.session.coaches as { id: string }[]).map(({ id }) => id)).toEqual([ana.coachId, ben.coachId]);
  const create = (coach: TestCoach) =>
    kim.send('POST', `/console/api/${coach.coachId}/test/v1/products`, { name: 'Kim’s' });
  expect([(await create(ana)).status, (await create(ben)).status]).toEqual([201, 403]);
  expect(await api.db.product.count({ where: { coachId: ben.coachId } })).toBe(0);
  // Ben sees who is signed in for him, and nothing of Ana's.
  const sessions = async (coach: TestCoach) =>
    (
      (await kim.send('GET', `/console/api/sessions?coach=${coach.coachId}`)).body.data as { email: string }[]
    ).map((one) => one.email);
  expect(await sessions(ana)).toEqual([email]);
  expect(await sessions(ben)).toEqual([email]);
  // That they have signed in is in the log of each, as what they are there; that they sign out, too.
  expect((await kim.send('DELETE', '/console/api/session')).status).toBe(204);
  for (const [coach, role] of [
    [ana, 'owner'],
    [ben, 'read_only'],
  ] as const) {
    const lines = await api.db.auditEntry.findMany({
      where: { coachId: coach.coachId, mode: null, actor: 'user' },
      orderBy: { at: 'asc' },
    });
    expect(lines.map((line) => [line.operation, line.role])).toEqual([
      ['postConsoleApiSignInLinks', role],
      ['postConsoleSignInToken', role],
      ['deleteConsoleApiSession', role],
    ]);
  }
});

test('who is removed is out at once, with every session, and keeps the other coach', async () => {
  const email = address('kim');
  const there = await invite(ana, email);
  await invite(ben, email);
  const kim = await signIn(email);
  const at = (coach: TestCoach) => kim.send('GET', `/console/api/${coach.coachId}/test/v1/members`);
  const remove = (coach: TestCoach, id: unknown) =>
    api.call('POST', `/v1/people/${String(id)}/remove`, { key: coach.key, body: {} });
  expect((await remove(ben, there.body.id)).status).toBe(404);
  expect((await remove(ana, there.body.id)).status).toBe(200);
  expect([(await at(ana)).status, (await at(ben)).status]).toEqual([403, 200]);
  const here = (await api.call('GET', '/v1/people', { key: ben.key })).body.data as { id: string }[];
  await remove(ben, here[0]?.id);
  expect((await at(ben)).status).toBe(401);
  expect(await api.db.consoleSession.count({ where: { user: { email } } })).toBe(0);
  // And without a coach there is no link either.
  const before = (await mailsTo(email)).length;
  await ask(email);
  expect(await mailsTo(email)).toHaveLength(before);
});

test('the last owner can be neither removed nor lowered, also by two at once', async () => {
  const [first, second] = [
    await invite(ana, address('ida'), 'owner'),
    await invite(ana, address('ole'), 'owner'),
  ];
  await api.db.person.updateMany({ where: { coachId: ana.coachId }, data: { joinedAt: new Date() } });
  const lower = (id: unknown) =>
    api.call('PATCH', `/v1/people/${String(id)}`, { key: ana.key, body: { role: 'support' } });
  const answers = await Promise.all([lower(first.body.id), lower(second.body.id)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
    code: 'last_owner',
    field: 'role',
  });
  const owner = await api.db.person.findFirstOrThrow({ where: { coachId: ana.coachId, role: 'owner' } });
  const removed = await api.call('POST', `/v1/people/${owner.id}/remove`, { key: ana.key, body: {} });
  expect(removed.body).toMatchObject({ status: 409, code: 'last_owner' });
});

test('nobody is invited twice, from test mode into live mode, or by who may not', async () => {
  const email = address('kim');
  const first = await invite(ana, email);
  expect((await invite(ana, email)).body).toMatchObject({
    code: 'person_exists',
    field: 'email',
    details: { personId: first.body.id },
  });
  expect(await api.db.person.count({ where: { coachId: ana.coachId, mode: 'live' } })).toBe(0);
  const kim = await signIn(email);
  const there = await kim.send('GET', `/console/api/${ana.coachId}/live/v1/members`);
  expect(there.body).toMatchObject({ status: 403, code: 'mode_not_signed_in' });
  const refused = await kim.send('POST', `/console/api/${ana.coachId}/test/v1/people`, {
    email: address('more'),
    role: 'owner',
  });
  expect(refused.body).toMatchObject({ code: 'role_not_allowed', details: { allowed: ['owner'] } });
});

test('an address is in no audit line and no row but the person’s', async () => {
  const email = address('secret');
  await invite(ana, email);
  await ask(email);
  const rows = JSON.stringify([await api.db.auditEntry.findMany(), await api.db.mail.findMany()]);
  expect(rows).not.toContain(email);
});

describe('keys that a coach makes', () => {
  const make = (coach: TestCoach, body: object) => api.call('POST', '/v1/keys', { key: coach.key, body });

  test('have a mode, a scope and a name, are shown once, and are listed with their last use', async () => {
    const made = await make(ana, { scope: 'read_only', name: 'Shop server' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      mode: 'test',
      scope: 'read_only',
      name: 'Shop server',
      lastUsedAt: null,
    });
    const key = made.body.key as string;
    expect((await api.call('GET', '/v1/members', { key })).status).toBe(200);
    expect((await api.call('POST', '/v1/members', { key, body: { externalId: 'x' } })).status).toBe(403);
    const { text, body } = await api.call('GET', '/v1/keys', { key: ana.key });
    expect(text).not.toContain(key);
    expect((body.data as object[])[0]).toMatchObject({
      id: made.body.id,
      lastFour: key.slice(-4),
      lastUsedAt: expect.stringMatching(/Z$/) as string,
    });
  });

  test('are revoked at once, by their own coach alone', async () => {
    const made = await make(ana, { scope: 'full' });
    const revoke = (coach: TestCoach) =>
      api.call('POST', `/v1/keys/${made.body.id as string}/revoke`, { key: coach.key, body: {} });
    expect((await revoke(ben)).status).toBe(404);
    expect((await api.call('GET', '/v1/members', { key: made.body.key as string })).status).toBe(200);
    expect((await revoke(ana)).status).toBe(200);
    expect((await api.call('GET', '/v1/members', { key: made.body.key as string })).status).toBe(401);
  });

  test('sign in to the console with no more than their scope', async () => {
    const made = await make(ana, { scope: 'support' });
    const signedIn = await api.call('POST', '/console/api/session', { body: { key: made.body.key } });
    expect(signedIn.body.coaches).toMatchObject([{ modes: [{ mode: 'test', role: 'support' }] }]);
    const headers = {
      cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '',
      'X-CSRF-Token': signedIn.body.csrfToken as string,
    };
    const put = await api.call('PATCH', '/console/api/test/v1/settings', { headers, body: { graceDays: 3 } });
    expect(put.body).toMatchObject({ status: 403, code: 'role_not_allowed' });
    // And sees no other session than this one.
    await api.call('POST', '/console/api/session', { body: { key: ana.key } });
    const { data } = (await api.call('GET', '/console/api/sessions', { headers })).body as { data: object[] };
    expect(data).toMatchObject([{ current: true }]);
  });
});

describe('without a mail server', () => {
  const silent = apiFor('file');
  test('nobody is invited, and it is said why', async () => {
    const { key, coachId } = await createCoach(silent);
    const refused = await silent.call('POST', '/v1/people', {
      key,
      body: { email: 'kim@example.com', role: 'support' },
    });
    expect(refused.body).toMatchObject({ status: 409, code: 'mails_off' });
    expect(await silent.db.person.count({ where: { coachId } })).toBe(0);
    const asked = await silent.call('POST', '/console/api/sign-in-links', {
      body: { email: 'kim@example.com' },
    });
    expect(asked.body).toMatchObject({ code: 'mails_off' });
  });
});
