import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Seconds } from '../../domain/time';
import { sameSecret } from '../http/auth';
import { email, externalId } from '../http/schemas';

/** Seconds ahead that a token may end: a link is made for a click, not to be kept. */
const LONGEST = 24 * 3600;

const header = z.object({ alg: z.literal('HS256') });
const payload = z.object({ sub: externalId, exp: z.int(), email: email.optional() });

/** Who the coach's server says is buying. */
export interface SignedMember {
  externalId: string;
  email?: string;
}

function parseJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Reads the token of a purchase link: a JSON Web Token, HS256, with `sub` (the coach's id for the member), `exp` (at
 * most 24 hours ahead) and, if wanted, `email`. Its secret is the SHA-256, in hex, of an API key of the coach, so that
 * a coach's server needs nothing but its key and any JWT library. Null when nobody of ours signed it, or it is over.
 * @param secrets the hashes of the coach's keys of that mode which are not revoked.
 * @param now seconds, UTC, the system's clock.
 */
export function readMemberToken(
  token: string,
  secrets: readonly string[],
  now: Seconds,
): SignedMember | null {
  const [head, body, signature, ...more] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined || more.length > 0) return null;
  const signed = secrets.some((secret) =>
    sameSecret(createHmac('sha256', secret).update(`${head}.${body}`).digest('base64url'), signature),
  );
  if (!signed || !header.safeParse(parseJson(head)).success) return null;
  const claims = payload.safeParse(parseJson(body));
  if (!claims.success || claims.data.exp <= now || claims.data.exp > now + LONGEST) return null;
  const { sub, email: address } = claims.data;
  return { externalId: sub, ...(address === undefined ? {} : { email: address }) };
}
