import { apiFor, coachFor, createCoach, PLATFORM_KEY } from './api-support';

const api = apiFor('file', {}, { audited: true });
const coach = coachFor('file', api);

const entries = async (query = '', key = coach.key) =>
  (await api.call('GET', `/v1/audit-log${query}`, { key })).body.data as Record<string, unknown>[];
const rowsOf = (operation: string) =>
  api.db.auditEntry.findMany({ where: { coachId: coach.coachId, operation }, orderBy: { at: 'asc' } });

test('a change is written down with who asked, what it made and what came of it, and never what was said', async () => {
  const email = 'mia.audit@example.com';
  const made = await api.call('POST', '/v1/members', {
    key: coach.key,
    body: { externalId: 'mia-of-the-coach', email },
  });
  expect(made.status).toBe(201);
  const [entry] = await entries('?operation=postV1Members');
  expect(entry).toEqual({
    id: expect.stringMatching(/^aud_/) as string,
    mode: 'test',
    at: expect.stringMatching(/Z$/) as string,
    operation: 'postV1Members',
    actor: { kind: 'key', id: coach.keyId, email: null, key: `…${coach.key.slice(-4)}` },
    role: 'owner',
    subjectId: made.body.id,
    fields: ['externalId', 'email'],
    outcome: 'done',
    code: null,
    requestId: made.headers.get('x-request-id'),
    times: 1,
    lastAt: null,
  });
  // Whom an address names by the coach's own name is written down by our id.
  await api.call('POST', '/v1/members/mia-of-the-coach/erase', { key: coach.key, body: {} });
  await api.call('POST', '/v1/members/nobody-of-the-coach/erase', { key: coach.key, body: {} });
  const stored = JSON.stringify(await api.db.auditEntry.findMany());
  for (const name of [email, 'mia-of-the-coach', 'nobody-of-the-coach', coach.key, 'Yoga with Ana'])
    expect(stored).not.toContain(name);
});

test('what is refused and what fails is there too, with its code; what only reads is not', async () => {
  await api.call('POST', '/v1/products', { key: coach.key, body: '{"name":' });
  await api.call('POST', '/v1/products', { key: coach.key, body: {} });
  await api.call('POST', '/v1/products/pdt_nothing/archive', { key: coach.key, body: {} });
  api.fake.set('openConnection', () => Promise.reject(new Error('out of order')));
  await api.call('POST', '/v1/connection', { key: coach.key, body: {} });
  api.fake.reset();
  await api.call('GET', '/v1/products', { key: coach.key });
  const short = (await entries())
    .slice(0, 4)
    .map(({ operation, outcome, code }) => [operation, outcome, code]);
  expect(short.reverse()).toEqual([
    ['postV1Products', 'refused', 'malformed_json'],
    ['postV1Products', 'refused', 'invalid_request'],
    ['postV1ProductsIdArchive', 'refused', 'not_found'],
    ['postV1Connection', expect.stringMatching(/refused|failed/) as string, expect.any(String) as string],
  ]);
});

test('a request that is repeated with its Idempotency-Key is one line', async () => {
  const send = () =>
    api.call('POST', '/v1/products', {
      key: coach.key,
      body: { name: 'Once' },
      headers: { 'Idempotency-Key': 'audit-once' },
    });
  const before = (await rowsOf('postV1Products')).length;
  const first = await send();
  expect((await send()).headers.get('idempotent-replayed')).toBe('true');
  const rows = await rowsOf('postV1Products');
  expect(rows).toHaveLength(before + 1);
  expect(rows.at(-1)).toMatchObject({ subjectId: first.body.id, outcome: 'done' });
});

