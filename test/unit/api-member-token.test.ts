import { createHmac } from 'node:crypto';
import { signMemberToken } from '@session/sdk';
import { readMemberToken } from '../../src/api/buy/member-token';

const NOW = 1_800_000_000;
const ID = 'sgn_1';
const SECRET = `ses_sign_test_${'a'.repeat(43)}`;
const member = { externalId: 'user-42', email: 'mia@example.com' };

const read = (token: string) =>
  readMemberToken(token, (id) => Promise.resolve(id === ID ? SECRET : null), NOW);

test('the coach’s server says who is buying', async () => {
  expect(await read(await signMemberToken(member, { id: ID, secret: SECRET }, NOW + 600))).toEqual(member);
});

/** What a program without our client sends. */
const forge = (header: object, payload: object, secret: string, hash = 'sha256') => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`;
};

const HEADER = { alg: 'HS256', kid: ID };
const claims = { sub: 'user-42', exp: NOW + 600 };
const unsigned = forge(HEADER, claims, SECRET).split('.').slice(0, 2).join('.');

test('any JSON Web Token of that secret is taken', async () => {
  expect(await read(forge(HEADER, claims, SECRET))).toEqual({ externalId: 'user-42' });
});

test.each<[string, string, string]>([
  ['a bare member id', 'user-42', 'not a JSON Web Token'],
  ['nothing', '', 'not a JSON Web Token'],
  ['no signature', unsigned, 'not a JSON Web Token'],
  ['an empty signature', `${unsigned}.`, 'signature'],
  ['another secret', forge(HEADER, claims, 'b'.repeat(64)), 'signature'],
  ['an empty secret', forge(HEADER, claims, ''), 'signature'],
  ['no algorithm', forge({ ...HEADER, alg: 'none' }, claims, SECRET), 'HS256'],
  [
    'no algorithm, and no signature',
    `${forge({ ...HEADER, alg: 'none' }, claims, SECRET)
      .split('.', 2)
      .join('.')}.`,
    'HS256',
  ],
  [
    'a stronger algorithm than is agreed',
    forge({ ...HEADER, alg: 'HS512' }, claims, SECRET, 'sha512'),
    'HS256',
  ],
  ['an algorithm of keys in pairs', forge({ ...HEADER, alg: 'RS256' }, claims, SECRET), 'HS256'],
  ['a header that has to be understood', forge({ ...HEADER, crit: ['b64'], b64: false }, claims, SECRET), ''],
  ['another id', forge({ ...HEADER, kid: 'sgn_2' }, claims, SECRET), 'not of this coach and mode'],
  ['over', forge(HEADER, { ...claims, exp: NOW }, SECRET), 'over'],
  ['too far ahead', forge(HEADER, { ...claims, exp: NOW + 24 * 3600 + 1 }, SECRET), '24 hours'],
  ['without an end', forge(HEADER, { sub: 'user-42' }, SECRET), '"exp"'],
  ['with an end in words', forge(HEADER, { ...claims, exp: 'tomorrow' }, SECRET), '"exp"'],
  ['of nobody', forge(HEADER, { exp: NOW + 600 }, SECRET), '"sub"'],
  ['one of our ids as the coach’s', forge(HEADER, { ...claims, sub: 'mbr_1' }, SECRET), '"sub"'],
  ['no address of e-mail', forge(HEADER, { ...claims, email: 'mia' }, SECRET), '"email"'],
  ['not valid yet', forge(HEADER, { ...claims, nbf: NOW + 60 }, SECRET), '"nbf"'],
  [
    'another member than signed',
    (() => {
      const [head, , signature] = forge(HEADER, claims, SECRET).split('.');
      return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'user-43' })).toString('base64url')}.${signature}`;
    })(),
    'signature',
  ],
])('refused: %s', async (_name, token, why) => {
  const refused = { code: 'member_token_invalid', message: expect.stringContaining(why) as string };
  await expect(read(token)).rejects.toMatchObject(refused);
});

test.each(['HS256', 'none'])('one that names no secret says what to do: %s', async (alg) => {
  // As tokens were signed before there were signing secrets.
  await expect(read(forge({ alg, typ: 'JWT' }, claims, 'a'.repeat(64)))).rejects.toMatchObject({
    code: alg === 'none' ? 'member_token_invalid' : 'member_token_outdated',
  });
});
