import type { Mail } from '@session/sdk';
import type { Business } from './business';
import { eventually } from './eventually';

/** What the catcher of `npm start` has of a mail. */
export interface CaughtMail {
  messageId: string;
  subject: string;
  html: string;
}

/** What a member was sent, once each of these kinds is; the newest first. */
export async function sentMails(
  { session }: Business,
  member: string,
  kinds: readonly Mail['kind'][],
): Promise<Mail[]> {
  const { data } = await eventually(
    `${member} to be told ${kinds.join(', ')}`,
    () => session.get('/v1/mails', { params: { query: { member, limit: 50 } } }),
    ({ data: all }) =>
      kinds.every((kind) => all.some((mail) => mail.kind === kind && mail.status === 'sent')),
  );
  return data.filter(({ status }) => status === 'sent');
}

/** Mails as the catcher has them, the oldest first. @param catcher its address */
export async function caughtMails(catcher: string, mails: readonly Mail[]): Promise<CaughtMail[]> {
  const ids = new Set(mails.map(({ id }) => id));
  const caught = (await (await fetch(`${catcher}/messages.json`)).json()) as CaughtMail[];
  return caught.filter(({ messageId }) => ids.has(messageId.slice(1, messageId.indexOf('@')))).reverse();
}
