import { DAY, HOUR } from '../../src/domain/time';
import { membershipWorkflowId } from '../../src/messages/ids';
import { type Bought, dashboardOf } from '../support/dashboard';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// The coach works in their own Stripe Dashboard, then asks something here: only what is asked changes.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);
afterEach(() => rig.stripeSide.faults());

const seconds = (time: string) => Date.parse(time) / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const post = (id: string, action: string, body: object = {}) =>
  seller.coach.call('POST', `/v1/memberships/${id}/${action}`, body);
const monthly = (unitAmount: number, productId?: string, more: object = {}) =>
  seller.offer({ unitAmount, recurring: EACH_MONTH, ...more }, productId);

const { atStripe, ownItem, update, itemsOf, foreignPrice } = dashboardOf(() => seller);

describe('A3, scenario 23: a quantity that was set in the Dashboard', () => {
  async function three(price: { id: string }) {
    const bought: Bought = await seller.purchase(price, 'ada');
    await update(bought, {
      items: [{ id: (await ownItem(bought)).id, quantity: 3 }],
      proration_behavior: 'none',
    });
    await seller.quiet();
    return bought;
  }

  test('is kept by a change of price, and its preview says so', async () => {
    const price = await monthly(1000);
    const dearer = await monthly(2000, price.productId);
    const bought = await three(price);
    const { body: shown } = await post(bought.id, 'change-price/preview', {
      priceId: dearer.id,
      prorate: false,
    });
    expect(shown).toMatchObject({ from: { quantity: 3 }, to: { quantity: 3 }, next: { charged: 6000 } });
    const { status, body } = await post(bought.id, 'change-price', { priceId: dearer.id, prorate: false });
    expect({ status, quantity: body.quantity }).toEqual({ status: 200, quantity: 3 });
    expect(await itemsOf(bought)).toEqual([[2000, 3]]);
    expect(await seller.charges()).toEqual([1000]);
  });

  test('is kept by a move of all members', async () => {
    const price = await monthly(1000);
    const dearer = await monthly(2000, price.productId);
    const bought = await three(price);
    const { body: move } = await seller.coach.call('POST', `/v1/prices/${price.id}/move-members`, {
      toPriceId: dearer.id,
    });
    await eventually('the end of the move', async () => {
      const present = await seller.read(`/v1/price-moves/${move.id}`);
      return present.endedAt !== null;
    });
    expect(await itemsOf(bought)).toEqual([[2000, 3]]);
  });
});

describe('A17: items that the coach added or moved in the Dashboard', () => {
  test('an item of another product stays as it is', async () => {
    const price = await monthly(1000);
    const dearer = await monthly(2000, price.productId);
    const bought: Bought = await seller.purchase(price, 'ada');
    await update(bought, {
      items: [{ price: await foreignPrice(300), quantity: 2 }],
      proration_behavior: 'none',
    });
    await seller.quiet();
    expect(await post(bought.id, 'change-price', { priceId: dearer.id, prorate: false })).toMatchObject({
      status: 200,
    });
    expect(await itemsOf(bought)).toEqual([
      [2000, 1],
      [300, 2],
    ]);
  });

  test('a price that nobody here knows: another price takes its place, another quantity keeps it', async () => {
    const price = await monthly(1000, undefined, { maxQuantity: 5 });
    const bought: Bought = await seller.purchase(price, 'ada');
    await update(bought, {
      items: [{ id: (await ownItem(bought)).id, price: await foreignPrice(700) }],
      proration_behavior: 'none',
    });
    await seller.quiet();
    await post(bought.id, 'change-price', { quantity: 2, prorate: false });
    expect(await itemsOf(bought)).toEqual([[700, 2]]);
  });
});

