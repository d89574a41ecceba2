import { eventually } from '../eventually';
import { promised } from '../narrator';
import type { Stage } from '../stage';

/** What the catcher of `npm start` has of a mail. */
interface CaughtMail {
  messageId: string;
  subject: string;
  html: string;
}

/** What two members were told whose renewals failed: one paid after all, the other did not. */
export async function mails({ narrator, ana }: Stage): Promise<void> {
  const { mails: catcher } = ana.world;
  if (catcher === null) return;
  narrator.chapter('What members were told by mail');
  /** What a member has in their inbox, once each of these kinds is there; the oldest first. */
  const told = async (member: string, kinds: string[]): Promise<CaughtMail[]> => {
    const { data } = await eventually(
      `${member} to be told ${kinds.join(', ')}`,
      () => ana.session.get('/v1/mails', { params: { query: { member, limit: 50 } } }),
      ({ data: all }) =>
        kinds.every((kind) => all.some((mail) => mail.kind === kind && mail.status === 'sent')),
    );
    const ids = new Set(data.map(({ id }) => id));
    const caught = (await (await fetch(`${catcher}/messages.json`)).json()) as CaughtMail[];
    return caught.filter(({ messageId }) => ids.has(messageId.slice(1, messageId.indexOf('@')))).reverse();
  };

  await narrator.step('noah: welcome, a failed renewal with the way to pay, and thanks', async ({ saw }) => {
    const read = await told('noah', ['bought', 'renewal_failed', 'recovered']);
    const failed = read.find(({ subject }) => subject.includes('failed'));
    promised(failed !== undefined && failed.html.includes('Pay now'), 'a way to pay', failed);
    for (const { subject } of read) saw(subject);
  });

  await narrator.step('otto: welcome, a failed renewal, and the end of access', async ({ saw }) => {
    const read = await told('otto', ['bought', 'renewal_failed', 'access_ended']);
    for (const { subject } of read) saw(subject);
    saw(`All of them: ${catcher}`);
  });
}
