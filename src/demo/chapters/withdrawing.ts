import { textOf } from '../browser';
import { eventually } from '../eventually';
import { caughtMails, sentMails } from '../inbox';
import { promised } from '../narrator';
import type { Offers, Stage } from '../stage';

/** A member comes by a link in a mail, and withdraws from what they have bought: to its mails and its refund. */
export async function withdrawing({ narrator, mode, ana }: Stage, { circle }: Offers): Promise<void> {
  const { api, mails: catcher } = ana.world;
  if (catcher === null) return;
  narrator.chapter('A member withdraws');
  const page = `${api}/account/${ana.coach.id}${mode === 'test' ? '/test' : ''}`;
  const browser = ana.browser();

  await narrator.step('lena buys again, and signs in to her page by a link in a mail', async ({ saw }) => {
    await ana.session.patch('/v1/settings', { body: { withdrawal: 'on', withdrawalRefund: 'full' } });
    await ana.sell('lena', circle, 'succeeds');
    await browser.submit(await browser.get(page), { email: 'lena@example.com' }, '/sign-in');
    const [mail] = await sentMails(ana, 'lena', ['sign_in_link']);
    const [link] = (await caughtMails(catcher, mail === undefined ? [] : [mail])).flatMap(({ html }) =>
      [...html.matchAll(/href="([^"]+\/sign-in\/[^"]+)"/g)].map(([, url = '']) => url),
    );
    promised(link !== undefined, 'a mail with a link', mail);
    const account = await browser.submit(await browser.get(link), {}, '');
    promised(
      account.url === page && textOf(account).includes(circle.product.name),
      'what lena has',
      textOf(account),
    );
    saw(page);
  });

  const { id } = await ana.membershipOf('lena', circle);
  await narrator.step('she withdraws from it, in two steps', async ({ saw }) => {
    const form = await browser.get(`${page}/memberships/${id}/withdraw`);
    const review = await browser.submit(form, { name: 'Lena' }, '/withdraw');
    promised(
      textOf(review).includes('I, Lena, withdraw from the contract'),
      'her statement, to confirm',
      textOf(review),
    );
    const received = await browser.submit(review, {}, '/withdraw');
    promised(
      textOf(received).includes('Your withdrawal was received'),
      'the receipt with its time',
      textOf(received),
    );
    saw(/It was received on [^.]+\./.exec(textOf(received))?.[0] ?? '');
  });

  await narrator.step('her access is over, and all of it goes back', async ({ saw, run }) => {
    const withdrawal = await eventually(
      'the withdrawal to be done',
      async () =>
        (await ana.session.get('/v1/withdrawals', { params: { query: {} } })).data.find(
          ({ membershipId }) => membershipId === id,
        ),
      (one) => one?.status === 'done',
    );
    const access = await ana.access('lena', circle);
    promised(
      !access.access && withdrawal?.refundAmount === circle.price.unitAmount,
      'no access, and all that was paid on its way back',
      { access, withdrawal },
    );
    saw(access.explanation);
    run(`withdrawal/${withdrawal.id}`);
  });

  await narrator.step('lena: the receipt of the withdrawal, and what has come of it', async ({ saw }) => {
    const mails = await sentMails(ana, 'lena', ['withdrawal_received', 'withdrawal_done', 'refunded']);
    for (const { subject } of await caughtMails(catcher, mails)) saw(subject);
    saw(`All of them: ${catcher}`);
  });
}
