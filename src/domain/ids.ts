import { createHash, randomBytes } from 'node:crypto';

const PREFIX = {
  coach: 'coach',
  apiKey: 'key',
  signingSecret: 'sgn',
  connection: 'conn',
  product: 'pdt',
  price: 'amt',
  provisioning: 'prv',
  coupon: 'cpn',
  promotionCode: 'pcd',
  member: 'mbr',
  memberView: 'mvw',
  memberNote: 'mnt',
  checkout: 'chk',
  membership: 'msp',
  grant: 'gnt',
  priceMove: 'pmv',
  webhookEndpoint: 'whe',
  withdrawal: 'wdr',
  refund: 'rfd',
  mail: 'mail',
  hint: 'hint',
  user: 'usr',
  person: 'psn',
  auditEntry: 'aud',
  liveCopy: 'cpy',
} as const;

export type IdKind = keyof typeof PREFIX;

/** Bytes as letters and digits. */
function word(bytes: Buffer): string {
  return bytes.toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B');
}

/** A new id of ours: a prefix that names the kind, and 120 random bits. Never one of Stripe's prefixes. */
export function newId(kind: IdKind): string {
  return `${PREFIX[kind]}_${word(randomBytes(15))}`;
}

/** The id that belongs to a seed: the same request, repeated after a crash, names the same row. */
export function idFromSeed(kind: IdKind, seed: string): string {
  return `${PREFIX[kind]}_${word(createHash('sha256').update(`${kind}\n${seed}`).digest().subarray(0, 15))}`;
}

/** A single-use secret of 256 random bits, URL-safe. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret: its SHA-256, hex. Enough for secrets of 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
