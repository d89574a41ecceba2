import type { Offer } from '../business';
import { eventually } from '../eventually';
import { promised } from '../narrator';
import type { Stage } from '../stage';

/** The checkout's own timer is promised within 5 minutes of any payment; a little more for the look itself. */
const FIVE_MINUTES_MS = 310_000;

/** A payment that nobody tells us about. */
export interface UntoldPayment {
  offer: Offer;
  checkoutId: string;
  paidAt: number;
}

/** No webhook ever arrives: who comes back has access at once; who closes the browser is found by the checkout's timer. */
export async function payWithoutWebhooks({ narrator, mode, ben }: Stage): Promise<UntoldPayment> {
  narrator.chapter('Webhooks are turned off (another coach)');
  const offer = await narrator.step(
    'another coach connects an account that delivers no webhooks',
    async ({ saw }) => {
      const { accountId } = await ben.connect();
      await ben.world.stripe.deliverWebhooks(false, accountId ?? '', mode);
      const made = await ben.offer('The quiet circle', 1_900, 'month');
      saw(`${accountId ?? ''} is silent from now on`);
      return made;
    },
  );

  await narrator.step(
    'a member who comes back has access: the return page asks Stripe',
    async ({ saw, run }) => {
      const membership = await ben.sell('vera', offer, 'succeeds');
      const access = await ben.access('vera', offer);
      promised(access.access, 'access', access);
      saw(access.explanation);
      run(`checkout/${membership.checkoutId}`);
    },
  );

  return narrator.step('another one pays and closes the browser', async ({ saw, run }) => {
    const checkout = await ben.openCheckout('walt', offer);
    await ben.payAndLeave(checkout.url ?? '', 'succeeds');
    const access = await ben.access('walt', offer);
    promised(!access.access, 'nobody has told us yet', access);
    saw("the checkout's own timer will ask Stripe; the story goes on meanwhile");
    run(`checkout/${checkout.id}`);
    return { offer, checkoutId: checkout.id, paidAt: performance.now() };
  });
}

/** The rest of the wait, in real time. */
export async function timerFindsIt({ narrator, mode, ben }: Stage, payment: UntoldPayment): Promise<void> {
  narrator.chapter('Webhooks are turned off: the timer');
  await narrator.step("the checkout's timer finds the payment (waits in real time)", async ({ saw, run }) => {
    const access = await eventually(
      'access',
      () => ben.access('walt', payment.offer),
      (answer) => answer.access,
      Math.max(0, FIVE_MINUTES_MS - (performance.now() - payment.paidAt)),
    );
    saw(
      `${Math.round((performance.now() - payment.paidAt) / 1000)} s after the payment: ${access.explanation}`,
    );
    run(`checkout/${payment.checkoutId}`);
    await ben.world.stripe.deliverWebhooks(true, await ben.accountId(), mode);
  });
}
