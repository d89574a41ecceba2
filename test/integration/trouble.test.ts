import { DAY, HOUR } from '../../src/domain/time';
import { newId } from '../../src/domain/ids';
import { membershipWorkflowId } from '../../src/messages/ids';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { IBANS } from '../support/stripe-side';

// Most of the trouble with payments comes after the sale: banks that ask, fail, take back and change their minds.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const seconds = (time: string) => Date.parse(time) / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const post = (id: string, action: string, body: object = {}) =>
  seller.coach.call('POST', `/v1/memberships/${id}/${action}`, body);
const has = async (price: { productId: string }) => (await seller.accessOf('ada', price)).access;
const once = () => seller.offer({ unitAmount: 10_000 });
const monthly = () => seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
const inEuro = () => seller.offer({ unitAmount: 4900, currency: 'eur', recurring: EACH_MONTH });
const kinds = async (memberId: string): Promise<string[]> =>
  (await seller.read(`/v1/members/${memberId}/timeline`)).data.map((entry: Answer['body']) => entry.kind);
const retries = (days: number[], finalAction: string) =>
  rig.stripeSide.control('PUT', `/accounts/${seller.accountId}/retry-policy`, { days, finalAction });
const newestCharge = async () =>
  (await seller.stripe.charges.list({ limit: 1 }, seller.asAccount)).data[0]?.id ?? '';
const toCharge = (trigger: string, charge: string, more: object = {}) =>
  rig.stripeSide.trigger(trigger, { account: seller.accountId, charge, ...more });

describe('a pause with an end', () => {
  test('ends by itself: nothing is charged until then, and the next period is', async () => {
    const price = await monthly();
    const { id, memberId, paidThrough } = await seller.purchase(price, 'ada');
    const until = new Date((seconds(paidThrough) + 10 * DAY) * 1000).toISOString();
    const paused = await post(id, 'pause', { until });
    expect(paused).toMatchObject({
      status: 200,
      body: { reason: 'collection_paused', pauseUntil: until, next: { what: 'access_end', at: paidThrough } },
    });
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    expect(await has(price)).toBe(false);
    expect(await now(id)).toMatchObject({ status: 'suspended', next: { what: 'resumption', at: until } });
    await seller.moveTo(seconds(until) + HOUR);
    expect(await now(id)).toMatchObject({ reason: 'awaiting_payment', pauseUntil: null });
    // The period in which nothing was charged is not given either; the next one is charged, and given.
    expect(await has(price)).toBe(false);
    await seller.moveTo(seconds(paidThrough) + 32 * DAY);
    expect(await seller.charges()).toEqual([4900, 4900]);
    expect(await has(price)).toBe(true);
    expect(await kinds(memberId)).toEqual([
      'purchase_completed',
      'collection_paused',
      'access_over',
      'resumed',
      'renewed',
    ]);
  });

  test('that is over before the paid period is changes nothing for the member', async () => {
    const price = await monthly();
    const { id, paidThrough } = await seller.purchase(price, 'ada');
    const until = new Date((seconds(paidThrough) - 10 * DAY) * 1000).toISOString();
    expect(await post(id, 'pause', { until })).toMatchObject({
      body: { next: { what: 'resumption', at: until } },
    });
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    expect(await seller.charges()).toEqual([4900, 4900]);
    expect(await has(price)).toBe(true);
  });

  test('in the past is refused', async () => {
    const { id } = await seller.purchase(await monthly(), 'ada');
    const until = new Date(((await seller.now()) - HOUR) * 1000).toISOString();
    expect(await post(id, 'pause', { until })).toMatchObject({ status: 400, body: { field: 'until' } });
  });
});

