import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Where the webhooks of coaches may go: nowhere but the public internet, and, beside an emulator, this machine. */

/** The block that all public addresses of IPv6 are of so far. https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

export interface ReceiverRules {
  /** This machine is a receiver as well, and plain http is enough for it: beside an emulator only. */
  thisMachine: boolean;
}

/**
 * Whether an address of the network (as a resolver or URL writes it, without brackets) may be spoken to. Only what is
 * registered for the public at large is: no private, shared, link-local (where clouds keep their metadata), multicast,
 * reserved or documentation range, and no IPv6 address that stands for an IPv4 address (mapped, translated, 6to4, Teredo).
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function mayReceive(address: string, { thisMachine }: ReceiverRules): boolean {
  // Not `isValid` of the library, which reads short and octal forms as well.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (thisMachine && parsed.range() === 'loopback') return true;
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_UNICAST) : true;
}

/** The host of an address without the brackets around IPv6; null for a name, which is resolved when it is used. */
export function literalHost(url: URL): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : host;
}

/** Names of this machine, whatever a resolver says of them. https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
const isLocalName = (host: string) => host === 'localhost' || host.endsWith('.localhost');

/** Why an address cannot be a receiver, as the end of a sentence about it; null: as far as it can be told now, it can. */
export function receiverFault(url: string, rules: ReceiverRules): string | null {
  if (!URL.canParse(url)) return 'must be an absolute address';
  const parsed = new URL(url);
  const host = literalHost(parsed);
  const isHere = host === null ? isLocalName(parsed.hostname) : ipaddr.parse(host).range() === 'loopback';
  if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && isHere && rules.thisMachine))
    return 'must begin with https://';
  if (parsed.username !== '' || parsed.password !== '') return 'must not carry a user or password';
  if (parsed.hash !== '') return 'must not have a part behind #';
  if (host === null ? isHere && !rules.thisMachine : !mayReceive(host, rules))
    return 'must lead to a public address';
  return null;
}