test('scenario 87: what cannot be written down is not done', async () => {
  const other = await createCoach(api);
  const products = () => api.db.product.count({ where: { coachId: other.coachId } });
  await api.db.$executeRaw`ALTER TABLE audit_entry RENAME TO audit_entry_away`;
  const refused = await api.call('POST', '/v1/products', { key: other.key, body: { name: 'Unseen' } });
  const read = await api.call('GET', '/v1/products', { key: other.key });
  await api.db.$executeRaw`ALTER TABLE audit_entry_away RENAME TO audit_entry`;
  expect([refused.status, await products(), read.status]).toEqual([500, 0, 200]);
  expect((await api.call('POST', '/v1/products', { key: other.key, body: { name: 'Seen' } })).status).toBe(
    201,
  );
});

test('what came of it is unknown where the answer never was; a repetition finds out, on the same line', async () => {
  const other = await createCoach(api);
  const send = () =>
    api.call('POST', '/v1/products', {
      key: other.key,
      body: { name: 'Twice' },
      headers: { 'Idempotency-Key': 'audit-lost' },
    });
  // The first statement of the line passes, the second does not: as if the process had gone in between.
  await api.db.$executeRaw`
    ALTER TABLE audit_entry ADD CONSTRAINT never_done CHECK (outcome IS NULL OR operation <> 'postV1Products') NOT VALID`;
  expect((await send()).status).toBe(500);
  const where = { coachId: other.coachId, operation: 'postV1Products' };
  const [line] = await api.db.auditEntry.findMany({ where });
  expect(line).toMatchObject({ outcome: null });
  await api.db.$executeRaw`ALTER TABLE audit_entry DROP CONSTRAINT never_done`;
  expect((await send()).status).toBe(201);
  const after = await api.db.auditEntry.findMany({ where });
  expect(after).toHaveLength(1);
  expect(after[0]).toMatchObject({ id: line?.id, outcome: 'done' });
  expect(await api.db.product.count({ where: { coachId: other.coachId } })).toBe(1);
});

test('what the platform does for a coach is in the coach’s log, of both modes where it is of none', async () => {
  const other = await createCoach(api);
  await api.call('POST', `/v1/coaches/${other.coachId}/console-links`, { key: PLATFORM_KEY, body: {} });
  const shown = (await entries('', other.key)).map(({ operation, actor, mode, subjectId }) => ({
    operation,
    kind: (actor as { kind: string }).kind,
    mode,
    subjectId,
  }));
  expect(shown).toEqual([
    { operation: 'postV1CoachesIdConsoleLinks', kind: 'platform', mode: null, subjectId: other.coachId },
    { operation: 'postV1CoachesIdApiKeys', kind: 'platform', mode: 'test', subjectId: other.keyId },
    { operation: 'postV1Coaches', kind: 'platform', mode: null, subjectId: other.coachId },
  ]);
});

test('pages, filters and the file tell the same; no other coach’s lines are among them', async () => {
  const other = await createCoach(api);
  for (const name of ['a', 'b', 'c'])
    await api.call('POST', '/v1/products', { key: other.key, body: { name } });
  await api.call('POST', '/v1/products', { key: other.key, body: {} });
  const all = await entries('', other.key);
  const paged: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await api.call('GET', `/v1/audit-log?limit=2${cursor && `&cursor=${cursor}`}`, {
      key: other.key,
    });
    paged.push(...(body.data as unknown[]));
    cursor = body.nextCursor as string | null;
  }
  expect(paged).toEqual(all);
  expect(await entries('?outcome=refused', other.key)).toHaveLength(1);
  expect(await entries(`?actor=${other.keyId}`, other.key)).toHaveLength(4);
  expect(await entries(`?subject=${String(all[1]?.['subjectId'])}`, other.key)).toHaveLength(1);
  expect(await entries('?until=2020-01-01T00:00:00Z', other.key)).toEqual([]);
  const file = await api.call('GET', '/v1/audit-log.csv', { key: other.key });
  const lines = file.text.trim().split('\r\n');
  expect(lines).toHaveLength(all.length + 1);
  expect(lines[1]).toBe(
    `${String(all[0]?.['at'])},postV1Products,refused,invalid_request,key,${other.keyId},,…${other.key.slice(-4)},owner,,,${String(all[0]?.['requestId'])},${String(all[0]?.['id'])},1,`,
  );
  expect(file.text).not.toContain(coach.keyId);
});