describe('installments', () => {
  const inThree = () =>
    seller.offer({ model: 'installments', unitAmount: 3000, recurring: EACH_MONTH, installments: 3 });

  test('one that fails is tried again, is counted once, and the last one is still charged', async () => {
    await retries([3, 5], 'past_due');
    const price = await inThree();
    const { id, memberId, paidThrough, stripe } = await seller.purchase(price, 'ada');
    expect(await now(id)).toMatchObject({ installments: { due: 3, paid: 1 } });
    const card = { account: seller.accountId, subscription: stripe.subscriptionId };
    await rig.stripeSide.trigger('payment_method_fails', card);
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    expect(await now(id)).toMatchObject({ status: 'past_due', installments: { due: 3, paid: 1 } });
    await rig.stripeSide.trigger('payment_method_recovers', card);
    await seller.moveBy(4 * DAY);
    expect(await now(id)).toMatchObject({ reason: 'installments', installments: { due: 3, paid: 2 } });
    await seller.moveTo(seconds((await now(id)).paidThrough) + 2 * HOUR);
    expect(await now(id)).toMatchObject({ status: 'owned', installments: { due: 3, paid: 3 } });
    expect(await seller.charges()).toEqual([3000, 3000, 3000]);
    expect(await kinds(memberId)).toEqual([
      'purchase_completed',
      'payment_failed',
      'payment_recovered',
      'installments_complete',
    ]);
  });

  test.each([
    ['takes', '/v1/subscription_schedules'],
    // It was made in the first period then, and has released itself when that was over.
    ['lets us change', '/v1/subscription_schedules/*'],
  ])(
    'scenario 13: a schedule that Stripe %s only in the second period ends with the third all the same',
    async (what, path) => {
      await rig.stripeSide.faults({
        match: { method: 'POST', path },
        fault: { kind: 'status', status: 403, code: 'more_permissions_required', when: 'before' },
        times: 1000,
      });
      const { id, paidThrough, stripe } = await seller.purchase(await inThree(), 'ada');
      const first = await newestCharge();
      const schedule = async () =>
        (await seller.stripe.subscriptions.retrieve(stripe.subscriptionId, undefined, seller.asAccount))
          .schedule;
      await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
      if (what === 'takes') expect(await schedule()).toBeNull();
      await rig.stripeSide.faults();
      await seller.moveBy(2 * HOUR);
      await eventually('the schedule', async () => (await schedule()) !== null);
      // So that three payments are not all that is due, and only the schedule ends the charging.
      await toCharge('refund', first);
      await seller.moveTo(seconds(paidThrough) + 95 * DAY);
      expect(await seller.charges()).toEqual([3000, 3000, 3000]);
      expect(await now(id)).toMatchObject({
        reason: 'installments_short',
        installments: { due: 3, paid: 2 },
      });
    },
  );

  test('one that is refunded counts no more, and the timeline says so', async () => {
    const price = await inThree();
    const { id, memberId, paidThrough } = await seller.purchase(price, 'ada');
    const first = await newestCharge();
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    expect(await now(id)).toMatchObject({ installments: { due: 3, paid: 2 } });
    // Of the first, so that the present period stays paid for.
    await toCharge('refund', first, { amount: 1000 });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ installments: { due: 3, paid: 2 } });
    await toCharge('refund', first, { amount: 2000 });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'active', installments: { due: 3, paid: 1 } });
    const { data } = await seller.read(`/v1/members/${memberId}/timeline`);
    expect(data.at(-1)).toMatchObject({
      kind: 'installments_recounted',
      cause: 'stripe_event',
      details: { installmentsPaid: 1, installmentsDue: 3 },
    });
    // Stripe's schedule charges three times in all; what was given back is missing in the end, and is said to be.
    await seller.moveTo(seconds(paidThrough) + 95 * DAY);
    expect(await seller.charges()).toEqual([3000, 3000, 3000]);
    expect(await now(id)).toMatchObject({
      status: 'ended',
      reason: 'installments_short',
      installments: { due: 3, paid: 2 },
    });
  });
});

