import { newId } from '../../src/domain/ids';
import { HOUR } from '../../src/domain/time';
import { priceMoveWorkflowId } from '../../src/messages/ids';
import type { Answer } from '../support/coach-ui';
import { enrol, type Subscriber } from '../support/crowd';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// All members of a price are moved to another as one run, which can be watched, stopped, killed and taken up again.

/** Milliseconds, for the one test that starts thirty runs and stops a worker in their midst. */
const TWO_MINUTES = 120_000;
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

let price: Answer['body'];
let dearer: Answer['body'];
const rig = rigFor('file');
const seller = sellerFor('test', rig);
beforeEach(async () => {
  price = await monthly(4900, undefined, { maxQuantity: 3 });
  dearer = await monthly(5900, price.productId);
});
afterEach(async () => {
  delete rig.hooks.moveMember;
  await rig.startWorker();
  await rig.stripeSide.faults();
});

const monthly = (unitAmount: number, productId?: string, more: object = {}) =>
  seller.offer({ unitAmount, recurring: EACH_MONTH, ...more }, productId);
const ask = (from: { id: string }, to: { id: string }, more: object = {}) =>
  seller.coach.call('POST', `/v1/prices/${from.id}/move-members`, { toPriceId: to.id, ...more });
const on = (id: string, action: 'cancel' | 'retry') =>
  seller.coach.call('POST', `/v1/price-moves/${id}/${action}`, {});
const moveNow = (id: string) => seller.read(`/v1/price-moves/${id}`);
const over = (id: string): Promise<Answer['body']> =>
  eventually('the end of the move', async () => {
    const move = await moveNow(id);
    return move.endedAt === null ? false : move;
  });
const membersOf = async (id: string) => (await seller.read(`/v1/price-moves/${id}/members?limit=100`)).data;
const priceAtStripe = async ({ subscriptionId }: Subscriber) => {
  const { items } = await seller.stripe.subscriptions.retrieve(subscriptionId, undefined, seller.asAccount);
  return items.data[0]?.price.unit_amount;
};

/** How often the items of each subscription were changed at Stripe. */
async function changesOf(members: Subscriber[]): Promise<number[]> {
  const events = await seller.stripe.events
    .list({ type: 'customer.subscription.updated', limit: 100 }, seller.asAccount)
    .autoPagingToArray({ limit: 1000 });
  const changed = events
    .filter(({ data }) => 'items' in ((data.previous_attributes ?? {}) as object))
    .map(({ data }) => (data.object as { id: string }).id);
  return members.map(({ subscriptionId }) => changed.filter((id) => id === subscriptionId).length);
}

test(
  '30 members, a worker that dies in the middle, another that goes on: one change each',
  async () => {
    const members = await enrol(rig, seller, price, 30);
    let done = 0;
    let dies = false;
    let inTheMiddle: () => void = () => undefined;
    const middle = new Promise<void>((resolve) => (inTheMiddle = resolve));
    rig.hooks.moveMember = {
      after: () => {
        done += 1;
        if (done === 12) {
          dies = true;
          inTheMiddle();
        }
        // What it did took effect, but nobody heard of it.
        return dies ? Promise.reject(new Error('The process is gone.')) : Promise.resolve();
      },
    };
    const { status, body: move } = await ask(price, dearer);
    expect(status).toBe(202);
    expect(move).toMatchObject({ status: 'running', total: 30, fromPriceId: price.id, toPriceId: dearer.id });
    await middle;
    await rig.stopWorker();
    const stopped = await moveNow(move.id);
    expect(stopped).toMatchObject({ status: 'running', endedAt: null });
    expect(stopped.moved).toBeGreaterThanOrEqual(12);
    expect(stopped.moved).toBeLessThan(30);
    dies = false;
    await rig.startWorker();

    expect(await over(move.id)).toMatchObject({
      status: 'done',
      total: 30,
      moved: 30,
      failed: 0,
      waiting: 0,
    });
    expect(await changesOf(members)).toEqual(members.map(() => 1));
    expect(new Set(await Promise.all(members.map(priceAtStripe)))).toEqual(new Set([5900]));
    // Without proration nobody is charged before the next renewal.
    expect(await seller.charges()).toEqual(members.map(() => 4900));
    const workflowId = priceMoveWorkflowId(move.id);
    const [first, ...more] = rig.seenRuns().filter((run) => run.workflowId === workflowId);
    expect(more.length).toBeGreaterThan(0);
    const begun = await rig.client.workflow.getHandle(workflowId, first?.runId).describe();
    expect(await begun.staticSummary()).toContain(move.id);
    const run = rig.client.workflow.getHandle(workflowId);
    // The run that went on has no static summary of its own; its memo and its details have it.
    expect((await run.describe()).memo).toEqual({ summary: await begun.staticSummary() });
    const { events } = await run.fetchHistory();
    const shown = events?.filter(
      ({ activityTaskScheduledEventAttributes: activity, timerStartedEventAttributes: timer }) =>
        activity != null || timer != null,
    );
    expect(shown?.length).toBeGreaterThan(0);
    for (const event of shown ?? []) expect(event.userMetadata?.summary?.data?.length).toBeGreaterThan(2);
    const described = await eventually('the end of the run', async () => {
      const description = await run.describe();
      return description.status.name === 'COMPLETED' ? description : undefined;
    });
    expect(described.searchAttributes).toMatchObject({
      CoachId: [seller.coachId],
      StripeAccountId: [seller.accountId],
      Mode: ['test'],
      BusinessStatus: ['done'],
    });
  },
  TWO_MINUTES,
);

