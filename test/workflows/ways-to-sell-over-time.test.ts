import { DAY, HOUR, MINUTE } from '../../src/domain/time';
import { membershipWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// Each test has a server of its own, because the test server may keep its time locked after a run has closed.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('test', { temporal: 'skipping' });
const seller = sellerFor('test', rig);

const seconds = (time: string) => Date.parse(time) / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const has = async (price: { productId: string }) => (await seller.accessOf('ada', price)).access;
const atStripe = (id: string) => seller.stripe.subscriptions.retrieve(id, undefined, seller.asAccount);
const kinds = async (memberId: string) => (await seller.timeline(memberId)).map(({ kind }) => kind);
/** The member's card begins to fail, or is good again. */
const card = (subscription: string, what: 'fails' | 'recovers') =>
  rig.stripeSide.trigger(`payment_method_${what}`, { account: seller.accountId, subscription });
const retries = (days: number[], finalAction: string) =>
  rig.stripeSide.control('PUT', `/accounts/${seller.accountId}/retry-policy`, { days, finalAction });

test('a twelve-week programme: access ends exactly when the weeks are over, and the run with it', async () => {
  const price = await seller.offer({ unitAmount: 12_000, accessDays: 12 * 7 });
  const { id, memberId, startedAt } = await seller.purchase(price, 'ada');
  const end = seconds(startedAt) + 12 * 7 * DAY;
  expect(await seller.access(memberId, price.productId)).toEqual({ access: true, until: end });
  await seller.moveTo(end - MINUTE);
  expect(await has(price)).toBe(true);
  await seller.moveTo(end);
  expect(await has(price)).toBe(false);
  expect(await now(id)).toMatchObject({ status: 'ended', reason: 'fixed_term_over' });
  expect(await seller.charges()).toEqual([12_000]);
  expect(await kinds(memberId)).toEqual(['purchase_completed', 'membership_ended']);
});

describe('a trial of fourteen days', () => {
  const onTrial = async () => {
    const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH, trialDays: 14 });
    const membership = await seller.purchase(price, 'ada');
    expect(membership).toMatchObject({ status: 'trialing', reason: 'trial' });
    expect(await has(price)).toBe(true);
    expect(await seller.charges()).toEqual([]);
    return { price, membership, trialEnd: seconds(membership.paidThrough) };
  };

  test('converts: the first payment follows, without a gap in the access', async () => {
    const { price, membership, trialEnd } = await onTrial();
    const { trial_start: trialStart } = await atStripe(membership.stripe.subscriptionId);
    expect(trialEnd).toBe((trialStart ?? 0) + 14 * DAY);
    await seller.moveTo(trialEnd - MINUTE);
    expect(await has(price)).toBe(true);
    expect(await seller.charges()).toEqual([]);
    await seller.moveTo(trialEnd + 2 * HOUR);
    expect(await has(price)).toBe(true);
    expect(await seller.charges()).toEqual([4900]);
    expect(await now(membership.id)).toMatchObject({ status: 'active', reason: 'paid' });
    expect(await kinds(membership.memberId)).toEqual(['purchase_completed', 'trial_converted', 'renewed']);
  });

  test('does not convert without a card: paused at Stripe, no access, nothing charged, until there is one', async () => {
    const { price, membership, trialEnd } = await onTrial();
    const { subscriptionId } = membership.stripe;
    // The coach has chosen so at Stripe, and the member has taken their card away.
    const pause = { end_behavior: { missing_payment_method: 'pause' as const } };
    await seller.stripe.subscriptions.update(subscriptionId, { trial_settings: pause }, seller.asAccount);
    const { customer, default_payment_method: card } = await atStripe(subscriptionId);
    await seller.stripe.paymentMethods.detach(card as string, undefined, seller.asAccount);
    await seller.moveTo(trialEnd + 2 * HOUR);
    expect(await atStripe(subscriptionId)).toMatchObject({ status: 'paused' });
    expect(await has(price)).toBe(false);
    expect(await now(membership.id)).toMatchObject({
      status: 'suspended',
      reason: 'trial_ended_without_card',
    });
    await seller.moveBy(40 * DAY);
    expect(await seller.charges()).toEqual([]);
    expect(await has(price)).toBe(false);

    const { id: another } = await seller.stripe.paymentMethods.attach(
      'pm_card_visa',
      { customer: customer as string },
      seller.asAccount,
    );
    await seller.stripe.subscriptions.update(
      subscriptionId,
      { default_payment_method: another },
      seller.asAccount,
    );
    expect((await seller.accessOf('ada', price)).next?.inWords).toContain('resumed');
    await seller.coach.call('POST', `/v1/memberships/${membership.id}/resume`, {});
    await seller.quiet();
    expect(await now(membership.id)).toMatchObject({ status: 'active', reason: 'paid' });
    expect(await has(price)).toBe(true);
    expect(await seller.charges()).toEqual([4900]);
  });

  test('does not convert where the first payment fails: grace, and then no access', async () => {
    const { price, membership, trialEnd } = await onTrial();
    await retries([3, 30], 'past_due');
    await card(membership.stripe.subscriptionId, 'fails');
    const graceEnd = trialEnd + HOUR + 7 * DAY;
    await seller.moveTo(graceEnd - MINUTE);
    expect(await has(price)).toBe(true);
    await seller.moveTo(graceEnd);
    expect(await has(price)).toBe(false);
    expect(await now(membership.id)).toMatchObject({ status: 'suspended', reason: 'grace_over' });
    expect(await seller.charges()).toEqual([]);
  });
});

