import { hmacKey, toBase64Url, utf8 } from './bytes.ts';

/** A signing secret of the coach, as POST /v1/signing-secrets answers it. */
export interface SigningSecret {
  id: string;
  secret: string;
}

const part = (value: object) => toBase64Url(utf8(JSON.stringify(value)));

/**
 * The token of a purchase link: a JSON Web Token, HS256, which says who is buying. Any JWT library makes the same.
 * https://datatracker.ietf.org/doc/html/rfc7519
 * @param expiresAt seconds, UTC; at most 24 hours ahead
 */
export async function signMemberToken(
  { externalId, email }: { externalId: string; email?: string | undefined },
  { id, secret }: SigningSecret,
  expiresAt: number,
): Promise<string> {
  const claims = { sub: externalId, exp: expiresAt, ...(email === undefined ? {} : { email }) };
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: id })}.${part(claims)}`;
  const signature = await crypto.subtle.sign('HMAC', await hmacKey(utf8(secret)), utf8(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}
