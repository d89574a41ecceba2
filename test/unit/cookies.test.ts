import type { Request } from 'express';
import { connectBrowser } from '../../src/api/connection/browser';
import { issueToken } from '../../src/api/connection/token';
import { readCookie, readCookies } from '../../src/api/http/cookies';

const sending = (cookies: string | undefined) => ({ get: () => cookies }) as unknown as Request;

test.each<[string, string | undefined, [string, string][]]>([
  ['none', undefined, []],
  ['one', 'a=1', [['a', '1']]],
  [
    'several, in the order of the browser',
    'b=2; a=1',
    [
      ['b', '2'],
      ['a', '1'],
    ],
  ],
  [
    'two of one name',
    'a=1; a=2',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
  ['a value with an equals sign', 'a=b=c', [['a', 'b=c']]],
  ['what is no pair', 'a; c=', [['c', '']]],
])('cookies: %s', (_what, header, expected) => {
  expect(readCookies(sending(header)).map(({ name, value }) => [name, value])).toEqual(expected);
});

test('of two cookies of one name the first is read: that of the longer path', () => {
  expect(readCookie(sending('a=1; a=2'), 'a')).toBe('1');
  expect(readCookie(sending('a=1'), 'b')).toBeUndefined();
});

test('a browser that was made to keep a second cookie of an attempt is on the way with none', () => {
  const browsers = connectBrowser('http://127.0.0.1:4000');
  const set: string[] = [];
  const res = { cookie: (name: string, value: string) => set.push(`${name}=${value}`) };
  browsers.remember(res as never, 'conn_1', issueToken('conn_1'), 60);
  const [own = ''] = set;
  expect(browsers.onlyAttempt(sending(own))?.connectionId).toBe('conn_1');
  const planted = own.replace(/=.*/, `=${issueToken('conn_1').token}`);
  expect(browsers.onlyAttempt(sending(`${own}; ${planted}`))).toBeNull();
});
