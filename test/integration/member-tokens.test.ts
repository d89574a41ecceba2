import { createHash, createHmac } from 'node:crypto';
import { type SigningSecret, signMemberToken } from '@session/sdk';
import { createMemberTokens } from '../../src/api/buy/member-token';
import {
  apiFor,
  coachFor,
  connect,
  createCoach,
  createPrice,
  createSigningSecret,
  PLATFORM_KEY,
} from './api-support';

// Who may say whom a purchase is for: the holder of a signing secret, and nobody else.
let price: { productId: string; priceId: string };
let signing: SigningSecret;
const api = apiFor('file');
const coach = coachFor('test', api);
beforeEach(async () => {
  api.fake.reset();
  price = await createPrice(api, coach, await connect(api, coach));
  signing = await createSigningSecret(api, coach);
});

const soon = () => Math.floor(Date.now() / 1000) + 600;
const tokenBy = (secret: SigningSecret, externalId = 'mia') =>
  signMemberToken({ externalId }, secret, soon());
const visit = (token: string) => api.call('GET', `/buy/${price.priceId}?member=${token}`);
const secrets = (method: string, path = '', body?: object, key = coach.key) =>
  api.call(method, `/v1/signing-secrets${path}`, { key, ...(body === undefined ? {} : { body }) });

describe('signing secrets', () => {
  test('one is shown once, and kept so that the database does not tell it', async () => {
    const made = await secrets('POST', '', {});
    expect(made).toMatchObject({ status: 201, body: { mode: 'test', validUntil: null } });
    expect(made.body.secret).toMatch(/^ses_sign_test_[\w-]{43}$/);
    const listed = await secrets('GET');
    expect(listed.body.data).toHaveLength(2);
    expect(listed.text).not.toContain('ses_sign_');
    const row = await api.db.signingSecret.findUniqueOrThrow({ where: { id: made.body.id as string } });
    expect(JSON.stringify(row)).not.toContain((made.body.secret as string).slice(-43));
  });

  test('a repeated request gets the same one', async () => {
    const headers = { 'Idempotency-Key': 'rotate-once' };
    const make = () => api.call('POST', '/v1/signing-secrets', { key: coach.key, body: {}, headers });
    const [first, again] = [await make(), await make()];
    expect(again.body).toEqual(first.body);
    expect((await secrets('GET')).body.data).toHaveLength(2);
  });

  test('the old one is taken until the time that was said', async () => {
    const before = Date.now();
    const made = await secrets('POST', '', { keepOldHours: 3 });
    const next = made.body as unknown as SigningSecret;
    expect((await visit(await tokenBy(signing))).status).toBe(200);
    expect((await visit(await tokenBy(next))).status).toBe(200);
    const old = await api.db.signingSecret.findUniqueOrThrow({ where: { id: signing.id } });
    expect(Math.round(((old.expiresAt?.getTime() ?? 0) - before) / 3_600_000)).toBe(3);
    await api.db.signingSecret.update({ where: { id: signing.id }, data: { expiresAt: new Date() } });
    expect((await visit(await tokenBy(signing))).status).toBe(403);
    expect((await visit(await tokenBy(next))).status).toBe(200);
  });

  test('the old one ends at once where that is asked for', async () => {
    await secrets('POST', '', { keepOldHours: 0 });
    expect((await visit(await tokenBy(signing))).status).toBe(403);
  });

  test('one that became known is ended', async () => {
    expect(await secrets('POST', `/${signing.id}/expire`, {})).toMatchObject({ status: 200 });
    expect((await visit(await tokenBy(signing))).status).toBe(403);
  });

  test('of two that are made at once one is in use', async () => {
    await Promise.all([secrets('POST', '', {}), secrets('POST', '', {}), secrets('POST', '', {})]);
    const rows = await api.db.signingSecret.findMany({ where: { coachId: coach.coachId } });
    expect(rows).toHaveLength(4);
    expect(rows.filter(({ expiresAt }) => expiresAt === null)).toHaveLength(1);
  });

  test('another coach neither sees nor ends it', async () => {
    const ben = await createCoach(api);
    expect((await secrets('GET', '', undefined, ben.key)).body.data).toEqual([]);
    expect((await secrets('POST', `/${signing.id}/expire`, {}, ben.key)).status).toBe(404);
    expect((await visit(await tokenBy(signing))).status).toBe(200);
  });
});

