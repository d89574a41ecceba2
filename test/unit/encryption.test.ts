import { randomBytes } from 'node:crypto';
import { decrypt, encrypt } from '../../src/db/encryption';

const key = randomBytes(32);

test.each(['', 'ac_123', 'ü€😀'.repeat(50)])('a secret is read again: %j', (secret) => {
  const sealed = encrypt(key, secret, 'conn_1');
  expect(sealed).not.toContain(secret === '' ? '\0' : secret);
  expect(decrypt(key, sealed, 'conn_1')).toBe(secret);
});

test('the same secret is never written the same way twice', () => {
  expect(encrypt(key, 'ac_123', 'conn_1')).not.toBe(encrypt(key, 'ac_123', 'conn_1'));
});

test('nobody reads it with another key, for another row, or after a change', () => {
  const sealed = encrypt(key, 'ac_123', 'conn_1');
  expect(() => decrypt(randomBytes(32), sealed, 'conn_1')).toThrow();
  expect(() => decrypt(key, sealed, 'conn_2')).toThrow();
  for (const part of [1, 2, 3]) {
    const parts = sealed.split('.');
    const bytes = Buffer.from(parts[part] ?? '', 'base64url');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    parts[part] = bytes.toString('base64url');
    expect(() => decrypt(key, parts.join('.'), 'conn_1')).toThrow();
  }
  // A shortened tag would be easier to guess.
  const [version, iv, tag, text] = sealed.split('.');
  const short = Buffer.from(tag ?? '', 'base64url')
    .subarray(0, 4)
    .toString('base64url');
  expect(() => decrypt(key, [version, iv, short, text].join('.'), 'conn_1')).toThrow();
  for (const broken of ['', 'v1', 'v2.a.b.c', 'v1.a.b.c.d'])
    expect(() => decrypt(key, broken, 'conn_1')).toThrow();
});
