import { randomUUID } from 'node:crypto';
import type { reconciliation } from '../../src/workflows';
import { type Rig, startRig } from '../support/rig';
import { openShop } from '../support/shop';
import { CARDS } from '../support/stripe-side';

// The hour-long fallbacks are not needed: what is repaired here, the reconciliation repaired.
let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600, checkoutPollSeconds: 3600 });
});
afterAll(() => rig.close());

const sweep = () =>
  rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
    workflowId: `reconciliation-${randomUUID()}`,
    taskQueue: rig.config.temporal.taskQueue,
    args: [],
  });

test('every event is lost and the member never comes back: the next sweep gives the access, another one nothing', async () => {
  const shop = await openShop(rig);
  const sale = await shop.sell();
  const memberId = await shop.newMember();
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
  const { checkoutId, url } = await shop.open(sale, memberId);
  await rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
  expect(await shop.access(memberId, sale.productId)).toMatchObject({ access: false });

  expect((await sweep()).eventsRecovered).toBeGreaterThan(0);
  await shop.bought(checkoutId);
  expect(await shop.access(memberId, sale.productId)).toMatchObject({ access: true });
  await shop.quiet();
  expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 0, failedAccounts: 0 });
});

test('what was lost long ago is found by looking at the membership itself', async () => {
  const shop = await openShop(rig);
  const sale = await shop.sell();
  const memberId = await shop.newMember();
  const { membershipId, subscriptionId } = await shop.buy(sale, memberId);
  await sweep();
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
  await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
  await rig.db.inbox.createMany({
    // As if the events had been read and lost again: only the stale look is left.
    data: (await shop.stripe.events.list({ limit: 100 }, shop.asAccount)).data.map((event) => ({
      mode: 'test' as const,
      eventId: event.id,
      accountId: shop.accountId,
      type: event.type,
      payload: {},
      status: 'ignored' as const,
    })),
    skipDuplicates: true,
  });
  const longAgo = new Date(Date.now() - 8 * 86_400_000);
  await rig.db.membership.update({ where: { id: membershipId }, data: { verifiedAt: longAgo } });
  expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 1 });
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', reason: 'canceled' });
});
