import type { Config } from '../../config/config';
import type { Tx } from '../../db/client';
import type { Person } from '../../db/generated/client';
import type { Language } from '../../domain/language';
import { toSeconds } from '../../domain/time';
import { queueMail } from '../../store/mails';

type Whose = Pick<Person, 'coachId' | 'mode' | 'userId' | 'role'>;
interface To {
  person: Whose;
  email: string;
  language: Language | undefined;
}

/** What is mailed to people of the console; null: this installation sends no mails. */
export function invitationMails({ encryptionKey, mailServer, api }: Config) {
  if (mailServer === null) return null;
  const spoken = (language: Language | undefined) => (language === undefined ? {} : { language });
  const page = () => `${api.publicUrl}/console/sign-in`;
  return {
    /** Says where to sign in. Once a day to the same person: who removes and invites again writes to nobody for it. */
    async invite(tx: Tx, { person: { coachId, mode, userId, role }, email, language }: To): Promise<void> {
      await queueMail(tx, encryptionKey, {
        ...{ coachId, mode, kind: 'invited', memberId: null, to: email, ...spoken(language) },
        data: { url: page(), role },
        key: `${userId}/${new Date().toISOString().slice(0, 10)}`,
      });
    },

    /** A link that signs in, once. It goes out in the name of the coach who invited first. */
    async link(
      tx: Tx,
      { person: { coachId, mode }, email, language }: To,
      { token, expiresAt }: { token: string; expiresAt: Date },
    ): Promise<void> {
      await queueMail(tx, encryptionKey, {
        ...{ coachId, mode, kind: 'console_sign_in_link', memberId: null, to: email, ...spoken(language) },
        data: { url: `${page()}/${token}`, expiresAt: toSeconds(expiresAt) },
      });
    },
  };
}

export type InvitationMails = NonNullable<ReturnType<typeof invitationMails>>;
