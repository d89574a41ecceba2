import { createSessions } from '../../src/api/console/sessions';
import { newId } from '../../src/domain/ids';
import type { Mode } from '../../src/domain/mode';
import {
  mayDo,
  operationIdOf,
  operationName,
  permissionOf,
  type Role,
  ROLES,
} from '../../src/domain/permissions';
import { type Answer, apiFor, createCoach, PLATFORM_KEY, type TestCoach } from './api-support';

const api = apiFor('file', {}, { audited: true });
let coach: TestCoach;
beforeAll(async () => {
  coach = await createCoach(api);
});

interface Caller {
  name: string;
  role: Role;
  actor: { actor: 'key' | 'user'; actorId: string };
  send(method: string, path: string, body?: unknown): Promise<Answer>;
}

const SCOPE: Record<Role, string> = {
  owner: 'full',
  finance: 'finance',
  support: 'support',
  read_only: 'read_only',
};

async function keyOf(role: Role): Promise<Caller> {
  const { body } = await api.call('POST', `/v1/coaches/${coach.coachId}/api-keys`, {
    key: PLATFORM_KEY,
    body: { mode: 'test', scope: SCOPE[role] },
  });
  const [key, id] = [body.key as string, body.id as string];
  return {
    name: `a key of scope ${SCOPE[role]}`,
    role,
    actor: { actor: 'key', actorId: id },
    send: (method, path, sent) =>
      api.call(method, path, { key, ...(sent === undefined ? {} : { body: sent }) }),
  };
}

/** Somebody who signed in by a link of their own. */
async function personOf(role: Role, mode: Mode = 'test'): Promise<Caller & { personId: string }> {
  const { coachId } = coach;
  const [userId, personId] = [newId('user'), newId('person')];
  await api.db.consoleUser.create({
    data: { id: userId, email: `${role}-${userId}@example.com`.toLowerCase() },
  });
  await api.db.person.create({ data: { coachId, mode, id: personId, userId, role } });
  const sessions = createSessions(api.db);
  const { token } = await api.db.$transaction((tx) => sessions.createUserLink(tx, userId));
  const cookie = (await sessions.openByLink(token, undefined)) ?? '';
  const csrfToken = (await sessions.find(cookie))?.csrfToken ?? '';
  return {
    name: `a person who is ${role}`,
    role,
    personId,
    actor: { actor: 'user', actorId: userId },
    send: (method, path, sent) =>
      api.call(method, `/console/api/${coachId}/${mode}${path}`, {
        headers: { cookie: `session_console=${cookie}`, 'X-CSRF-Token': csrfToken },
        ...(sent === undefined ? {} : { body: sent }),
      }),
  };
}

type Operation = { security: Record<string, unknown>[] };
async function operations() {
  const { body } = await api.call('GET', '/openapi.json');
  return Object.entries(body.paths as Record<string, Record<string, Operation>>)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({ method, path, security })),
    )
    .filter(({ security }) => security.some((one) => 'coachKey' in one));
}

/** What is sent: ids of nothing, and no field. */
const addressOf = (path: string) => path.replaceAll(/\{\w+\}/g, 'nothing');
const bodyOf = (method: string) => (method === 'get' || method === 'delete' ? undefined : {});

test.each([
  ['keys', keyOf],
  ['people', personOf],
] as const)(
  'scenario 85: every operation of the document is tried as every role, by %s: what the table does not allow is refused, and written down',
  async (_who, callerOf) => {
    const all = await operations();
    expect(all.length).toBeGreaterThan(85);
    const [tried, wrong]: [string[], string[]] = [[], []];
    const refused: { actorId: string; operation: string }[] = [];
    for (const role of ROLES) {
      const caller = await callerOf(role);
      for (const { method, path } of all) {
        const answer = await caller.send(method.toUpperCase(), addressOf(path), bodyOf(method));
        const operation = { method, path };
        tried.push(`${role} ${operationName(operation)}`);
        const isRefused = answer.status === 403 && answer.body.code === 'role_not_allowed';
        if (isRefused === mayDo(role, permissionOf(operation)))
          wrong.push(
            `${caller.name}: ${operationName(operation)}: ${answer.status} ${answer.text.slice(0, 80)}`,
          );
        if (isRefused) refused.push({ actorId: caller.actor.actorId, operation: operationIdOf(operation) });
      }
      const written = await api.db.auditEntry.findMany({
        where: { ...caller.actor, code: 'role_not_allowed' },
      });
      const mine = refused.filter(({ actorId }) => actorId === caller.actor.actorId);
      expect(written.map(({ operation }) => operation).sort()).toEqual(
        mine.map(({ operation }) => operation).sort(),
      );
      for (const row of written)
        expect(row).toMatchObject({ coachId: coach.coachId, mode: 'test', role, outcome: 'refused' });
    }
    expect(wrong).toEqual([]);
    expect(tried).toHaveLength(ROLES.length * all.length);
  },
  240_000,
);

