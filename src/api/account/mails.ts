import type { Tx } from '../../db/client';
import type { Member } from '../../db/generated/client';
import type { Language } from './words';

/** Hands a sign-in link over to be mailed, in the transaction that makes it. */
export type QueueSignInLink = (
  tx: Tx,
  mail: { member: Member & { email: string }; url: string; language: Language },
) => Promise<void>;

/** How sign-in links are mailed; null: this installation sends no mails, so that only a coach's site leads to the page. */
export function signInMails(): QueueSignInLink | null {
  return null;
}
