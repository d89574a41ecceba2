import { refusalOf } from '../business';
import { eventually } from '../eventually';
import { promised } from '../narrator';
import type { Stage } from '../stage';

/** Connecting Stripe: denied, then approved with verification still due, then verified. */
export async function connecting({ narrator, mode, ana, ben }: Stage): Promise<void> {
  narrator.chapter('Connecting Stripe');
  const connectionRun = `connection/${mode}/${ana.coach.id}`;

  await narrator.step('the settings say where members may be sent back to', async ({ saw }) => {
    for (const { session, site } of [ana, ben])
      await session.put('/v1/settings', {
        body: {
          origins: [site],
          defaultSuccessUrl: `${site}/welcome`,
          defaultCancelUrl: `${site}/offers`,
        },
      });
    const problem = await refusalOf(
      'redirect_not_allowed',
      ana.session.post('/v1/connection', { body: { returnUrl: 'https://elsewhere.example/' } }),
    );
    saw(`an address elsewhere is refused: ${problem.body.detail}`);
  });

  await narrator.step("the coach denies on Stripe's page: nothing is connected", async ({ saw, run }) => {
    const back = await ana.goToStripe({ action: 'deny' });
    promised(
      back.searchParams.get('connection_error') === 'access_denied',
      'connection_error=access_denied',
      back.href,
    );
    const connection = await ana.connection();
    promised(connection.status === 'denied', 'the status denied', connection);
    saw(connection.reason);
    run(connectionRun);
  });

  await narrator.step(
    'the coach approves; Stripe still wants to verify: connected, but selling waits',
    async ({ saw, run }) => {
      const connection = await ana.connect({ action: 'approve', account: 'new', verified: false });
      promised(
        connection.status === 'connected' && !connection.canSell,
        'connected, not selling',
        connection,
      );
      promised((connection.requirements?.currentlyDue.length ?? 0) > 0, 'what is due', connection);
      saw(`${connection.accountId ?? ''}: ${connection.reason}`);
      run(connectionRun);
    },
  );

  await narrator.step('until then a checkout is refused with the reason', async ({ saw }) => {
    const offer = await ana.offer('A taste of yoga', 900, null);
    const problem = await refusalOf('charges_not_enabled', ana.openCheckout('mia', offer));
    await ana.session.post('/v1/products/{id}/archive', { params: { path: { id: offer.product.id } } });
    saw(problem.body.detail);
  });

  await narrator.step(
    'the verification is completed at Stripe; account.updated opens the shop',
    async ({ saw }) => {
      await ana.world.stripe.trigger('verification_completed', await ana.accountId(), mode);
      const connection = await eventually(
        'the coach can sell',
        () => ana.connection(),
        ({ canSell }) => canSell,
      );
      saw(connection.reason);
    },
  );

  await narrator.step('a second coach with the same Stripe account gets 409', async ({ saw, run }) => {
    const problem = await refusalOf(
      'account_in_use',
      ben.connect({ action: 'approve', account: await ana.accountId() }),
    );
    promised(problem.status === 409, 'the status 409', problem.body);
    promised(
      (await ana.connection()).status === 'connected',
      'the first coach is still connected',
      await ana.connection(),
    );
    saw(problem.body.detail);
    run(`connection/${mode}/${ben.coach.id}`);
  });
}
