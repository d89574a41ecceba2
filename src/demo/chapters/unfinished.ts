import { textOf } from '../browser';
import { eventually } from '../eventually';
import { promised } from '../narrator';
import { HOUR, type Offers, type Stage } from '../stage';

/** Checkouts that come to nothing close by themselves. */
export async function unfinished({ narrator, ana }: Stage, { circle }: Offers): Promise<void> {
  narrator.chapter('Checkouts that come to nothing');

  await narrator.step('a cancelled checkout is closed at Stripe too', async ({ saw, run }) => {
    const checkout = await ana.openCheckout('cara', circle);
    const cancelled = await ana.session.post('/v1/checkouts/{id}/cancel', {
      params: { path: { id: checkout.id } },
    });
    promised(cancelled.status === 'cancelled', 'the status cancelled', cancelled);
    const page = await ana.browser().get(checkout.url ?? '');
    promised(textOf(page).includes('expired'), "Stripe's page to say that it has expired", textOf(page));
    saw('nobody can pay it any more');
    run(`checkout/${checkout.id}`);
  });

  await narrator.step('an abandoned checkout expires', async ({ saw, run }) => {
    const checkout = await ana.openCheckout('dora', circle);
    await ana.moveTo((await ana.now()) + 3 * HOUR);
    const expired = await eventually(
      'the checkout has expired',
      () => ana.checkout(checkout.id),
      ({ status }) => status === 'expired',
    );
    promised(!(await ana.access('dora', circle)).access, 'no access', await ana.access('dora', circle));
    saw(`closed at ${expired.endedAt ?? ''}, three hours later`);
    run(`checkout/${checkout.id}`);
  });
}
