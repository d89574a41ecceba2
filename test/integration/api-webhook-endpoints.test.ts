import { randomBytes } from 'node:crypto';
import { unname } from '../../src/store/erasure';
import { apiFor, coachFor, createCoach } from './api-support';

const api = apiFor('file');
const coach = coachFor('file', api);
const call = (method: string, path: string, body?: unknown, key = coach.key) =>
  api.call(method, `/v1/webhook-endpoints${path}`, { key, ...(body === undefined ? {} : { body }) });
const make = async (body: object = {}) =>
  (await call('POST', '', { url: 'https://receiver.example/hooks', ...body })).body as {
    id: string;
    secret: string;
  };
const newMember = async (externalId: string) =>
  (await api.call('POST', '/v1/members', { key: coach.key, body: { externalId } })).body.id as string;
const deliveriesOf = async (id: string, query = '') =>
  (await call('GET', `/${id}/deliveries${query}`)).body as {
    data: { eventId: string; type: string; status: string }[];
    nextCursor: string | null;
  };

test('an endpoint is made, shown without its secret, changed, switched off and on, and deleted', async () => {
  const made = await make({ types: ['membership.*', 'access.ended'], description: 'The site' });
  expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { secret, ...shown } = made;
  expect((await call('GET', `/${made.id}`)).body).toEqual(shown);
  const list = await call('GET', '');
  expect(list.text).not.toContain(secret);
  expect(list.body.data).toContainEqual(shown);
  expect((await call('PATCH', `/${made.id}`, { types: [] })).body).toEqual({ ...shown, types: [] });
  expect((await call('POST', `/${made.id}/disable`, {})).body).toMatchObject({
    status: 'disabled',
    disabledReason: 'coach',
  });
  expect((await call('POST', `/${made.id}/test`, {})).status).toBe(409);
  expect((await call('POST', `/${made.id}/redeliver`, { since: '2026-01-01T00:00:00Z' })).status).toBe(409);
  expect((await call('POST', `/${made.id}/enable`, {})).body).toEqual({ ...shown, types: [] });
  expect((await call('DELETE', `/${made.id}`)).status).toBe(200);
  expect((await call('GET', `/${made.id}`)).status).toBe(404);
  const facts = await api.db.fact.findMany({
    where: { ids: { path: ['webhookEndpointId'], equals: made.id } },
    orderBy: [{ transaction: 'asc' }, { position: 'asc' }],
  });
  expect(facts.map(({ type }) => type.replace('webhook_endpoint.', ''))).toEqual([
    ...['created', 'updated', 'disabled', 'enabled', 'deleted'],
  ]);
});

test.each([
  [{ url: 'http://receiver.example/' }, 'url'],
  [{ url: 'https://127.0.0.1/' }, 'url'],
  [{ url: 'https://localhost/' }, 'url'],
  [{ url: 'https://169.254.169.254/latest' }, 'url'],
  [{ url: 'https://receiver.example/', types: ['membership.lost'] }, 'types'],
  [{ url: 'https://receiver.example/', secret: 'whsec_x' }, undefined],
])('%j is refused', async (body, field) => {
  const answer = await call('POST', '', body);
  expect(answer.status).toBe(400);
  if (field !== undefined) expect(answer.text).toContain(field);
});

test('scenario 62: what happens is written down for those who listen, in the same transaction, and for nobody else', async () => {
  const other = await createCoach(api);
  const theirs = await call('POST', '', { url: 'https://receiver.example/' }, other.key);
  const all = await make();
  const some = await make({ types: ['member.*'] });
  const none = await make({ types: ['price.*'] });
  const off = await make();
  await call('POST', `/${off.id}/disable`, {});
  await newMember('mia');
  const typesOf = async (id: string) => (await deliveriesOf(id)).data.map(({ type }) => type);
  expect(await typesOf(some.id)).toEqual(['member.created']);
  expect(await typesOf(all.id)).toContain('member.created');
  expect(await typesOf(none.id)).toEqual([]);
  expect(await typesOf(off.id)).not.toContain('member.created');
  expect(
    (await api.db.webhookDelivery.findMany({ where: { endpointId: String(theirs.body.id) } })).length,
  ).toBe(0);

  // Rolled back with what it is about.
  const before = await api.db.webhookDelivery.count();
  await expect(
    api.db.$transaction(async (tx) => {
      await tx.member.create({ data: { id: 'mbr_lost', coachId: coach.coachId, mode: coach.mode } });
      await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
      expect(await tx.webhookDelivery.count()).toBeGreaterThan(before);
      throw new Error('crash');
    }),
  ).rejects.toThrow('crash');
  expect(await api.db.webhookDelivery.count()).toBe(before);
});

