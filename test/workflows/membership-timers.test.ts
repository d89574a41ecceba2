import type { temporal } from '@temporalio/proto';
import { DAY, HOUR, MINUTE, type Seconds, toSeconds } from '../../src/domain/time';
import { membershipWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import type { Sale } from '../support/shop';

// Nobody is told of anything here: all that happens, the run's own timers do. Each test has a server of its own, because
// the test server may keep its time locked after a run has closed.
let sale: Sale;
let memberId: string;
let membershipId: string;
let subscriptionId: string;

const rig = rigFor('test', { temporal: 'skipping' });
const shop = shopFor('test', rig);
beforeEach(async () => {
  sale = await shop.sell();
  memberId = await shop.newMember();
  ({ membershipId, subscriptionId } = await shop.buy(sale, memberId));
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
});

const has = async () => (await shop.access(memberId, sale.productId)).access;
const paidThrough = async (): Promise<Seconds> =>
  toSeconds((await shop.membership(membershipId)).paidThrough as Date);

test('a renewal is found without a webhook', async () => {
  const end = await paidThrough();
  await shop.moveTo(end + 2 * HOUR);
  expect(await paidThrough()).toBeGreaterThan(end);
  expect((await shop.timeline(memberId)).at(-1)).toMatchObject({ kind: 'renewed', cause: 'timer' });
});

test('a cancellation that nobody told of takes access when what was paid is used up, and the run ends', async () => {
  const end = await paidThrough();
  await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
  await shop.moveTo(end + 90 * MINUTE);
  expect(await has()).toBe(false);
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', stripeStatus: 'canceled' });
  const run = rig.client.workflow.getHandle(membershipWorkflowId(membershipId));
  await eventually('the end of the run', async () => (await run.describe()).status.name === 'COMPLETED');
});

test('a cancellation at the end of the period takes access exactly then', async () => {
  const at = 'period_end';
  await rig.workflows.cancelMembership(membershipId, shop.owner(memberId), { requestId: 'request-1', at });
  const end = await paidThrough();
  await shop.moveTo(end - 60);
  expect(await has()).toBe(true);
  await shop.moveTo(end);
  expect(await has()).toBe(false);
});

test('scenario 114: what a buyer or a person waits for is tried again soon after an outage', async () => {
  const at = 'period_end';
  await rig.workflows.cancelMembership(membershipId, shop.owner(memberId), { requestId: 'request-1', at });
  const policies: Record<string, RetryPolicy[]> = {};
  for (const { workflowId, runId } of rig.seenRuns()) {
    const { events } = await rig.client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? [])
      if (scheduled?.activityType?.name != null && scheduled.retryPolicy != null)
        (policies[scheduled.activityType.name] ??= []).push(scheduled.retryPolicy);
  }
  /** Seconds from the end of an outage, at the latest. */
  const waits = (activity: string, outage: number) =>
    (policies[activity] ?? []).map((policy) => pauseAfter(outage, policy));
  for (const activity of ['openSession', 'settleCheckout', 'cancelSubscription']) {
    expect([activity, Math.max(...waits(activity, 2 * MINUTE))]).toEqual([activity, 12]);
    expect([activity, Math.max(...waits(activity, 12 * HOUR))]).toEqual([activity, 300]);
  }
  // Looks that events and timers ask for are many, and nobody waits for them; one was the person's.
  expect(new Set(waits('settleMembership', 2 * MINUTE))).toEqual(new Set([64, 12]));
});

type RetryPolicy = temporal.api.common.v1.IRetryPolicy;

/** How long the pause is, in whole seconds, in which an outage ends that began with the first try. */
function pauseAfter(outage: number, policy: RetryPolicy): number {
  let pause = Number(policy.initialInterval?.seconds);
  for (let at = pause; at < outage; at += pause)
    pause = Math.min(pause * Number(policy.backoffCoefficient), Number(policy.maximumInterval?.seconds));
  return Math.round(pause);
}

test('scenario 11: an unpaid renewal takes access when the grace is over', async () => {
  await rig.stripeSide.control('PUT', `/accounts/${shop.accountId}/retry-policy`, {
    days: [3, 30],
    finalAction: 'past_due',
  });
  const failing = { account: shop.accountId, subscription: subscriptionId };
  await rig.stripeSide.trigger('payment_method_fails', failing);
  const graceEnd = (await paidThrough()) + HOUR + 7 * DAY;
  await shop.moveTo(graceEnd - 60);
  expect(await has()).toBe(true);
  await shop.moveTo(graceEnd + 1);
  expect(await has()).toBe(false);
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'suspended', reason: 'grace_over' });
});