test('each move is the membership’s own change: in the timeline, charged where it is to be, and moved back the same way', async () => {
  const { id, memberId, paidThrough } = await seller.purchase(price, 'ada');
  const { body: move } = await ask(price, dearer);
  expect(await over(move.id)).toMatchObject({ status: 'done', moved: 1 });
  expect(await seller.read(`/v1/memberships/${id}`)).toMatchObject({ priceId: dearer.id });
  const { data } = await seller.read(`/v1/members/${memberId}/timeline`);
  expect(data.at(-1)).toMatchObject({ kind: 'price_changed', cause: 'person', causeId: move.id });
  await seller.moveTo(Date.parse(paidThrough) / 1000 + 2 * HOUR);
  expect(await seller.charges()).toEqual([4900, 5900]);

  const back = await ask(dearer, price, { prorate: true });
  expect(await over(back.body.id)).toMatchObject({ status: 'done', moved: 1 });
  expect(await seller.read(`/v1/memberships/${id}`)).toMatchObject({ priceId: price.id });
  const { data: moves } = await seller.read(`/v1/price-moves?price=${price.id}`);
  expect(moves.map((one: { id: string }) => one.id)).toEqual([back.body.id, move.id]);
});

test('who cannot be moved is left alone and named, who fails is tried again, and the rest is moved', async () => {
  const [moves, fails] = await enrol(rig, seller, price, 2);
  if (moves === undefined || fails === undefined) throw new Error('Nobody was enrolled');
  const act = (id: string, action: string, body: object = {}) =>
    seller.coach.call('POST', `/v1/memberships/${id}/${action}`, body);
  const paused = await seller.purchase(price, 'paused');
  await act(paused.id, 'pause');
  const leaving = await seller.purchase(price, 'leaving');
  await act(leaving.id, 'cancel', { at: 'period_end' });
  const three = await seller.purchase(price, 'three', { quantity: 3 });
  await rig.stripeSide.faults({
    match: { method: 'POST', path: `/v1/subscriptions/${fails.subscriptionId}` },
    fault: { kind: 'status', status: 402, code: 'card_declined', when: 'before' },
  });

  const { body: move } = await ask(price, dearer);
  expect(await over(move.id)).toMatchObject({
    status: 'incomplete',
    total: 5,
    moved: 1,
    skipped: 3,
    failed: 1,
  });
  const became = new Map((await membersOf(move.id)).map((one: Answer['body']) => [one.membershipId, one]));
  expect(became.get(moves.membershipId)).toMatchObject({ status: 'moved', memberId: moves.memberId });
  expect(became.get(fails.membershipId)).toMatchObject({ status: 'failed', reason: 'stripe_refused' });
  expect(became.get(paused.id)).toMatchObject({ status: 'skipped', reason: 'membership_paused' });
  expect(became.get(leaving.id)).toMatchObject({ status: 'skipped', reason: 'scheduled_to_cancel' });
  expect(became.get(three.id)).toMatchObject({ status: 'skipped', reason: 'quantity_not_sold' });

  await rig.stripeSide.faults();
  await act(paused.id, 'resume');
  expect(await on(move.id, 'retry')).toMatchObject({ status: 202, body: { attempt: 2 } });
  expect(await over(move.id)).toMatchObject({ status: 'done', moved: 3, skipped: 2, failed: 0 });
  expect(await priceAtStripe(fails)).toBe(5900);
  expect(await changesOf([moves, fails])).toEqual([1, 1]);
});

test('an unpaid renewal is settled first', async () => {
  const { id, paidThrough, stripe } = await seller.purchase(price, 'ada');
  const card = { account: seller.accountId, subscription: stripe.subscriptionId };
  await rig.stripeSide.trigger('payment_method_fails', card);
  await seller.moveTo(Date.parse(paidThrough) / 1000 + 2 * HOUR);
  expect(await seller.read(`/v1/memberships/${id}`)).toMatchObject({ status: 'past_due' });
  const { body: move } = await ask(price, dearer);
  await over(move.id);
  expect(await membersOf(move.id)).toMatchObject([{ status: 'skipped', reason: 'membership_payment_due' }]);
});

