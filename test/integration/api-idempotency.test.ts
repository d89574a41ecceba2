import { announcePresence, isPresent } from '../../src/db/presence';
import { eventually } from '../support/eventually';
import { apiFor, coachFor, connect, createCoach, createPrice, PLATFORM_KEY, startApi } from './api-support';

const api = apiFor('file');
const coach = coachFor('file', api);
afterEach(() => api.fake.reset());

const post = (path: string, body: unknown, idempotencyKey: string, key = coach.key) =>
  api.call('POST', path, { key, body, headers: { 'Idempotency-Key': idempotencyKey } });

test('the same request gets the same answer and is done once', async () => {
  const first = await post('/v1/products', { name: 'Yoga' }, 'once');
  const second = await post('/v1/products', { name: 'Yoga' }, 'once');
  expect(first.status).toBe(201);
  expect(second.status).toBe(201);
  expect(second.body).toEqual(first.body);
  expect(first.headers.get('idempotent-replayed')).toBeNull();
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect(await api.db.product.count({ where: { coachId: coach.coachId } })).toBe(1);
});

test('another request with the key is refused', async () => {
  const answer = await post('/v1/products', { name: 'Pilates' }, 'once');
  expect(answer.status).toBe(422);
  expect(answer.body.code).toBe('idempotency_key_reused');
  expect((await post('/v1/members', { externalId: 'u' }, 'once')).status).toBe(422);
});

test('another coach may use the same key', async () => {
  const other = await createCoach(api);
  const answer = await post('/v1/products', { name: 'Pilates' }, 'once', other.key);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('idempotent-replayed')).toBeNull();
});

test('ten at once do it once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => post('/v1/products', { name: 'Race' }, 'race')),
  );
  const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id as string));
  expect(ids.size).toBe(1);
  for (const answer of answers.filter(({ status }) => status !== 201))
    expect(answer.body.code).toBe('idempotency_in_progress');
  expect(await api.db.product.count({ where: { name: 'Race' } })).toBe(1);
});

test('while the first is being worked on a second one is told so', async () => {
  const accountId = await connect(api, coach);
  const price = await createPrice(api, coach, accountId);
  const open = api.fake.workflows.openCheckout;
  let begun: () => void = () => undefined;
  let release: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  api.fake.set('openCheckout', async (id, owner) => {
    begun();
    await released;
    return open(id, owner);
  });
  const body = { priceId: price.priceId, member: 'slow' };
  const first = post('/v1/checkouts', body, 'slow');
  await hasBegun;
  const second = await post('/v1/checkouts', body, 'slow');
  expect(second.status).toBe(409);
  expect(second.body.code).toBe('idempotency_in_progress');
  release();
  expect((await first).status).toBe(201);
});

test('a 5xx is not kept: the repetition tries again', async () => {
  api.fake.set('syncCatalog', () =>
    Promise.reject(Object.assign(new Error('down'), { code: 'ECONNREFUSED' })),
  );
  const product = await api.db.product.findFirstOrThrow({ where: { coachId: coach.coachId, mode: 'test' } });
  const path = `/v1/products/${product.id}/archive`;
  expect((await post(path, {}, 'later')).status).toBe(503);
  api.fake.reset();
  const again = await post(path, {}, 'later');
  expect(again.status).toBe(200);
  expect(again.headers.get('idempotent-replayed')).toBeNull();
  expect(again.body.status).toBe('archived');
});

test('a refusal is kept', async () => {
  const body = { unitAmount: 100 };
  const product = await post('/v1/products', { name: 'Refused' }, 'refused-product');
  const other = await createCoach(api, 'live');
  const lonely = await post('/v1/products', { name: 'Lonely' }, 'lonely', other.key);
  const path = `/v1/products/${lonely.body.id as string}/prices`;
  expect((await post(path, body, 'refused', other.key)).body.code).toBe('not_connected');
  await connect(api, other);
  const replay = await post(path, body, 'refused', other.key);
  expect(replay.status).toBe(409);
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect(replay.headers.get('content-type')).toContain('application/problem+json');
  expect(product.status).toBe(201);
});

test('a request whose process died is taken over, and finds what it left', async () => {
  await post('/v1/products', { name: 'Left' }, 'died');
  const past = new Date(Date.now() - 1000);
  const where = { key: 'died', scope: `${coach.coachId}/test` };
  await api.db.idempotencyRecord.updateMany({ where, data: { status: null, lockedUntil: past } });
  const again = await post('/v1/products', { name: 'Left' }, 'died');
  expect(again.status).toBe(201);
  expect(await api.db.product.count({ where: { name: 'Left' } })).toBe(1);
});

