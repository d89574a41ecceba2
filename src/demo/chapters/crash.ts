import { randomUUID } from 'node:crypto';
import type { Checkout } from '@session/sdk';
import { eventually } from '../eventually';
import { promised } from '../narrator';
import type { Offers, Stage } from '../stage';

/** Restarting, and Temporal noticing that a worker is gone, takes a while. */
const RECOVERY_TIMEOUT_MS = 90_000;

/** API and worker are killed in the middle of a checkout, twice; `npm start` brings them back. */
export async function crash(
  { narrator, ana }: Stage,
  { circle }: Offers,
  pids: () => number[],
): Promise<void> {
  narrator.chapter('kill -9 in the middle of a checkout');
  const kill = () => {
    const killed = pids();
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    return killed.join(' and ');
  };
  const retried = <T>(expected: string, ask: () => Promise<T>) =>
    eventually(
      expected,
      async () => {
        try {
          return await ask();
        } catch (error) {
          return error;
        }
      },
      (answer) => !(answer instanceof Error),
      RECOVERY_TIMEOUT_MS,
    ) as Promise<T>;

  const checkout = await narrator.step(
    'killed while the checkout is being opened; the coach’s server repeats the request',
    async ({ saw, run }) => {
      const key = randomUUID();
      const first = ana.openCheckout('kim', circle, key).catch((error: unknown) => error);
      const killed = kill();
      await first;
      const opened = await retried<Checkout>('the repeated request is answered', () =>
        ana.openCheckout('kim', circle, key),
      );
      const again = await ana.openCheckout('kim', circle);
      promised(opened.id === again.id && again.url !== null, 'one checkout', [opened, again]);
      saw(`killed ${killed}; one checkout: ${opened.id}`);
      run(`checkout/${opened.id}`);
      return again;
    },
  );

  await narrator.step('killed while the member pays; Stripe’s webhook finds nobody', async ({ saw, run }) => {
    const killed = kill();
    await ana.payAndLeave(checkout.url ?? '', 'succeeds');
    const access = await eventually(
      'access',
      () => ana.access('kim', circle).catch(() => null),
      (answer) => answer?.access === true,
      RECOVERY_TIMEOUT_MS,
    );
    const membership = await ana.membershipOf('kim', circle);
    saw(`killed ${killed}; ${access?.explanation ?? ''}`);
    run(`membership/${membership.id}`);
  });
}
