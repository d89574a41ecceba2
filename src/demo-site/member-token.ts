import { type SigningSecret, signMemberToken } from '@session/sdk';
import type { Person } from './visitor';

/** Seconds for which a link of a page can be clicked. */
const LIFETIME = 3600;

/** Signs for whom a purchase is, as a coach's server does with its signing secret, which stays on this side. */
export function createMemberTokens(
  signing: SigningSecret,
): (person: Person | null) => Promise<string | null> {
  return (person) => {
    // Whoever bought anonymously has no id of the coach's own.
    if (person === null || person.key.startsWith('mbr_')) return Promise.resolve(null);
    const member = {
      externalId: person.key,
      ...(person.email === null ? {} : { email: person.email }),
    };
    return signMemberToken(member, signing, Math.floor(Date.now() / 1000) + LIFETIME);
  };
}
