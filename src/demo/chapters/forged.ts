import { createHmac } from 'node:crypto';
import { promised } from '../narrator';
import type { Offers, Stage } from '../stage';

/** What is not from Stripe is not believed. */
export async function forged({ narrator, mode, ana }: Stage, { circle }: Offers): Promise<void> {
  narrator.chapter('Webhooks that are not from Stripe');
  await narrator.step(
    'tampered and unsigned webhooks are answered 400 and change nothing',
    async ({ saw }) => {
      const account = await ana.accountId();
      const body = JSON.stringify({
        id: `evt_forged${Date.now()}`,
        object: 'event',
        type: 'checkout.session.completed',
        created: Math.floor(Date.now() / 1000),
        livemode: mode === 'live',
        account,
        data: { object: { id: 'cs_forged', object: 'checkout.session' } },
      });
      const at = Math.floor(Date.now() / 1000);
      const signature = createHmac('sha256', 'whsec_guessed').update(`${at}.${body}`).digest('hex');
      for (const headers of [{}, { 'stripe-signature': `t=${at},v1=${signature}` }]) {
        const response = await fetch(`${ana.world.api}/webhooks/stripe`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        });
        const problem = (await response.json()) as { code?: string; detail?: string };
        promised(
          response.status === 400 && problem.code === 'webhook_signature_invalid',
          'a 400 with webhook_signature_invalid',
          { status: response.status, problem },
        );
        saw(problem.detail ?? '');
      }
      promised(!(await ana.access('nobody', circle)).access, 'no access', null);
    },
  );
}
