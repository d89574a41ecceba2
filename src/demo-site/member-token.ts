import { signMemberToken } from '../session-client/member-token';
import { hashToken } from '../domain/ids';
import type { Person } from './visitor';

/** Seconds for which a link of a page can be clicked. */
const LIFETIME = 3600;

/** Signs for whom a purchase is, as a coach's server does with nothing but its key. The key stays on this side. */
export function createMemberTokens(key: string): (person: Person | null) => string | null {
  const secret = hashToken(key);
  return (person) => {
    // Whoever bought anonymously has no id of the coach's own.
    if (person === null || person.key.startsWith('mbr_')) return null;
    const member = {
      externalId: person.key,
      ...(person.email === null ? {} : { email: person.email }),
    };
    return signMemberToken(member, secret, Math.floor(Date.now() / 1000) + LIFETIME);
  };
}