test('a test is told to that endpoint alone, and deliveries are read page by page', async () => {
  const one = await make({ types: ['price.failed'] });
  const other = await make();
  const { data: before } = await deliveriesOf(other.id);
  const sent: string[] = [];
  for (let i = 0; i < 3; i++) sent.push((await call('POST', `/${one.id}/test`, {})).body.eventId as string);
  expect((await deliveriesOf(other.id)).data).toEqual(before);
  const first = await deliveriesOf(one.id, '?limit=2');
  expect(first.data.map(({ eventId }) => eventId)).toEqual([sent[2], sent[1]]);
  const rest = await deliveriesOf(one.id, `?limit=2&cursor=${first.nextCursor}`);
  expect(rest).toMatchObject({
    data: [{ eventId: sent[0], type: 'webhook_endpoint.test' }],
    nextCursor: null,
  });
  expect((await deliveriesOf(one.id, '?status=failed')).data).toEqual([]);
});

test('all since a time, or what failed of it, is told again', async () => {
  const { id } = await make({ types: ['member.*'] });
  const since = new Date().toISOString();
  // Times of a request are whole seconds: what else happened in this one is told as well.
  const told = async (prefix: string) => ({
    events: await api.db.fact.count({
      where: {
        coachId: coach.coachId,
        type: { startsWith: prefix },
        createdAt: { gte: new Date(Math.floor(Date.parse(since) / 1000) * 1000) },
      },
    }),
  });
  for (const name of ['one', 'two', 'three']) await newMember(`again-${name}`);
  const [third, second] = (await deliveriesOf(id)).data;
  const { coachId, mode } = coach;
  const key = (factId: string) => ({ coachId, mode, endpointId: id, factId });
  const settle = (factId: string, status: 'failed' | 'delivered') =>
    api.db.webhookDelivery.updateMany({
      where: key(factId),
      data: { status, tries: 10, endedAt: new Date() },
    });
  await settle(third?.eventId ?? '', 'failed');
  await settle(second?.eventId ?? '', 'delivered');
  expect((await call('POST', `/${id}/redeliver`, { since, failedOnly: true })).body).toEqual({ events: 1 });
  expect((await deliveriesOf(id)).data.map(({ status }) => status)).toEqual([
    'waiting',
    'delivered',
    'waiting',
  ]);
  const one = await call('POST', `/${id}/deliveries/${second?.eventId}/redeliver`, {});
  expect(one.body).toMatchObject({ status: 'waiting', tries: 0 });
  expect((await call('POST', `/${id}/redeliver`, { since })).body).toEqual(await told('member.'));
  // It was not there yet, and hears of it all the same.
  const late = await make({ types: ['member.created'] });
  expect((await call('POST', `/${late.id}/redeliver`, { since })).body).toEqual(await told('member.created'));
});

test('an erasure takes away what receivers said of the member', async () => {
  const { id } = await make({ types: ['member.*'] });
  const memberId = await newMember('gone');
  const [delivery] = (await deliveriesOf(id)).data;
  const { coachId, mode } = coach;
  const key = { coachId, mode, endpointId: id, factId: delivery?.eventId ?? '' };
  await api.db.webhookTry.create({
    data: {
      ...key,
      round: 1,
      number: 1,
      at: new Date(),
      status: 500,
      latencyMs: 1,
      answer: 'mia@example.com',
    },
  });
  const now = Math.floor(Date.now() / 1000);
  await api.db.$transaction((tx) =>
    unname(
      tx,
      { coachId, mode, memberId },
      { now, publicUrl: 'http://x', encryptionKey: randomBytes(32), keyId: null, run: null },
    ),
  );
  expect(await api.db.webhookTry.findFirst({ where: key })).toMatchObject({ status: 500, answer: null });
});