describe('A18, scenario 31: a schedule that the coach put on the subscription', () => {
  /** As it is for a month, then at another price for three, then on. */
  async function scheduled(price: { id: string }, later: string) {
    const bought: Bought = await seller.purchase(price, 'ada');
    const schedule = await seller.stripe.subscriptionSchedules.create(
      { from_subscription: bought.stripe.subscriptionId },
      seller.asAccount,
    );
    const [phase] = schedule.phases;
    const item = await ownItem(bought);
    await seller.stripe.subscriptionSchedules.update(
      schedule.id,
      {
        end_behavior: 'release',
        phases: [
          {
            items: [{ price: item.price.id, quantity: 1 }],
            start_date: phase?.start_date ?? 0,
            end_date: phase?.end_date ?? 0,
          },
          { items: [{ price: later, quantity: 1 }], duration: { interval: 'month', interval_count: 3 } },
        ],
      },
      seller.asAccount,
    );
    await seller.quiet();
    const plan = async () => {
      const present = await seller.stripe.subscriptionSchedules.retrieve(
        schedule.id,
        undefined,
        seller.asAccount,
      );
      const phases = present.phases.map(({ items, end_date }) => [
        items[0]?.price,
        items[0]?.quantity,
        end_date,
      ]);
      return { status: present.status, end: present.end_behavior, phases };
    };
    return { bought, plan };
  }

  test('cancel at the end of the period, and resume: what was planned is there again', async () => {
    const price = await monthly(1000);
    const { bought, plan } = await scheduled(price, await foreignPrice(500));
    const before = await plan();
    expect(before.phases).toHaveLength(2);
    const cancelled = await post(bought.id, 'cancel', { at: 'period_end' });
    expect(cancelled).toMatchObject({
      status: 200,
      body: { status: 'canceling', cancelAt: bought.paidThrough },
    });
    expect(await plan()).toMatchObject({ status: 'active', end: 'cancel' });
    // Asked again, nothing is lost.
    expect(await post(bought.id, 'cancel', { at: 'period_end' })).toMatchObject({ status: 200 });

    expect(await post(bought.id, 'resume')).toMatchObject({
      status: 200,
      body: { status: 'active', cancelAt: null },
    });
    expect(await plan()).toEqual(before);
  });

  test('cancel at the end of the period ends it then', async () => {
    const price = await monthly(1000);
    const { bought } = await scheduled(price, await foreignPrice(500));
    await post(bought.id, 'cancel', { at: 'period_end' });
    await seller.moveTo(seconds(bought.paidThrough) + 2 * HOUR);
    expect(await seller.charges()).toEqual([1000]);
    expect(await now(bought.id)).toMatchObject({ status: 'ended', reason: 'canceled' });
  });

  test('cancel now', async () => {
    const price = await monthly(1000);
    const { bought } = await scheduled(price, await foreignPrice(500));
    expect(await post(bought.id, 'cancel', { at: 'now' })).toMatchObject({ body: { status: 'ended' } });
    expect((await atStripe(bought)).status).toBe('canceled');
  });

  test('pause and resume leave the schedule as it is', async () => {
    const price = await monthly(1000);
    const { bought, plan } = await scheduled(price, await foreignPrice(500));
    const before = await plan();
    expect(await post(bought.id, 'pause')).toMatchObject({ body: { reason: 'collection_paused' } });
    expect(await post(bought.id, 'resume')).toMatchObject({ body: { reason: 'paid' } });
    expect(await plan()).toEqual(before);
  });

  test('a change of price now: what was planned for later stays planned', async () => {
    const price = await monthly(1000);
    const dearer = await monthly(2000, price.productId);
    const later = await foreignPrice(500);
    const { bought, plan } = await scheduled(price, later);
    expect(await post(bought.id, 'change-price', { priceId: dearer.id, prorate: false })).toMatchObject({
      status: 200,
    });
    expect(await itemsOf(bought)).toEqual([[2000, 1]]);
    expect((await plan()).phases[1]?.[0]).toBe(later);
  });

  test('a change of price lasts: phases ahead at the price that was left go along', async () => {
    const price = await monthly(1000);
    const dearer = await monthly(2000, price.productId);
    const bought: Bought = await seller.purchase(price, 'ada');
    const { price: present } = await ownItem(bought);
    await post(bought.id, 'cancel', { at: 'now' });
    const { bought: second } = await scheduledAgain(price, present.id);
    await post(second.id, 'change-price', { priceId: dearer.id, prorate: false });
    await seller.moveTo(seconds(second.paidThrough) + 2 * HOUR);
    expect((await seller.charges()).at(-1)).toBe(2000);
  });
  const scheduledAgain = (price: { id: string }, later: string) => scheduled(price, later);

  test('resume takes back an end that was planned in the Dashboard', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    const schedule = await seller.stripe.subscriptionSchedules.create(
      { from_subscription: bought.stripe.subscriptionId },
      seller.asAccount,
    );
    await seller.stripe.subscriptionSchedules.update(
      schedule.id,
      { end_behavior: 'cancel' },
      seller.asAccount,
    );
    await seller.quiet();
    expect(await now(bought.id)).toMatchObject({ status: 'canceling' });
    expect(await post(bought.id, 'resume')).toMatchObject({ body: { status: 'active', cancelAt: null } });
    await seller.moveTo(seconds(bought.paidThrough) + DAY);
    expect(await seller.charges()).toEqual([1000, 1000]);
  });
});

