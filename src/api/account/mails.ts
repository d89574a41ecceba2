import type { Config } from '../../config/config';
import type { Tx } from '../../db/client';
import type { Member } from '../../db/generated/client';
import { queueMail } from '../../store/mails';
import { LINK_LIFETIME } from './sessions';
import type { Language } from '../../domain/language';

/** Hands a sign-in link over to be mailed, in the transaction that makes it. */
export type QueueSignInLink = (
  tx: Tx,
  mail: { member: Member & { email: string }; url: string; language: Language },
) => Promise<void>;

/** How sign-in links are mailed; null: this installation sends no mails, so that only a coach's site leads to the page. */
export function signInMails({ encryptionKey, mailServer }: Config): QueueSignInLink | null {
  if (mailServer === null) return null;
  return async (tx, { member, url, language }) => {
    const { id: memberId, coachId, mode } = member;
    const data = { url, expiresAt: Math.floor((Date.now() + LINK_LIFETIME) / 1000) };
    await queueMail(tx, encryptionKey, { coachId, mode, kind: 'sign_in_link', memberId, language, data });
  };
}