test('scenario 87: what an owner changes is written down, whatever comes of it; what they read is not', async () => {
  const owner = await keyOf('owner');
  for (const { method, path } of await operations())
    await owner.send(method.toUpperCase(), addressOf(path), bodyOf(method));
  const rows = await api.db.auditEntry.findMany({ where: owner.actor });
  const changes = (await operations()).filter((one) => permissionOf(one).kind === 'change');
  expect([...new Set(rows.map(({ operation }) => operation))].sort()).toEqual(
    changes.map(operationIdOf).sort(),
  );
  expect(rows.filter(({ outcome }) => outcome === null)).toEqual([]);
}, 120_000);

test('scenario 86: what a key’s scope does not have is refused, and the refusal says who may', async () => {
  const key = await keyOf('support');
  expect((await key.send('POST', '/v1/payments/pay_1/refunds', {})).body).toMatchObject({
    status: 403,
    code: 'role_not_allowed',
    detail: 'A key of scope support may not do this (POST /v1/payments/{id}/refunds); full and finance may.',
    details: { scope: 'support', allowed: ['owner', 'finance'], scopes: ['full', 'finance'] },
  });
  const person = await personOf('read_only');
  expect((await person.send('POST', '/v1/products', { name: 'Morning yoga' })).body).toMatchObject({
    detail: 'The role read_only may not do this (POST /v1/products); owner may.',
    details: { role: 'read_only', allowed: ['owner'] },
  });
});

test('scenario 87: a refusal is in the log, with who it was, what they are and what they asked for', async () => {
  const [key, person] = [await keyOf('read_only'), await personOf('finance')];
  await key.send('GET', '/v1/audit-log');
  await person.send('POST', '/v1/grants', { productId: 'pdt_1' });
  const { coachId } = coach;
  const of = (actorId: string) => api.db.auditEntry.findMany({ where: { coachId, actorId } });
  const [[ofKey], [ofPerson]] = await Promise.all([of(key.actor.actorId), of(person.actor.actorId)]);
  const refused = { mode: 'test', outcome: 'refused', code: 'role_not_allowed' };
  expect(ofKey).toMatchObject({ ...refused, ...key.actor, role: 'read_only', operation: 'getV1AuditLog' });
  expect(ofPerson).toMatchObject({ ...refused, ...person.actor, role: 'finance', operation: 'postV1Grants' });
});

test('scenario 85: a role that changes, and a person who is removed, count from the next request on', async () => {
  const person = await personOf('owner');
  const { coachId } = coach;
  const which = { coachId_mode_id: { coachId, mode: 'test' as const, id: person.personId } };
  expect((await person.send('POST', '/v1/products', { name: 'Morning yoga' })).status).toBe(201);
  await api.db.person.update({ where: which, data: { role: 'read_only' } });
  expect((await person.send('POST', '/v1/products', { name: 'Evening yoga' })).status).toBe(403);
  expect((await person.send('GET', '/v1/products')).status).toBe(200);
  await api.db.person.delete({ where: which });
  expect((await person.send('GET', '/v1/products')).status).toBe(401);
});

test('a session of one coach opens no other, and one of test mode no live mode', async () => {
  const person = await personOf('owner');
  const stranger = await createCoach(api);
  const { coachId } = coach;
  const at = async (path: string) => {
    const sessions = await api.db.consoleSession.findFirstOrThrow({
      where: { userId: person.actor.actorId },
    });
    expect(sessions.coachId).toBeNull();
    return person.send('GET', path);
  };
  expect((await at('/v1/settings')).status).toBe(200);
  for (const address of [`${stranger.coachId}/test`, `${coachId}/live`, 'live', 'coach_nobody/test']) {
    const answer = await person.send('GET', `/../../${address}/v1/settings`);
    expect([address, answer.status, answer.body.code]).toEqual([address, 403, 'mode_not_signed_in']);
  }
});
