import { textOf } from '../browser';
import { refusalOf } from '../business';
import { cardFields } from '../cards';
import { promised } from '../narrator';
import type { Offers, Stage } from '../stage';

/** A visitor buys once by the purchase page; a member subscribes from the coach's own site. */
export async function purchase({ narrator, mode, ana }: Stage, { programme, circle }: Offers): Promise<void> {
  narrator.chapter('A member purchases');

  await narrator.step(
    'a visitor buys by the purchase link; the first card is declined, the second is taken',
    async ({ saw, run }) => {
      const browser = ana.browser();
      const email = `visitor-${Date.now()}@example.com`;
      const buy = await browser.get(programme.price.buyUrl);
      promised(
        buy.status === 200 && textOf(buy).includes(programme.product.name),
        'the purchase page',
        textOf(buy),
      );
      const stripe = await browser.submit(buy, {});
      promised(stripe.url.startsWith(ana.world.emulator), "Stripe's page", stripe);
      const declined = await browser.submit(stripe, { ...cardFields(mode, 'declined'), email });
      promised(textOf(declined).includes('declined'), 'a declined card to be told', textOf(declined));
      const paid = await browser.submit(declined, { ...cardFields(mode, 'succeeds'), email });
      const back = await ana.backOnSite(browser, paid);
      const checkout = await ana.checkout(back.searchParams.get('checkout') ?? '');
      promised(
        checkout.status === 'completed' && checkout.memberId !== null,
        'a completed checkout',
        checkout,
      );
      const access = await ana.access(checkout.memberId, programme);
      promised(access.access && access.until === null, 'access without an end', access);
      saw(`back at ${back.href}`);
      saw(`access: ${access.explanation}`);
      run(`checkout/${checkout.id}`);
    },
  );

  await narrator.step('a double click on Subscribe opens one checkout', async ({ saw, run }) => {
    const [one, two] = await Promise.all([ana.openCheckout('mia', circle), ana.openCheckout('mia', circle)]);
    promised(one.id === two.id && one.url !== null && one.url === two.url, 'the same checkout twice', [
      one,
      two,
    ]);
    saw(one.id);
    run(`checkout/${one.id}`);
  });

  await narrator.step('the member pays with 3-D Secure, comes back and has access', async ({ saw, run }) => {
    const checkout = await ana.openCheckout('mia', circle);
    const back = await ana.payAndReturn(checkout.url ?? '', 'authenticates');
    promised(
      back.searchParams.get('status') === 'completed',
      'to come back with status=completed',
      back.href,
    );
    const access = await ana.access('mia', circle);
    promised(access.access && access.reason === 'paid', 'access', access);
    saw(`access until ${access.until ?? ''}; ${access.next?.inWords ?? ''} ${access.next?.at ?? ''}`);
    run(`membership/${(await ana.membershipOf('mia', circle)).id}`);
  });

  await narrator.step('buying again is refused', async ({ saw }) => {
    const problem = await refusalOf('already_subscribed', ana.openCheckout('mia', circle));
    promised(problem.status === 409, 'the status 409', problem.body);
    saw(`${problem.body.detail} ${problem.body.todo}`);
  });

  await narrator.step('somebody who bought nothing has no access', async ({ saw }) => {
    const access = await ana.access('nobody', circle);
    promised(!access.access && access.reason === 'no_purchase', 'no access', access);
    saw(access.explanation);
  });
}