describe('what is signed for somebody else is refused', () => {
  test('with the secret of another coach, under their id or ours', async () => {
    const theirs = await createSigningSecret(api, await createCoach(api));
    for (const secret of [theirs, { ...theirs, id: signing.id }, { ...signing, id: theirs.id }])
      expect((await visit(await tokenBy(secret))).status).toBe(403);
  });

  test('with the secret of the other mode', async () => {
    const path = `/v1/coaches/${coach.coachId}/api-keys`;
    const made = await api.call('POST', path, { key: PLATFORM_KEY, body: { mode: 'live' } });
    const live = await createSigningSecret(api, { key: made.body.key as string });
    expect((await visit(await tokenBy(live))).status).toBe(403);
  });
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const sign = (header: object, payload: object, key: string | Buffer) => {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
};

test('a token that is signed as before says what to do', async () => {
  const secret = createHash('sha256').update(coach.key).digest('hex');
  const old = sign({ alg: 'HS256', typ: 'JWT' }, { sub: 'mia', exp: soon() }, secret);
  const page = await visit(old);
  expect(page.status).toBe(403);
  expect(page.text).toContain('POST /v1/signing-secrets');
});

/** Every text in every table, and what else a thief would try of it. */
async function textsOfDump(): Promise<Set<string>> {
  const tables = await api.db.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public'`;
  const texts = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === 'string') {
      texts.add(value);
      for (const piece of value.split(/[.:|/]/)) texts.add(piece);
    } else if (typeof value === 'object' && value !== null)
      for (const entry of Object.values(value)) collect(entry);
  };
  for (const { name } of tables) {
    const rows = await api.db.$queryRawUnsafe<{ row: unknown }[]>(`SELECT to_jsonb(t) AS row FROM ${name} t`);
    rows.forEach(({ row }) => collect(row));
  }
  texts.delete('');
  return texts;
}

test('scenario 40: nothing in a dump of the database signs a token', async () => {
  await api.call('POST', '/v1/members', {
    key: coach.key,
    body: { externalId: 'mia' },
    headers: { 'Idempotency-Key': 'kept-answers-are-in-the-dump-as-well' },
  });
  const texts = await textsOfDump();
  const sealed = await api.db.signingSecret.findUniqueOrThrow({ where: { id: signing.id } });
  const apiKey = await api.db.apiKey.findUniqueOrThrow({ where: { id: coach.keyId } });
  // The dump has what it is about: this row, and the hash that signed before.
  expect(texts.has(sealed.sealed) && texts.has(apiKey.hash) && texts.size > 100).toBe(true);
  const memberOf = createMemberTokens(api);
  const owner = { coachId: coach.coachId, mode: coach.mode };
  const exp = soon();
  // As it does for whoever holds the secret.
  await expect(memberOf(owner, await tokenBy(signing))).resolves.toEqual({ externalId: 'mia' });
  const believed: string[] = [];
  for (const text of texts) {
    const keys = [
      text,
      Buffer.from(text, 'base64url'),
      Buffer.from(text, 'hex'),
      createHash('sha256').update(text).digest('hex'),
      createHash('sha256').update(text).digest(),
    ];
    for (const key of keys)
      for (const header of [{ alg: 'HS256', kid: signing.id }, { alg: 'HS256' }])
        await memberOf(owner, sign(header, { sub: 'mia', exp }, key)).then(
          () => believed.push(text),
          () => undefined,
        );
  }
  expect(believed).toEqual([]);
});
