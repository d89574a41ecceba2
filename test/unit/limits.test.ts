import type { Request } from 'express';
import { clientOf, isShared, networkOf } from '../../src/api/http/client-address';
import { LIMITS, rateLimits } from '../../src/config/limits';

test.each<[string, string]>([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::ffff:cb00:7107', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('whose %s is', (address, client) => {
  expect(networkOf(address)).toBe(client);
  expect(clientOf({ ip: address } as Request)).toBe(client);
});

test.each<[string, boolean]>([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.16.0.1', true],
  ['192.168.1.1', true],
  ['100.64.0.1', true],
  ['::1', true],
  ['::ffff:10.0.0.1', true],
  ['fd00::1', true],
  ['', true],
  ['203.0.113.7', false],
  ['172.32.0.1', false],
  ['2001:db8::1', false],
])('whether %s may stand for several: %s', (address, shared) => {
  expect(isShared(networkOf(address))).toBe(shared);
});

describe('RATE_LIMITS', () => {
  test('what is not said stays', () => {
    expect(rateLimits.parse('')).toEqual(LIMITS);
    expect(rateLimits.parse('purchase=5/10, key=1/2')).toEqual({
      ...LIMITS,
      purchase: { count: 5, seconds: 10 },
      key: { count: 1, seconds: 2 },
    });
  });
  test('off', () => {
    expect(rateLimits.parse('off')).toBeNull();
  });
  test.each([
    'purchases=5/10',
    'purchase=5',
    'purchase=0/10',
    'purchase=5/0',
    'purchase',
    'on',
    'toString=1/1',
  ])('refused: %s', (text) => {
    const { error } = rateLimits.safeParse(text);
    expect(error?.issues[0]?.message).toContain('name=count/seconds; the names are key, coach');
  });
});
