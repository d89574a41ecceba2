import type Stripe from 'stripe';
import { priceWorkflowId } from '../../src/messages/ids';
import { CoachUi } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor } from '../support/setup';

// On a real server: it ends an activity that waits for its next try at once, which the time-skipping one does not.
const rig = rigFor('file', { relayPollSeconds: 3600 });

test('a run that somebody cancels takes back what it made', async () => {
  const coach = await CoachUi.open(rig);
  const { accountId } = (await coach.connect()).body as { accountId: string };
  const productOf = (id: string) =>
    rig.stripe.of('test').products.retrieve(id, undefined, { stripeAccount: accountId });
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/prices' },
    fault: { kind: 'html502', when: 'before' },
  });
  const price = await coach.addPrice();
  const { id } = await rig.db.priceProvisioning.findFirstOrThrow({ where: { priceId: price.id } });
  await eventually('the product', () => productOf(price.productId).catch(() => false as const));
  const run = rig.client.workflow.getHandle(priceWorkflowId(id));
  await run.cancel();

  const settled = await eventually('the price to be settled', async () => {
    const { body } = await coach.call('GET', `/v1/prices/${price.id}`);
    return body.status === 'provisioning' ? false : body;
  });
  expect(settled).toMatchObject({ status: 'failed', failure: { code: 'cancelled' } });
  // The price is refused first, and its product archived after that.
  await run.result();
  expect(await productOf(price.productId)).toMatchObject({ active: false });
  const prices = await rig.stripeSide.objects<Stripe.Price>('price', accountId);
  expect(prices.filter(({ active }) => active)).toEqual([]);
});
