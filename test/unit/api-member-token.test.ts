import { createHmac } from 'node:crypto';
import { readMemberToken } from '../../src/api/buy/member-token';
import { signMemberToken } from '../../src/session-client/member-token';

const NOW = 1_800_000_000;
const SECRET = 'a'.repeat(64);
const member = { externalId: 'user-42', email: 'mia@example.com' };

test('the coach’s server says who is buying', () => {
  const token = signMemberToken(member, SECRET, NOW + 600);
  expect(readMemberToken(token, ['b'.repeat(64), SECRET], NOW)).toEqual(member);
});

const forge = (header: object, payload: object, secret: string) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const HS256 = { alg: 'HS256' };
const claims = { sub: 'user-42', exp: NOW + 600 };

test.each<[string, string]>([
  ['a bare member id', 'user-42'],
  ['nothing', ''],
  ['no signature', forge(HS256, claims, SECRET).split('.').slice(0, 2).join('.')],
  ['an empty signature', `${forge(HS256, claims, SECRET).split('.').slice(0, 2).join('.')}.`],
  ['another secret', forge(HS256, claims, 'b'.repeat(64))],
  ['an empty secret', forge(HS256, claims, '')],
  ['no algorithm', forge({ alg: 'none' }, claims, SECRET)],
  ['over', forge(HS256, { ...claims, exp: NOW }, SECRET)],
  ['too far ahead', forge(HS256, { ...claims, exp: NOW + 24 * 3600 + 1 }, SECRET)],
  ['without an end', forge(HS256, { sub: 'user-42' }, SECRET)],
  ['one of our ids as the coach’s', forge(HS256, { ...claims, sub: 'mbr_1' }, SECRET)],
  [
    'another member than signed',
    (() => {
      const [head, , signature] = forge(HS256, claims, SECRET).split('.');
      return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'user-43' })).toString('base64url')}.${signature}`;
    })(),
  ],
])('refused: %s', (_name, token) => {
  expect(readMemberToken(token, [SECRET], NOW)).toBeNull();
});

test('without keys nobody is believed', () => {
  expect(readMemberToken(signMemberToken(member, SECRET, NOW + 600), [], NOW)).toBeNull();
});