test('installments are skipped: their number and amount stay as they were bought', async () => {
  const inThree = await seller.offer(
    { model: 'installments', unitAmount: 3000, recurring: EACH_MONTH, installments: 3 },
    price.productId,
  );
  await seller.purchase(inThree, 'ada');
  const { body: move } = await ask(inThree, dearer);
  expect(await over(move.id)).toMatchObject({ status: 'done', skipped: 1 });
  expect(await membersOf(move.id)).toMatchObject([{ reason: 'membership_in_installments' }]);
});

describe('while it is under way', () => {
  /** Holds every member from the second on until it is let go. */
  async function held(members: number) {
    const crowd = await enrol(rig, seller, price, members);
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    let begun = 0;
    rig.hooks.moveMember = { before: () => ((begun += 1) > 1 ? released : Promise.resolve()) };
    const { body: move } = await ask(price, dearer);
    await eventually('the first member', async () => (await moveNow(move.id)).moved === 1);
    return { crowd, move, letGo };
  }

  test('it can be stopped: nobody else is moved, and it can go on later', async () => {
    const { crowd, move, letGo } = await held(7);
    expect(await on(move.id, 'cancel')).toMatchObject({ status: 200, body: { status: 'cancelling' } });
    letGo();
    expect(await over(move.id)).toMatchObject({ status: 'cancelled', moved: 1, waiting: 6 });
    expect(await on(move.id, 'cancel')).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect((await changesOf(crowd)).filter((count) => count > 0)).toEqual([1]);

    expect(await on(move.id, 'retry')).toMatchObject({ status: 202 });
    expect(await over(move.id)).toMatchObject({ status: 'done', moved: 7 });
    expect(await changesOf(crowd)).toEqual(crowd.map(() => 1));
    expect(await on(move.id, 'cancel')).toMatchObject({ status: 409, body: { code: 'price_move_ended' } });
  });

  test('an operator can cancel the run itself', async () => {
    const { crowd, move, letGo } = await held(9);
    await rig.client.workflow.getHandle(priceMoveWorkflowId(move.id)).cancel();
    letGo();
    // The five that were under way are waited for; the others are left.
    expect(await over(move.id)).toMatchObject({ status: 'cancelled', moved: 5, waiting: 4 });
    expect((await changesOf(crowd)).filter((count) => count === 1)).toHaveLength(5);
  });

  test('there is no other of the same product, and who buys meanwhile stays where they bought', async () => {
    const { move, letGo } = await held(2);
    expect(await ask(dearer, price)).toMatchObject({ status: 409, body: { code: 'price_move_in_progress' } });
    const late = await seller.purchase(price, 'late');
    letGo();
    expect(await over(move.id)).toMatchObject({ status: 'done', total: 2, moved: 2 });
    expect(await seller.read(`/v1/memberships/${late.id}`)).toMatchObject({ priceId: price.id });
  });
});

test('what makes no move is refused with its reason', async () => {
  const ofAnother = await monthly(5900);
  const inEuro = await monthly(5900, price.productId, { currency: 'eur' });
  const yearly = await seller.offer(
    { unitAmount: 49_000, recurring: { interval: 'year', intervalCount: 1 } },
    price.productId,
  );
  for (const to of [ofAnother, inEuro, price, { id: 'amt_unknown' }])
    expect(await ask(price, to)).toMatchObject({
      status: 409,
      body: { code: 'price_not_active', field: 'toPriceId' },
    });
  expect(await ask(price, yearly)).toMatchObject({ status: 400, body: { field: 'prorate' } });
  expect(await ask({ id: 'amt_unknown' }, price)).toMatchObject({ status: 404 });
  expect(await seller.coach.call('GET', '/v1/price-moves/pmv_unknown')).toMatchObject({ status: 404 });
});

test('a move whose run was never started gets one from the relay', async () => {
  const [member] = await enrol(rig, seller, price, 1);
  const id = newId('priceMove');
  const own = { coachId: seller.coachId, mode: seller.mode };
  await rig.db.priceMove.create({
    data: {
      id,
      ...own,
      productId: price.productId,
      fromPriceId: price.id,
      toPriceId: dearer.id,
      prorate: false,
      createdAt: new Date(Date.now() - 3 * 60_000),
      items: { create: [{ membershipId: member?.membershipId ?? '' }] },
    },
  });
  await rig.stopWorker();
  await rig.startWorker();
  expect(await over(id)).toMatchObject({ status: 'done', moved: 1 });
});