test('scenario 101: whoever asks for what they may not, without an end, is one line an hour, with how often', async () => {
  const other = await createCoach(api);
  const { body } = await api.call('POST', `/v1/coaches/${other.coachId}/api-keys`, {
    key: PLATFORM_KEY,
    body: { mode: 'test', scope: 'read_only' },
  });
  const refuse = async (id: string) => {
    const answer = await api.call('POST', `/v1/products/${id}/archive`, {
      key: body.key as string,
      body: {},
    });
    expect(answer.body.code).toBe('role_not_allowed');
    return answer.headers.get('x-request-id');
  };
  await refuse('pdt_1');
  const requests: (string | null)[] = [];
  for (let n = 0; n < 24; n++) requests.push(await refuse(`pdt_${n % 3}`));
  const lines = await entries('?operation=postV1ProductsIdArchive', other.key);
  // An hour may end meanwhile.
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(lines.reduce((sum, { times }) => sum + Number(times), 0)).toBe(25);
  expect(lines[0]).toMatchObject({
    actor: { kind: 'key', id: body.id },
    outcome: 'refused',
    code: 'role_not_allowed',
    requestId: requests.at(-1),
    lastAt: expect.stringMatching(/Z$/) as string,
  });
  // Of what each of them was about, only what all were about is said.
  expect(lines[0]?.['subjectId']).toBeNull();
});

test('signing in with a key and out again is in it; a key that nobody has is nobody’s', async () => {
  const other = await createCoach(api);
  await api.call('POST', '/console/api/session', { body: { key: `ses_test_${'A'.repeat(43)}` } });
  const signedIn = await api.call('POST', '/console/api/session', { body: { key: other.key } });
  const headers = {
    cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    'X-CSRF-Token': signedIn.body.csrfToken as string,
  };
  expect((await api.call('DELETE', '/console/api/session', { headers })).status).toBe(204);
  const lines = (await entries('?limit=2', other.key)).reverse();
  const byKey = { actor: { kind: 'key', id: other.keyId }, role: 'owner', outcome: 'done', mode: null };
  expect(lines).toMatchObject([
    { ...byKey, operation: 'postConsoleApiSession' },
    { ...byKey, operation: 'deleteConsoleApiSession' },
  ]);
});

test('scenario 87: who cannot be written down as signed in is not', async () => {
  const other = await createCoach(api);
  await api.db.$executeRaw`
    ALTER TABLE audit_entry ADD CONSTRAINT nobody_enters CHECK (operation <> 'postConsoleApiSession') NOT VALID`;
  const refused = await api.call('POST', '/console/api/session', { body: { key: other.key } });
  await api.db.$executeRaw`ALTER TABLE audit_entry DROP CONSTRAINT nobody_enters`;
  expect([refused.status, refused.headers.getSetCookie()]).toEqual([500, []]);
});

test('browsers that are signed out are in it, with who did it', async () => {
  const other = await createCoach(api);
  const signedIn = await api.call('POST', '/console/api/session', { body: { key: other.key } });
  const headers = {
    cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    'X-CSRF-Token': signedIn.body.csrfToken as string,
  };
  expect((await api.call('DELETE', '/console/api/sessions', { headers })).status).toBe(200);
  expect(await entries('?operation=deleteConsoleApiSessions', other.key)).toMatchObject([
    { actor: { kind: 'key', id: other.keyId }, outcome: 'done', mode: null },
  ]);
});

test('fields are those that were sent, not those that have a default', async () => {
  await api.call('POST', '/v1/signing-secrets', { key: coach.key, body: {} });
  await api.call('POST', '/v1/signing-secrets', { key: coach.key, body: { keepOldHours: 1 } });
  const rows = await rowsOf('postV1SigningSecrets');
  expect(rows.map(({ fields }) => fields)).toEqual([[], ['keepOldHours']]);
});
