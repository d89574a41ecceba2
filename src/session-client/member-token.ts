import { createHmac } from 'node:crypto';

/**
 * The token of a purchase link: a JSON Web Token, HS256, which says who is buying. Any JWT library makes the same.
 * @param secret the SHA-256, in hex, of an API key of the coach
 * @param expiresAt seconds, UTC; at most 24 hours ahead
 */
export function signMemberToken(
  member: { externalId: string; email?: string },
  secret: string,
  expiresAt: number,
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { externalId: sub, ...rest } = member;
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp: expiresAt, ...rest })}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}