describe('a request whose process is killed', () => {
  /** Another process of the same installation, which begins a purchase and comes to no end with it. */
  async function beginElsewhere(key: string) {
    const elsewhere = await startApi({
      DATABASE_URL: api.config.databaseUrl,
      ENCRYPTION_KEY: api.config.encryptionKey.toString('base64'),
    });
    await eventually('its presence', () => elsewhere.presence.number() !== null);
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    elsewhere.fake.set('openCheckout', () => {
      begun();
      return new Promise(() => undefined);
    });
    const seller = await createCoach(api);
    const { priceId } = await createPrice(api, seller, await connect(api, seller));
    const body = { priceId, member: 'ada' };
    const first = elsewhere
      .call('POST', '/v1/checkouts', { key: seller.key, body, headers: { 'Idempotency-Key': key } })
      .catch(() => null);
    await hasBegun;
    return { elsewhere, first, seller, repeat: () => post('/v1/checkouts', body, key, seller.key) };
  }

  test('is taken over as soon as the process is known to be gone, and not before', async () => {
    const { elsewhere, first, seller, repeat } = await beginElsewhere('killed');
    expect((await repeat()).body.code).toBe('idempotency_in_progress');
    await elsewhere.presence.stop();
    const taken = await repeat();
    // It finds the checkout that the first try left.
    expect(taken.status).toBe(200);
    expect(taken.headers.get('idempotent-replayed')).toBeNull();
    expect(await api.db.checkout.findMany({ where: { coachId: seller.coachId } })).toHaveLength(1);
    await elsewhere.close();
    await first;
  });

  test('of a process that nobody can ask about is taken over after its time', async () => {
    const { elsewhere, first, repeat } = await beginElsewhere('unknown');
    await api.db.idempotencyRecord.updateMany({ where: { key: 'unknown' }, data: { holder: null } });
    await elsewhere.presence.stop();
    expect((await repeat()).body.code).toBe('idempotency_in_progress');
    await elsewhere.close();
    await first;
  });
});

test('a process that lost its connection to the database is known again once it has another', async () => {
  const there = announcePresence(api.config.databaseUrl, () => undefined);
  const number = await eventually('its presence', () => there.number() ?? false);
  expect(await isPresent(api.db, number)).toBe(true);
  // Two who ask at once do not take each other for the one who is asked about.
  expect(await Promise.all(Array.from({ length: 5 }, () => isPresent(api.db, number + 1)))).not.toContain(
    true,
  );
  await api.db.$queryRaw`
    SELECT pg_terminate_backend(pid, 5000)::text FROM pg_stat_activity
    WHERE application_name = 'presence' AND datname = current_database()`;
  expect(await isPresent(api.db, number)).toBe(false);
  await eventually('its presence, again', async () => isPresent(api.db, number));
  await there.stop();
  expect(await isPresent(api.db, number)).toBe(false);
});

test('an answer that carries a secret is not readable in the database', async () => {
  const path = `/v1/coaches/${coach.coachId}/api-keys`;
  const made = await post(path, { mode: 'test' }, 'secret', PLATFORM_KEY);
  const replay = await post(path, { mode: 'test' }, 'secret', PLATFORM_KEY);
  expect(replay.body.key).toBe(made.body.key);
  const records = await api.db.idempotencyRecord.findMany();
  expect(JSON.stringify(records)).not.toContain(made.body.key as string);
});

test.each(['', ' ', 'ä', 'x'.repeat(256)])('the key %j is refused', async (idempotencyKey) => {
  const answer = await api.call('POST', '/v1/products', {
    key: coach.key,
    body: { name: 'x' },
    headers: { 'Idempotency-Key': encodeURI(idempotencyKey) === idempotencyKey ? idempotencyKey : 'ä' },
  });
  expect(answer.status).toBe(400);
  expect(answer.body.field).toBe('Idempotency-Key');
});

test('after a day the key is free again', async () => {
  await post('/v1/products', { name: 'Old' }, 'old');
  const old = new Date(Date.now() - 25 * 3600 * 1000);
  await api.db.idempotencyRecord.updateMany({
    where: { key: 'old' },
    data: { createdAt: old, lockedUntil: old },
  });
  const fresh = await post('/v1/products', { name: 'New' }, 'old');
  expect(fresh.status).toBe(201);
  expect(fresh.body.name).toBe('New');
});
