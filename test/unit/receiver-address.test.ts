import { mayReceive, receiverFault } from '../../src/domain/receiver-address';
import { TRICKY_URLS } from '../support/tricky-urls';

const PUBLIC = { thisMachine: false };

describe('an address of the network', () => {
  test.each([
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '172.16.0.1'],
    ...['172.31.255.255', '192.168.0.1', '192.168.255.255', '100.64.0.1', '100.127.255.255', '169.254.0.1'],
    ...['169.254.169.254', '169.254.170.2', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1'],
    ...['198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255'],
    ...['240.0.0.1', '255.255.255.255', '::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe'],
    ...['::ffff:8.8.8.8', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1'],
    ...['100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '2002:a9fe:a9fe::1', '3fff::1', '5f00::1'],
    ...['fc00::1', 'fd00:ec2::254', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1'],
    ...['fe80::a9fe:a9fe', '4000::1', 'e000::1', '', 'localhost', '1.2.3', 'not an address'],
  ])('%s is not spoken to', (address) => {
    expect(mayReceive(address, PUBLIC)).toBe(false);
  });

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('%s is public', (address) => {
    expect(mayReceive(address, PUBLIC)).toBe(true);
  });

  test('of this machine is one beside an emulator, and no other private one', () => {
    const here = { thisMachine: true };
    for (const address of ['127.0.0.1', '127.8.8.8', '::1']) expect(mayReceive(address, here)).toBe(true);
    for (const address of ['0.0.0.0', '10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1'])
      expect(mayReceive(address, here)).toBe(false);
  });
});

test.each(TRICKY_URLS)('%s cannot be entered as a receiver', (url) => {
  expect(receiverFault(url, PUBLIC)).not.toBeNull();
});

test.each([
  ['https://example.com/hooks', PUBLIC],
  ['https://example.com:8443/hooks?key=1', PUBLIC],
  ['https://8.8.8.8/', PUBLIC],
  ['http://localhost:3000/hooks', { thisMachine: true }],
  ['http://127.0.0.1:3000/hooks', { thisMachine: true }],
  ['http://[::1]:3000/hooks', { thisMachine: true }],
])('%s can', (url, rules) => {
  expect(receiverFault(url, rules)).toBeNull();
});

test('plain http goes nowhere else, also beside an emulator', () => {
  expect(receiverFault('http://example.com/', { thisMachine: true })).toBe('must begin with https://');
});
