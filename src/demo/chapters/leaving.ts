import { refusalOf } from '../business';
import { eventually } from '../eventually';
import { promised } from '../narrator';
import type { Offers, Stage } from '../stage';

/** Disconnecting: what goes on is said before, what was paid for is honoured, and the coach may come back. */
export async function leaving({ narrator, mode, ana }: Stage, { circle }: Offers): Promise<void> {
  narrator.chapter('Disconnecting Stripe');
  const run = `connection/${mode}/${ana.coach.id}`;
  const accountId = await ana.accountId();

  await narrator.step('Disconnect says how many subscriptions go on, and asks', async ({ saw }) => {
    const problem = await refusalOf(
      'confirmation_required',
      ana.session.post('/v1/connection/disconnect', { body: {} }),
    );
    const { activeSubscriptions } = await ana.connection();
    promised(
      activeSubscriptions > 0 && problem.body.details?.['activeSubscriptions'] === activeSubscriptions,
      'the number of subscriptions that go on',
      problem.body,
    );
    saw(problem.body.detail);
  });

  await narrator.step('Confirm: disconnected; what was paid for is honoured', async ({ saw, run: show }) => {
    const connection = await ana.session.post('/v1/connection/disconnect', { body: { confirm: true } });
    promised(connection.status === 'disconnected', 'disconnected', connection);
    const membership = await eventually(
      'the membership knows',
      () => ana.membershipOf('noah', circle),
      ({ reason }) => reason === 'disconnected',
    );
    const access = await ana.access('noah', circle);
    promised(access.access && access.until !== null, 'access to the end of what was paid for', access);
    const problem = await refusalOf('not_connected', ana.openCheckout('zoe', circle));
    saw(`noah: ${membership.reasonInWords} Until ${access.until}.`);
    saw(`a new checkout: ${problem.body.detail}`);
    show(run);
  });

  await narrator.step('connected again, the same account: selling goes on', async ({ saw, run: show }) => {
    const connection = await ana.connect({ action: 'approve', account: accountId });
    promised(
      connection.canSell && connection.accountId === accountId,
      'connected to the same account',
      connection,
    );
    const noah = await eventually(
      "noah's subscription is followed again",
      () => ana.membershipOf('noah', circle),
      ({ reason }) => reason === 'paid',
    );
    saw(`noah: ${noah.reasonInWords}`);
    const membership = await ana.sell('zoe', circle, 'succeeds');
    promised((await ana.access('zoe', circle)).access, 'access', await ana.access('zoe', circle));
    saw(`zoe: ${membership.reasonInWords}`);
    show(run);
  });

  await narrator.step(
    "removed from Stripe's side: the same, without anybody asking us",
    async ({ saw, run: show }) => {
      await ana.world.stripe.trigger('deauthorize', accountId, mode);
      const connection = await eventually(
        'disconnected',
        () => ana.connection(),
        ({ status }) => status === 'disconnected',
      );
      promised(connection.endReason === 'deauthorized_at_stripe', 'deauthorized_at_stripe', connection);
      const access = await ana.access('zoe', circle);
      promised(access.access, 'access to the end of what was paid for', access);
      saw(`${connection.reason} zoe keeps access until ${access.until ?? ''}.`);
      show(run);
    },
  );
}