describe('a card whose bank wants the member to authenticate the renewal', () => {
  test('past due with grace; when the member has done so, all is as before', async () => {
    await retries([5, 5], 'past_due');
    const price = await monthly();
    const { id, memberId, paidThrough, stripe } = await seller.purchase(price, 'ada');
    const asks = await seller.stripe.paymentMethods.attach(
      'pm_card_authenticationRequired',
      { customer: stripe.customerId },
      seller.asAccount,
    );
    await seller.stripe.subscriptions.update(
      stripe.subscriptionId,
      { default_payment_method: asks.id },
      seller.asAccount,
    );
    await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
    const graceEnd = new Date((seconds(paidThrough) + HOUR + 7 * DAY) * 1000).toISOString();
    expect(await now(id)).toMatchObject({
      status: 'past_due',
      reason: 'grace',
      next: { what: 'grace_end', at: graceEnd },
    });
    expect(await has(price)).toBe(true);

    // The member follows the link in Stripe's mail, and passes the bank's page.
    const { data: invoices } = await seller.stripe.invoices.list(
      { subscription: stripe.subscriptionId, limit: 1, expand: ['data.payments'] },
      seller.asAccount,
    );
    const intent = invoices[0]?.payments?.data[0]?.payment.payment_intent;
    const confirmed = await seller.stripe.paymentIntents.confirm(
      typeof intent === 'string' ? intent : (intent?.id ?? ''),
      { payment_method: asks.id, return_url: 'http://localhost/paid' },
      seller.asAccount,
    );
    expect(confirmed.status).toBe('requires_action');
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'past_due' });
    const page = confirmed.next_action?.redirect_to_url?.url ?? '';
    await fetch(page, {
      method: 'POST',
      body: new URLSearchParams({ result: 'complete' }),
      redirect: 'manual',
    });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'active', reason: 'paid' });
    expect(await seller.charges()).toEqual([4900, 4900]);
    expect(await kinds(memberId)).toEqual(['purchase_completed', 'payment_failed', 'payment_recovered']);
  });
});

describe('a refund that the member’s bank sends back', () => {
  test('restores what it took: the coach has the money after all', async () => {
    const price = await once();
    const { id, memberId } = await seller.purchase(price, 'ada');
    const charge = await newestCharge();
    const refund = (await toCharge('refund', charge)) as { id: string };
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'ended', reason: 'refunded' });
    expect(await has(price)).toBe(false);
    await rig.stripeSide.trigger('refund_failed', { account: seller.accountId, refund: refund.id });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'owned', reason: 'owned', endedAt: null });
    expect(await has(price)).toBe(true);
    expect(await kinds(memberId)).toEqual(['purchase_completed', 'membership_ended', 'access_restored']);
  });
});

describe('what had ended and goes on has a run again, which waits for its next end', () => {
  const describeRun = (id: string) =>
    rig.client.workflow
      .getHandle(membershipWorkflowId(id))
      .describe()
      .then(({ status }) => status.name);
  const isRunning = (id: string) =>
    eventually('a run', async () => (await describeRun(id).catch(() => 'NONE')) === 'RUNNING');

  test('a fixed term, when the refund fails', async () => {
    const price = await seller.offer({ unitAmount: 10_000, accessDays: 84 });
    const { id, startedAt } = await seller.purchase(price, 'ada');
    const refund = (await toCharge('refund', await newestCharge())) as { id: string };
    await seller.quiet();
    await eventually('the end of the run', async () => (await describeRun(id)) === 'COMPLETED');
    await rig.stripeSide.trigger('refund_failed', { account: seller.accountId, refund: refund.id });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'canceling', reason: 'fixed_term', endedAt: null });
    await isRunning(id);
    await seller.moveTo(seconds(startedAt) + 84 * DAY);
    expect(await now(id)).toMatchObject({ status: 'ended', reason: 'fixed_term_over' });
  });

  test('a subscription whose account was away for longer than was paid for', async () => {
    const price = await monthly();
    const { id } = await seller.purchase(price, 'ada');
    await rig.stripeSide.trigger('deauthorize', { account: seller.accountId });
    await seller.quiet();
    await seller.moveBy(40 * DAY);
    expect(await now(id)).toMatchObject({ status: 'ended', reason: 'disconnected_over' });
    await rig.stripeSide.connect(seller.accountId, seller.mode);
    await rig.db.inbox.create({
      data: {
        mode: seller.mode,
        eventId: newId('hint'),
        accountId: seller.accountId,
        type: 'internal.connection_made',
        payload: {},
        targetKind: 'membership',
        targetId: id,
      },
    });
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'active', reason: 'paid', endedAt: null });
    await isRunning(id);
  });
});

test('Stripe refuses to stop charging what was refunded: it is asked again until it has', async () => {
  const price = await monthly();
  const { id, stripe } = await seller.purchase(price, 'ada');
  const path = `/v1/subscriptions/${stripe.subscriptionId}`;
  await rig.stripeSide.faults({
    match: { method: 'DELETE', path },
    fault: { kind: 'status', status: 403, code: 'more_permissions_required', when: 'before' },
    times: 2,
  });
  await toCharge('refund', await newestCharge());
  await eventually('the end', async () => (await now(id)).status === 'ended');
  await rig.stripeSide.faults();
  expect(await now(id)).toMatchObject({ reason: 'refunded' });
  const atStripe = seller.stripe.subscriptions.retrieve(stripe.subscriptionId, undefined, seller.asAccount);
  expect(await atStripe).toMatchObject({ status: 'canceled' });
  const runs = rig.seenRuns().filter(({ workflowId }) => workflowId === membershipWorkflowId(id));
  expect(runs).toHaveLength(1);
});

