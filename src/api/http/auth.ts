import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiDeps } from '../deps';
import { ProblemError } from '../../domain/problem';
import { hashToken } from '../../domain/ids';
import { modeOfKey } from '../platform/api-key-secret';
import type { AuthKind, CoachAuth } from './route';

/** Compares in constant time, whatever the lengths. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** The token of `Authorization: Bearer …`. @throws ProblemError `unauthorized` */
function bearer(header: string | undefined): string {
  if (header === undefined) throw new ProblemError('unauthorized', 'The request carries no key.');
  const token = /^Bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1];
  if (token === undefined)
    throw new ProblemError('unauthorized', 'The Authorization header is not "Bearer <key>".');
  return token;
}

const UNKNOWN_KEY = 'The key is not known here, or was revoked.';
/** The commonest of all mistakes with keys: it is at hand in the same file. */
const STRIPES_KEY = "This is a key of Stripe's; a coach's key of Session begins with ses_test_ or ses_live_.";
const isStripes = (token: string) => /^(sk|rk|pk)_(test|live)_/.test(token);
/** Milliseconds between two writes of a key's last use. */
const LAST_USED_STEP = 60_000;

/** Who calls, by the Authorization header. Cookies are never looked at. */
export function createAuthenticate({ config, db, keys }: Pick<ApiDeps, 'config' | 'db' | 'keys'>) {
  const isPlatform = (token: string) => sameSecret(token, config.platformKey);

  async function coach(token: string): Promise<CoachAuth> {
    const mode = modeOfKey(token);
    if (mode === null) {
      if (isPlatform(token))
        throw new ProblemError('wrong_key', "This route takes a coach's key, not the platform's.");
      throw new ProblemError('unauthorized', isStripes(token) ? STRIPES_KEY : UNKNOWN_KEY);
    }
    // Found by the hash of what was sent: there is nothing left to compare.
    const key = await keys.find(hashToken(token));
    if (key === null || key.revokedAt !== null || key.mode !== mode)
      throw new ProblemError('unauthorized', UNKNOWN_KEY);
    const now = new Date();
    if (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() > LAST_USED_STEP)
      await db.apiKey.updateMany({ where: { id: key.id }, data: { lastUsedAt: now } });
    const { coachId, role, id: keyId } = key;
    return { coachId, mode: key.mode, keyId, role, actor: { kind: 'key', id: keyId } };
  }

  /** @throws ProblemError `unauthorized`, or `wrong_key` for a key of the other kind. */
  return async function authenticate(kind: AuthKind, header: string | undefined): Promise<CoachAuth | null> {
    switch (kind) {
      case 'none':
        return null;
      case 'platform': {
        const token = bearer(header);
        if (isPlatform(token)) return null;
        if (modeOfKey(token) !== null)
          throw new ProblemError('wrong_key', "This route takes the platform's key, not a coach's.");
        throw new ProblemError('unauthorized', UNKNOWN_KEY);
      }
      case 'coach':
        return coach(bearer(header));
    }
  };
}

export type Authenticate = ReturnType<typeof createAuthenticate>;