describe('scenario 13: six installments, of which one fails at first', () => {
  const inSix = (more: object = {}) =>
    seller.offer({
      model: 'installments',
      unitAmount: 3000,
      recurring: EACH_MONTH,
      installments: 6,
      ...more,
    });
  const payments = (count: number) => Array<number>(count).fill(3000);

  /** Pays all six, the third of them only when Stripe tries again; ends two hours after the sixth. */
  async function payAll(id: string, subscription: string) {
    for (let paid = 1; paid < 6; paid++) {
      const due = seconds((await now(id)).paidThrough);
      if (paid === 2) {
        await card(subscription, 'fails');
        await seller.moveTo(due + 2 * HOUR);
        expect(await now(id)).toMatchObject({ status: 'past_due', reason: 'grace' });
        await card(subscription, 'recovers');
        await seller.moveTo(due + 4 * DAY);
      } else await seller.moveTo(due + 2 * HOUR);
      expect(await seller.charges()).toEqual(payments(paid + 1));
    }
  }

  test('exactly six are paid, Stripe has stopped, and the access has no end', async () => {
    const price = await inSix();
    const { id, memberId, stripe } = await seller.purchase(price, 'ada');
    await payAll(id, stripe.subscriptionId);
    expect(await now(id)).toMatchObject({ status: 'owned', reason: 'installments_complete' });
    await seller.moveBy(70 * DAY);
    expect(await seller.charges()).toEqual(payments(6));
    expect(await atStripe(stripe.subscriptionId)).toMatchObject({ status: 'canceled' });
    expect(await seller.access(memberId, price.productId)).toEqual({ access: true, until: null });
    expect(await kinds(memberId)).toEqual(
      expect.arrayContaining(['payment_failed', 'payment_recovered', 'installments_complete']),
    );
  });

  test('or for the fixed term, to its last second', async () => {
    const price = await inSix({ accessDays: 365 });
    const { id, memberId, startedAt, stripe } = await seller.purchase(price, 'ada');
    await payAll(id, stripe.subscriptionId);
    const until = seconds(startedAt) + 365 * DAY;
    expect(await seller.access(memberId, price.productId)).toEqual({ access: true, until });
    await seller.moveTo(until - MINUTE);
    expect(await has(price)).toBe(true);
    await seller.moveTo(until);
    expect(await has(price)).toBe(false);
    expect(await now(id)).toMatchObject({ status: 'ended', reason: 'fixed_term_over' });
    expect(await seller.charges()).toEqual(payments(6));
  });
});

test('an account that leaves: what was paid for is honoured with its leeway, to the second', async () => {
  const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  const { id, paidThrough } = await seller.purchase(price, 'ada');
  await rig.stripeSide.trigger('deauthorize', { account: seller.accountId });
  await seller.quiet();
  await eventually('the disconnection', async () => (await now(id)).reason === 'disconnected');
  const end = seconds(paidThrough) + 72 * HOUR;
  await seller.moveTo(end - MINUTE);
  expect(await has(price)).toBe(true);
  await seller.moveTo(end);
  expect(await has(price)).toBe(false);
  expect(await now(id)).toMatchObject({ status: 'ended', reason: 'disconnected_over' });
});

test('a subscription of 36 months: never a gap, and no run’s history comes near 2,000 events', async () => {
  const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  const { id, memberId } = await seller.purchase(price, 'ada');
  for (let month = 1; month <= 36; month++) {
    await seller.moveTo(seconds((await now(id)).paidThrough) + 2 * HOUR);
    expect(await has(price)).toBe(true);
  }
  expect(await seller.charges()).toEqual(Array(37).fill(4900));
  expect(await kinds(memberId)).toEqual(['purchase_completed', ...Array<string>(36).fill('renewed')]);

  const chain = await chainOf(membershipWorkflowId(id));
  expect(chain.length).toBeGreaterThanOrEqual(2);
  expect(Math.max(...chain)).toBeLessThan(400);
});

/** The number of events of each run, from the first one on through every continue-as-new. */
async function chainOf(workflowId: string): Promise<number[]> {
  const seen = rig.seenRuns().filter((run) => run.workflowId === workflowId);
  const lengths: number[] = [];
  let runId: string | null | undefined = seen[0]?.runId;
  while (runId != null && runId !== '') {
    const { events } = await rig.client.workflow.getHandle(workflowId, runId).fetchHistory();
    lengths.push(events?.length ?? 0);
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  expect(lengths).toHaveLength(seen.length);
  return lengths;
}
