import { DAY, HOUR, type Seconds, toSeconds } from '../../src/domain/time';
import { membershipWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import type { Sale } from '../support/shop';

let sale: Sale;
let memberId: string;
let membershipId: string;
let subscriptionId: string;

const rig = rigFor('file');
const shop = shopFor('test', rig);
beforeEach(async () => {
  sale = await shop.sell();
  memberId = await shop.newMember();
  ({ membershipId, subscriptionId } = await shop.buy(sale, memberId));
});

afterEach(() => {
  delete rig.hooks.syncMembership;
});

const has = async () => (await shop.access(memberId, sale.productId)).access;
const paidThrough = async (): Promise<Seconds> =>
  toSeconds((await shop.membership(membershipId)).paidThrough as Date);
const kinds = async () => (await shop.timeline(memberId)).map(({ kind }) => kind);
const cards = (state: 'fails' | 'recovers') =>
  rig.stripeSide.trigger(`payment_method_${state}`, {
    account: shop.accountId,
    subscription: subscriptionId,
  });
const retries = (days: number[], finalAction: 'cancel' | 'unpaid' | 'past_due') =>
  rig.stripeSide.control('PUT', `/accounts/${shop.accountId}/retry-policy`, { days, finalAction });

async function expectRunClosed(): Promise<void> {
  const handle = rig.client.workflow.getHandle(membershipWorkflowId(membershipId));
  await eventually('the end of the run', async () => (await handle.describe()).status.name === 'COMPLETED');
}

describe('cancelled', () => {
  test('at the end of the period: access ends exactly then, and the run with it', async () => {
    const view = await rig.workflows.cancelMembership(membershipId, shop.owner(memberId), {
      requestId: 'request-1',
      at: 'period_end',
    });
    expect(view).toMatchObject({ status: 'canceling', reason: 'scheduled_to_cancel' });
    const end = await paidThrough();
    expect(await shop.access(memberId, sale.productId)).toEqual({ access: true, until: end });

    await shop.moveTo(end - 60);
    expect(await has()).toBe(true);
    await shop.moveTo(end);
    expect(await has()).toBe(false);
    await shop.moveBy(2 * HOUR);
    expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', stripeStatus: 'canceled' });
    expect(await kinds()).toEqual(['purchase_completed', 'cancellation_scheduled', 'membership_ended']);
    await expectRunClosed();
  });

  test('and taken back: goes on and renews', async () => {
    const owner = shop.owner(memberId);
    await rig.workflows.cancelMembership(membershipId, owner, { requestId: 'request-1', at: 'period_end' });
    expect(
      await rig.workflows.resumeMembership(membershipId, owner, { requestId: 'request-2' }),
    ).toMatchObject({
      status: 'active',
      reason: 'paid',
    });
    const end = await paidThrough();
    await shop.moveTo(end + 2 * HOUR);
    expect(await has()).toBe(true);
    expect(await paidThrough()).toBeGreaterThan(end);
    expect(await kinds()).toEqual([
      'purchase_completed',
      'cancellation_scheduled',
      'cancellation_withdrawn',
      'renewed',
    ]);
  });

  test('at once: access ends at once', async () => {
    const view = await rig.workflows.cancelMembership(membershipId, shop.owner(memberId), {
      requestId: 'request-1',
      at: 'now',
    });
    expect(view).toMatchObject({ status: 'ended', reason: 'canceled' });
    expect(await has()).toBe(false);
    await expectRunClosed();
  });

  test('at once, where the coach honours what was paid: access lasts to the end of the period', async () => {
    await rig.db.settings.create({
      data: {
        coachId: shop.coachId,
        mode: shop.mode,
        graceDays: 7,
        renewalLeewayHours: 72,
        honourPaidPeriod: true,
      },
    });
    await rig.workflows.cancelMembership(membershipId, shop.owner(memberId), {
      requestId: 'request-1',
      at: 'now',
    });
    const end = await paidThrough();
    expect(await shop.access(memberId, sale.productId)).toEqual({ access: true, until: end });
    // At Stripe it is over: to cancel it once more changes nothing, and nothing else can be done with it.
    const owner = shop.owner(memberId);
    const ask = (n: number) => ({ requestId: `again-${n}` });
    for (const [i, at] of (['now', 'period_end'] as const).entries())
      await rig.workflows.cancelMembership(membershipId, owner, { ...ask(i), at });
    await expect(rig.workflows.pauseMembership(membershipId, owner, ask(2))).rejects.toMatchObject({
      cause: { type: 'membership_ended' },
    });
    await expect(rig.workflows.resumeMembership(membershipId, owner, ask(3))).rejects.toMatchObject({
      cause: { type: 'membership_ended' },
    });
    expect(await shop.access(memberId, sale.productId)).toEqual({ access: true, until: end });
    await shop.moveTo(end);
    expect(await has()).toBe(false);
    await expectRunClosed();
  });

  test('in Stripe’s own pages: heard of and followed', async () => {
    await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
    await shop.quiet();
    expect((await shop.membership(membershipId)).reason).toBe('scheduled_to_cancel');
    await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
    await shop.quiet();
    expect(await has()).toBe(false);
    await expectRunClosed();
  });
});

describe('an unpaid renewal', () => {
  test('keeps access through the grace, and a payment restores the rest', async () => {
    await retries([3, 5, 7], 'cancel');
    await cards('fails');
    const end = await paidThrough();
    await shop.moveTo(end + 2 * HOUR);
    expect(await shop.membership(membershipId)).toMatchObject({ status: 'past_due', reason: 'grace' });
    // Finalized an hour after the period's end: the grace counts from there.
    expect(await shop.access(memberId, sale.productId)).toEqual({
      access: true,
      until: end + HOUR + 7 * DAY,
    });

    await cards('recovers');
    await shop.moveTo(end + 4 * DAY);
    expect(await shop.membership(membershipId)).toMatchObject({ status: 'active', reason: 'paid' });
    expect(await paidThrough()).toBeGreaterThan(end);
    expect(await kinds()).toEqual(['purchase_completed', 'payment_failed', 'payment_recovered']);
  });

  test('scenario 11: takes access when the grace is over, on time, and gives it back when it is paid after all', async () => {
    await retries([3, 5, 30], 'past_due');
    await cards('fails');
    const graceEnd = (await paidThrough()) + HOUR + 7 * DAY;
    await shop.moveTo(graceEnd - 60);
    expect(await has()).toBe(true);
    await shop.moveTo(graceEnd);
    expect(await has()).toBe(false);
    await shop.moveBy(DAY);
    expect(await shop.membership(membershipId)).toMatchObject({
      status: 'suspended',
      reason: 'grace_over',
      endedAt: null,
    });

    await cards('recovers');
    await shop.moveTo(graceEnd + 34 * DAY);
    expect(await has()).toBe(true);
    expect(await kinds()).toContain('payment_recovered');
  });

  test('ends the membership when Stripe gives up', async () => {
    await retries([1, 2], 'cancel');
    await cards('fails');
    await shop.moveTo((await paidThrough()) + 5 * DAY);
    expect(await has()).toBe(false);
    expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', reason: 'canceled' });
    await expectRunClosed();
  });

  test('is none where Stripe leaves the subscription unpaid', async () => {
    await retries([1, 2], 'unpaid');
    await cards('fails');
    await shop.moveTo((await paidThrough()) + 4 * DAY);
    expect(await has()).toBe(false);
    expect(await shop.membership(membershipId)).toMatchObject({ status: 'suspended', reason: 'unpaid' });
  });
});

test('a hint that comes while the run continues as new is not lost', async () => {
  const end = await paidThrough();
  // So much has happened to the run that its next renewal is the occasion.
  const workflowId = membershipWorkflowId(membershipId);
  await eventually('a long history', async () => {
    await rig.workflows.signalClockMoved(Array<string>(50).fill(workflowId));
    const run = await rig.client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => null);
    return run !== null && run.historyLength > 300;
  });
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let held = false;
  rig.hooks.syncMembership = {
    after: async () => {
      if (held || (await paidThrough()) === end) return;
      held = true;
      await released;
    },
  };
  const moving = shop.moveTo(end + 2 * HOUR);
  await eventually('the look that sees the renewal', () => held);
  // Stripe's event reaches the run while that look is not over yet; the run will go on as another one.
  await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
  await eventually('the event at its run', async () => {
    const row = (await shop.inbox()).find(({ type }) => type === 'customer.subscription.deleted');
    return row !== undefined && row.targetId === membershipId;
  });
  goOn();
  await moving;
  // Time may have moved on before that event came.
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', reason: 'canceled' });
  const runs = rig.seenRuns().filter(({ workflowId }) => workflowId === membershipWorkflowId(membershipId));
  expect(runs.length).toBeGreaterThan(1);
  await expectRunClosed();
});