describe('what a bank asks or prevents', () => {
  test.each(['warning_needs_response', 'prevented'])('%s takes nothing', async (trigger) => {
    const price = await once();
    const { id } = await seller.purchase(price, 'ada');
    await toCharge(trigger, await newestCharge());
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'owned' });
    expect(await has(price)).toBe(true);
  });

  test('an inquiry that becomes a dispute suspends, and one that is closed did nothing', async () => {
    const price = await once();
    const { id } = await seller.purchase(price, 'ada');
    const charge = await newestCharge();
    await toCharge('warning_needs_response', charge);
    await toCharge('warning_escalated', charge);
    await seller.quiet();
    expect(await now(id)).toMatchObject({ status: 'suspended', reason: 'disputed' });
    await toCharge('dispute_won', charge);
    await seller.quiet();
    expect(await has(price)).toBe(true);
    const other = await once();
    await seller.purchase(other, 'ada');
    const second = await newestCharge();
    await toCharge('warning_needs_response', second);
    await toCharge('warning_closed', second);
    await seller.quiet();
    expect(await has(other)).toBe(true);
  });
});

describe('a debit that takes days', () => {
  test.each([
    ['succeeds', IBANS.succeeds, 'active'],
    ['fails', IBANS.fails, null],
  ])('for a subscription: pending, then it %s', async (_outcome, iban, end) => {
    const price = await inEuro();
    const checkout = await seller.openFor(price, 'ada');
    expect(await rig.stripeSide.payWithIban(checkout.body.url, iban)).toMatchObject({ status: 303 });
    await seller.quiet();
    const { memberId } = await seller.read(`/v1/checkouts/${checkout.body.id}`);
    expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'payment_pending' });
    await seller.moveBy(3 * DAY + HOUR);
    expect(await has(price)).toBe(end !== null);
    const { data } = await seller.read(`/v1/memberships?member=${memberId}`);
    expect(data.map((row: Answer['body']) => row.status)).toEqual(end === null ? [] : [end]);
  });

  test.each(['past_due', 'unpaid'])(
    'that bounces is over: closed, charged no more (though Stripe would leave it %s), and to be bought again',
    async (finalAction) => {
      await retries([5, 20], finalAction);
      const price = await inEuro();
      const checkout = await seller.openFor(price, 'ada');
      await rig.stripeSide.payWithIban(checkout.body.url, IBANS.fails);
      await seller.moveBy(3 * DAY + HOUR);
      expect(await seller.read(`/v1/checkouts/${checkout.body.id}`)).toMatchObject({
        status: 'failed',
        failure: { code: 'async_payment_failed' },
      });
      expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'no_purchase' });
      const { data } = await seller.stripe.subscriptions.list({ status: 'all' }, seller.asAccount);
      expect(data).toMatchObject([{ status: 'canceled' }]);
      expect(await seller.purchase(price, 'ada')).toMatchObject({ status: 'active', duplicate: false });
      await seller.moveBy(25 * DAY);
      expect(await seller.charges()).toEqual([4900]);
    },
  );

  test('at a renewal: access has no gap while the money is on its way', async () => {
    const price = await inEuro();
    const checkout = await seller.openFor(price, 'ada');
    await rig.stripeSide.payWithIban(checkout.body.url, IBANS.succeeds);
    await seller.moveBy(3 * DAY + HOUR);
    const { data } = await seller.read('/v1/memberships?member=ada');
    const [{ id, paidThrough }] = data;
    // The debit of the renewal settles three days and an hour after the period's end: later than the leeway lasts.
    await seller.moveTo(seconds(paidThrough) + 3 * DAY + 30 * 60);
    expect(await now(id)).toMatchObject({ status: 'active', paidThrough });
    expect(await has(price)).toBe(true);
    await seller.moveTo(seconds(paidThrough) + 3 * DAY + 2 * HOUR);
    expect(await seller.charges()).toEqual([4900, 4900]);
    expect(await has(price)).toBe(true);
  });
});
