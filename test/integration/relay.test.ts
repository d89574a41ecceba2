import { Client, Connection } from '@temporalio/client';
import { createRuns } from '../../src/temporal/runs';
import { dispatch } from '../../src/worker/dispatch';
import { claim } from '../../src/worker/inbox';
import { checkoutWorkflowId, membershipWorkflowId } from '../../src/workflows/ids';
import { wakeOverdue } from '../../src/worker/overdue';
import { provided } from '../harness/variables';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openShop, type Shop } from '../support/shop';
import { startSilentProxy } from '../support/silent-proxy';
import { CARDS } from '../support/stripe-side';

let rig: Rig;
let shop: Shop;
beforeAll(async () => {
  rig = await startRig({ temporal: 'dev', relayPollSeconds: 3600, checkoutPollSeconds: 3600 });
});
afterAll(() => rig.close());
beforeEach(async () => {
  shop = await openShop(rig);
});

/** Ends a run as an operator may, once there is one. */
const terminate = (workflowId: string) =>
  eventually('a run to terminate', async () => {
    await runOf(workflowId).terminate();
    return true;
  });
const runOf = (workflowId: string) => rig.client.workflow.getHandle(workflowId);
const sweep = () => wakeOverdue(rig);
const long = () => new Date(Date.now() - 3_600_000);

test('a checkout whose run was never started gets one', async () => {
  const row = await shop.insertCheckout(await shop.sell(), await shop.newMember());
  await rig.db.checkout.update({ where: { id: row.id }, data: { createdAt: long() } });
  await sweep();
  await eventually('the session', async () => (await shop.checkoutRow(row.id)).status === 'open');
});

test('a membership whose run was terminated is looked at by a new one, by event or when it is overdue', async () => {
  const sale = await shop.sell();
  const memberId = await shop.newMember();
  const { membershipId, subscriptionId } = await shop.buy(sale, memberId);
  await terminate(membershipWorkflowId(membershipId));
  await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ reason: 'scheduled_to_cancel' });

  await terminate(membershipWorkflowId(membershipId));
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
  await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
  await rig.db.membership.update({ where: { id: membershipId }, data: { nextDeadlineAt: long() } });
  await sweep();
  await eventually('the end', async () => (await shop.membership(membershipId)).status === 'ended');
});

test('a checkout whose run was terminated is settled without one, by event or when it is overdue', async () => {
  const sale = await shop.sell({ interval: null });
  const memberId = await shop.newMember();
  const heard = await shop.open(sale, memberId);
  await terminate(checkoutWorkflowId(heard.checkoutId));
  await rig.stripeSide.payWithCard(heard.url, CARDS.test.succeeds);
  await shop.bought(heard.checkoutId);

  await rig.stripeSide.webhooks(false, { account: shop.accountId });
  const silent = await shop.open(await shop.sell({ interval: null }), memberId);
  await terminate(checkoutWorkflowId(silent.checkoutId));
  await rig.stripeSide.payWithCard(silent.url, CARDS.test.succeeds);
  await rig.db.checkout.update({ where: { id: silent.checkoutId }, data: { nextDeadlineAt: long() } });
  await sweep();
  await shop.bought(silent.checkoutId);
});

test('a refund of a one-off purchase, which has no run, is settled by an event’s own run and takes the access', async () => {
  const sale = await shop.sell({ interval: null });
  const memberId = await shop.newMember();
  const { membershipId } = await shop.buy(sale, memberId);
  const { stripePaymentIntentId } = await shop.membership(membershipId);
  const refund = (amount: number) =>
    rig.stripeSide.trigger('refund', {
      account: shop.accountId,
      payment_intent: stripePaymentIntentId,
      amount,
    });
  await refund(1000);
  await shop.quiet();
  expect((await shop.access(memberId, sale.productId)).access).toBe(true);
  await refund(3900);
  await shop.quiet();
  expect((await shop.access(memberId, sale.productId)).access).toBe(false);
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', reason: 'refunded' });
});

test('one purchase refunded takes nothing that another one gives', async () => {
  const sale = await shop.sell({ interval: null });
  const again = await shop.sell({ interval: 'month', productId: sale.productId });
  const memberId = await shop.newMember();
  const { membershipId } = await shop.buy(sale, memberId);
  await shop.buy(again, memberId);
  const { stripePaymentIntentId } = await shop.membership(membershipId);
  await rig.stripeSide.trigger('refund', { account: shop.accountId, payment_intent: stripePaymentIntentId });
  await shop.quiet();
  expect((await shop.membership(membershipId)).status).toBe('ended');
  expect((await shop.access(memberId, sale.productId)).access).toBe(true);
});

test('a connection to Temporal that falls silent: the events go back to the inbox, and are settled by another', async () => {
  const { membershipId, subscriptionId } = await shop.buy(await shop.sell(), await shop.newMember());
  await rig.stopWorker();
  await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
  await rig.stripeSide.drain({ account: shop.accountId, livemode: false });

  const proxy = await startSilentProxy(provided('temporal'));
  const connection = await Connection.connect({ address: proxy.address });
  const { taskQueue } = rig.config.temporal;
  const runs = createRuns(new Client({ connection }), { taskQueue, checkoutPollSeconds: 3600 });
  try {
    proxy.swallow();
    const rows = await claim(rig.db, 100);
    expect(rows.length).toBeGreaterThan(0);
    await dispatch({ db: rig.db, stripe: (mode) => rig.stripe.of(mode), runs, log: rig.log }, rows);
    const why = 'could not wake the run';
    expect((await shop.inbox()).filter(({ note }) => note?.startsWith(why))).toHaveLength(rows.length);
  } finally {
    await connection.close();
    await proxy.close();
    await rig.startWorker();
  }
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ reason: 'scheduled_to_cancel' });
});

test('scenario 07: a flood of events is one look or few, not one each', async () => {
  const { subscriptionId, membershipId } = await shop.buy(await shop.sell(), await shop.newMember());
  const { revision } = await shop.membership(membershipId);
  await rig.stopWorker();
  for (let n = 0; n < 30; n++)
    await shop.stripe.subscriptions.update(subscriptionId, { metadata: { n: String(n) } }, shop.asAccount);
  await rig.stripeSide.drain({ account: shop.accountId, livemode: false });
  await rig.startWorker();
  await shop.quiet();
  expect((await shop.membership(membershipId)).revision - revision).toBeLessThan(10);
});

test('an operator finds a run by coach, account and member, and reads what it waits for', async () => {
  const memberId = await shop.newMember();
  const { membershipId } = await shop.buy(await shop.sell(), memberId);
  const described = await eventually('the attributes', async () => {
    const description = await runOf(membershipWorkflowId(membershipId)).describe();
    return description.searchAttributes['BusinessStatus']?.[0] === 'active' ? description : undefined;
  });
  expect(described.searchAttributes).toMatchObject({
    CoachId: [shop.coachId],
    StripeAccountId: [shop.accountId],
    Mode: ['test'],
    MemberId: [memberId],
  });
  expect(await described.staticSummary()).toContain(membershipId);
});
