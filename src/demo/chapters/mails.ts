import { caughtMails, sentMails } from '../inbox';
import { promised } from '../narrator';
import type { Stage } from '../stage';

/** What two members were told whose renewals failed: one paid after all, the other did not. */
export async function mails({ narrator, ana }: Stage): Promise<void> {
  const { mails: catcher } = ana.world;
  if (catcher === null) return;
  narrator.chapter('What members were told by mail');

  await narrator.step('noah: welcome, a failed renewal with the way to pay, and thanks', async ({ saw }) => {
    const sent = await sentMails(ana, 'noah', ['bought', 'renewal_failed', 'recovered']);
    const read = await caughtMails(catcher, sent);
    const failed = read.find(({ subject }) => subject.includes('failed'));
    promised(failed !== undefined && failed.html.includes('Pay now'), 'a way to pay', failed);
    for (const { subject } of read) saw(subject);
  });

  await narrator.step('otto: welcome, a failed renewal, and the end of access', async ({ saw }) => {
    const sent = await sentMails(ana, 'otto', ['bought', 'renewal_failed', 'access_ended']);
    for (const { subject } of await caughtMails(catcher, sent)) saw(subject);
    saw(`All of them: ${catcher}`);
  });
}