describe('what a request does not name stays', () => {
  test('a pause keeps the behaviour that was chosen in the Dashboard, and its end', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    const resumesAt = (await seller.now()) + 20 * DAY;
    await update(bought, { pause_collection: { behavior: 'keep_as_draft', resumes_at: resumesAt } });
    await seller.quiet();
    expect(await post(bought.id, 'pause')).toMatchObject({ status: 200 });
    expect((await atStripe(bought)).pause_collection).toEqual({
      behavior: 'keep_as_draft',
      resumes_at: resumesAt,
    });
    await post(bought.id, 'pause', { until: null });
    expect((await atStripe(bought)).pause_collection).toEqual({
      behavior: 'keep_as_draft',
      resumes_at: null,
    });
  });
});

describe('C11: a failure that Stripe has stored is not replayed for ever', () => {
  test.each<[string, object]>([
    ['pause', {}],
    ['cancel', { at: 'period_end' }],
    ['change-price', { quantity: 2, prorate: false }],
  ])('%s', async (action, body) => {
    const price = await monthly(1000, undefined, { maxQuantity: 5 });
    const bought: Bought = await seller.purchase(price, 'ada');
    await rig.stripeSide.faults({
      match: { method: 'POST', path: `/v1/subscriptions/${bought.stripe.subscriptionId}` },
      times: 1,
      fault: { kind: 'status', status: 500, when: 'before' },
    });
    expect(await post(bought.id, action, body)).toMatchObject({ status: 200 });
  });

  test('resume, of a cancellation and of a pause', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    for (const action of ['cancel', 'pause']) {
      const body = action === 'cancel' ? { at: 'period_end' } : {};
      expect(await post(bought.id, action, body)).toMatchObject({ status: 200 });
      await rig.stripeSide.faults({
        match: { method: 'POST', path: `/v1/subscriptions/${bought.stripe.subscriptionId}` },
        times: 1,
        fault: { kind: 'status', status: 500, when: 'before' },
      });
      expect(await post(bought.id, 'resume')).toMatchObject({ status: 200, body: { reason: 'paid' } });
    }
  });

  test('while a request is tried again and again, a refund is looked at all the same', async () => {
    const price = await monthly(1000);
    const bought: Bought = await seller.purchase(price, 'ada');
    await rig.stripeSide.faults({
      match: { method: 'POST', path: `/v1/subscriptions/${bought.stripe.subscriptionId}` },
      times: 1000,
      fault: { kind: 'status', status: 500, when: 'before' },
    });
    const paused = post(bought.id, 'pause');
    const [charge] = (await seller.stripe.charges.list({ limit: 1 }, seller.asAccount)).data;
    const handle = rig.client.workflow.getHandle(membershipWorkflowId(bought.id));
    const attempts = async () =>
      (await handle.describe()).raw.pendingActivities?.find(
        ({ activityType }) => activityType?.name === 'pauseSubscription',
      )?.attempt ?? 0;
    await eventually('a second try of the request', async () => (await attempts()) > 1);
    await rig.stripeSide.trigger('refund', { account: seller.accountId, charge: charge?.id });
    await eventually('the end of the access', async () => !(await seller.accessOf('ada', price)).access);
    // The request is still under way, and held the look for seconds at most.
    expect(await attempts()).toBeGreaterThan(1);
    const { events } = await handle.fetchHistory();
    const waits = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
      timer?.startToFireTimeout == null ? [] : [Number(timer.startToFireTimeout.seconds)],
    );
    expect(waits).toContain(5);
    expect(waits).not.toContain(60);
    await rig.stripeSide.faults();
    await paused;
  });
});
