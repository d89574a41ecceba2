import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Request } from 'express';

/** Groups of an IPv6 address that name a network: a household or a server has all addresses of a /64. */
const NETWORK_GROUPS = 4;

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [text = ''] = address.split('%');
  // The parser of addresses writes an embedded IPv4 address in hex, and cuts no corner but `::`.
  const plain = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}

/**
 * Whose requests are counted together: an IPv4 address, or a network of IPv6, in which one client has as many addresses
 * as it likes. https://datatracker.ietf.org/doc/html/rfc6177
 */
export function networkOf(address: string): string {
  if (!isIPv6(address.split('%')[0] ?? '')) return address;
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!isMapped) return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
  const bytes = groups.slice(6).flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join('.');
}

/**
 * Whose request it is, by its network address: the one so many proxies away as TRUSTED_PROXIES says, whatever else the
 * client wrote into X-Forwarded-For. https://expressjs.com/en/guide/behind-proxies.html
 */
export const clientOf = (req: Request): string => networkOf(req.ip ?? '');

/** Of this machine and of private networks. https://datatracker.ietf.org/doc/html/rfc6890 */
const SHARED = {
  ipv4: listOf('ipv4', [
    ['127.0.0.0', 8],
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['169.254.0.0', 16],
    ['100.64.0.0', 10],
  ]),
  // Of its own: an IPv4 address counts as one of ::/64 to Node.
  ipv6: listOf('ipv6', [
    ['::', 64],
    ['fc00::', 7],
    ['fe80::', 10],
  ]),
};

function listOf(family: 'ipv4' | 'ipv6', networks: readonly [string, number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether a client of {@link clientOf} may stand for several, such as everybody behind a proxy. */
export function isShared(client: string): boolean {
  const address = client.replace(/\/64$/, '');
  if (!isIP(address)) return true;
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return SHARED[family].check(address, family);
}
