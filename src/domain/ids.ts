import { createHash, randomBytes } from 'node:crypto';

const PREFIX = {
  coach: 'coach',
  apiKey: 'key',
  connection: 'conn',
  product: 'pdt',
  price: 'amt',
  provisioning: 'prv',
  member: 'mbr',
  checkout: 'chk',
  membership: 'msp',
  grant: 'gnt',
  hint: 'hint',
} as const;

/** A new id of ours: a prefix that names the kind, and 120 random bits. Never one of Stripe's prefixes. */
export function newId(kind: keyof typeof PREFIX): string {
  return `${PREFIX[kind]}_${randomBytes(15).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B')}`;
}

/** A single-use secret of 256 random bits, URL-safe. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a secret: its SHA-256, hex. Enough for secrets of 256 random bits. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
