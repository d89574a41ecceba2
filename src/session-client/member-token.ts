import { SignJWT } from 'jose';

/** A signing secret of the coach, as POST /v1/signing-secrets answers it. */
export interface SigningSecret {
  id: string;
  secret: string;
}

/**
 * The token of a purchase link: a JSON Web Token, HS256, which says who is buying. Any JWT library makes the same.
 * https://datatracker.ietf.org/doc/html/rfc7519
 * @param expiresAt seconds, UTC; at most 24 hours ahead
 */
export function signMemberToken(
  { externalId, email }: { externalId: string; email?: string },
  { id, secret }: SigningSecret,
  expiresAt: number,
): Promise<string> {
  return new SignJWT({ sub: externalId, exp: expiresAt, ...(email === undefined ? {} : { email }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: id })
    .sign(new TextEncoder().encode(secret));
}
