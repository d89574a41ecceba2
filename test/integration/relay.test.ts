import { Client, Connection } from '@temporalio/client';
import type Stripe from 'stripe';
import type { Prisma } from '../../src/db/generated/client';
import { createWorkflowClient, type WorkflowClient } from '../../src/temporal/workflow-client';
import { dispatch } from '../../src/worker/dispatch';
import { claim, laneOf } from '../../src/worker/inbox';
import { Lanes } from '../../src/worker/lanes';
import { LooksUnderWay } from '../../src/worker/looks';
import { startRelay } from '../../src/worker/relay';
import { checkoutWorkflowId, membershipWorkflowId } from '../../src/messages/ids';
import { wakeOverdue } from '../../src/worker/overdue';
import { provided } from '../harness/variables';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import { openShop, type Shop } from '../support/shop';
import { startSilentProxy } from '../support/silent-proxy';
import { CARDS } from '../support/stripe-side';

const rig = rigFor('file', { relayPollSeconds: 3600, checkoutPollSeconds: 3600 });
const shop = shopFor('test', rig);

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
  const workflows = createWorkflowClient(new Client({ connection }), {
    taskQueue,
    checkoutPollSeconds: 3600,
  });
  try {
    proxy.swallow();
    const rows = await claim(rig.db, 100);
    expect(rows.length).toBeGreaterThan(0);
    await dispatch({ db: rig.db, stripe: (mode) => rig.stripe.of(mode), workflows, log: rig.log }, rows);
    const why = 'could not wake the run';
    const ours = rows.filter(({ accountId }) => accountId === shop.accountId);
    expect(ours).not.toEqual([]);
    expect((await shop.inbox()).filter(({ note }) => note?.startsWith(why))).toHaveLength(ours.length);
  } finally {
    await connection.close();
    await proxy.close();
    await rig.startWorker();
  }
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ reason: 'scheduled_to_cancel' });
});

describe('scenario 35, C10: one account’s slow Stripe', () => {
  test('keeps no other coach’s event waiting: it gets through while the slow ones are still held', async () => {
    const slow = shop;
    const other = await openShop(rig);
    const { membershipId, subscriptionId } = await other.buy(await other.sell(), await other.newMember());
    await rig.stopWorker();

    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held = 0;
    const wait = async (account?: string) => {
      if (account !== slow.accountId) return;
      held += 1;
      await gate;
      held -= 1;
    };
    const stripe = {
      invoicePayments: {
        list: async (_of: object, { stripeAccount }: { stripeAccount?: string }) => {
          await wait(stripeAccount);
          return { object: 'list', data: [] };
        },
      },
      paymentIntents: {
        retrieve: (id: string) => Promise.resolve({ object: 'payment_intent', id, metadata: {} }),
      },
    } as unknown as Stripe;
    const woken: string[] = [];
    const workflows = {
      ...rig.workflows,
      signalEvent: (target: { id: string }) => {
        woken.push(target.id);
        return Promise.resolve(true);
      },
    } as WorkflowClient;
    const arrive = (of: Shop, eventId: string, type: string, object: Prisma.InputJsonObject) =>
      rig.db.inbox.create({
        data: { mode: of.mode, eventId, accountId: of.accountId, type, payload: { data: { object } } },
      });
    const foreign = (n: number) => ({ object: 'charge', id: `ch_${n}`, payment_intent: `pi_${n}` });
    for (let n = 0; n < 60; n++) await arrive(slow, `evt_slow_${n}`, 'charge.refunded', foreign(n));

    const relay = startRelay({
      db: rig.db,
      stripe: () => stripe,
      workflows,
      log: rig.log,
      databaseUrl: rig.config.databaseUrl,
      pollSeconds: 3600,
    });
    try {
      await eventually('the slow account to be asked about', () => held > 0);
      await arrive(other, 'evt_other_asked', 'charge.refunded', foreign(61));
      await arrive(other, 'evt_other', 'customer.subscription.updated', { id: subscriptionId });
      await eventually('the other coach’s event', () => woken.includes(membershipId));
      const asked = () => rig.db.inbox.findFirstOrThrow({ where: { eventId: 'evt_other_asked' } });
      await eventually('one that Stripe was asked about', async () => (await asked()).status === 'ignored');
      expect(held).toBeGreaterThan(0);
      const waiting = { accountId: slow.accountId, status: 'waiting' } as const;
      expect(await rig.db.inbox.count({ where: waiting })).toBe(60);
      release();
      await eventually('the slow ones', async () => (await rig.db.inbox.count({ where: waiting })) === 0);
    } finally {
      release();
      await relay.stop();
      await rig.db.inbox.updateMany({ where: { status: 'waiting' }, data: { leaseUntil: new Date() } });
      await rig.startWorker();
    }
  });

  test('scenario 110: a flood of one account does not fill what is taken: each account has its turns', async () => {
    const other = await openShop(rig);
    await rig.stopWorker();
    const arrive = (of: Shop, n: number) =>
      rig.db.inbox.create({
        data: {
          mode: of.mode,
          eventId: `evt_turn_${of.accountId}_${n}`,
          accountId: of.accountId,
          type: 'invoice.paid',
          payload: {},
        },
      });
    for (let n = 0; n < 20; n++) await arrive(shop, n);
    await arrive(other, 0);
    const rows = await claim(rig.db, 5);
    expect(rows.map(({ accountId }) => accountId)).toContain(other.accountId);
    // While a lane is worked on, its other rows are left where they are; what a buyer waits for has a lane of its own.
    await rig.db.inbox.create({
      data: {
        mode: shop.mode,
        eventId: `evt_buyer_${shop.accountId}`,
        accountId: shop.accountId,
        type: 'checkout.session.completed',
        payload: {},
      },
    });
    const busy = [laneOf({ mode: 'test', accountId: shop.accountId, type: 'invoice.paid' })];
    const ours = (await claim(rig.db, 50, { busy })).filter((row) => row.accountId === shop.accountId);
    expect(ours.map(({ type }) => type)).toEqual(['checkout.session.completed']);
    await rig.db.inbox.updateMany({ where: { status: 'waiting' }, data: { leaseUntil: new Date() } });
    await rig.startWorker();
    await shop.quiet();
  });

  test('scenario 109: so many of one account’s looks are under way and no more: neither others nor its own buyers are behind the rest', async () => {
    const other = await openShop(rig);
    const { membershipId, subscriptionId } = await other.buy(await other.sell(), await other.newMember());
    const sale = await shop.sell();
    const opened = await Promise.all(
      Array.from({ length: 41 }, async () => shop.insertCheckout(sale, await shop.newMember())),
    );
    const [buyer, ...flooded] = opened;
    await rig.stopWorker();
    const woken: string[] = [];
    const workflows = {
      ...rig.workflows,
      signalEvent: (target: { id: string }) => {
        woken.push(target.id);
        return Promise.resolve(true);
      },
    } as WorkflowClient;
    const arrive = (of: Shop, data: Omit<Prisma.InboxCreateManyInput, 'mode' | 'accountId'>) =>
      rig.db.inbox.create({ data: { mode: of.mode, accountId: of.accountId, ...data } });
    for (const { id } of flooded)
      await arrive(shop, {
        eventId: `hint_flood_${id}`,
        type: 'internal.overdue',
        payload: {},
        targetKind: 'checkout',
        targetId: id,
      });
    const relay = startRelay({
      db: rig.db,
      stripe: (mode) => rig.stripe.of(mode),
      workflows,
      log: rig.log,
      databaseUrl: rig.config.databaseUrl,
      pollSeconds: 3600,
    });
    const ofTheFlood = () => flooded.filter(({ id }) => woken.includes(id)).length;
    try {
      // No look of it ever ends. Others come meanwhile.
      await eventually('the flood', () => ofTheFlood() >= 8);
      await arrive(shop, {
        eventId: `evt_paid_${shop.accountId}`,
        type: 'checkout.session.completed',
        payload: { data: { object: { id: 'cs_of_nobody', metadata: { checkoutId: buyer?.id ?? '' } } } },
      });
      await arrive(other, {
        eventId: `evt_beside_${other.accountId}`,
        type: 'customer.subscription.updated',
        payload: { data: { object: { id: subscriptionId } } },
      });
      await eventually('the buyer’s event', () => woken.includes(buyer?.id ?? ''));
      await eventually('the other coach’s event', () => woken.includes(membershipId));
      expect(ofTheFlood()).toBeLessThan(flooded.length);
      // Who ends keeps nothing that it has taken.
      await relay.stop();
      expect(ofTheFlood()).toBe(flooded.length);
    } finally {
      await relay.stop();
      await rig.db.inbox.deleteMany({ where: { status: 'waiting' } });
      await rig.db.checkout.deleteMany({ where: { id: { in: opened.map(({ id }) => id) } } });
      await rig.startWorker();
    }
  });

  /** Rows that no relay takes. */
  const waitingRows = (name: string, count: number) =>
    rig.db.inbox.createManyAndReturn({
      data: Array.from({ length: count }, (_, n) => ({
        mode: shop.mode,
        eventId: `evt_${name}_${n}_${shop.accountId}`,
        accountId: shop.accountId,
        type: 'invoice.paid',
        payload: {},
        leaseUntil: new Date(Date.now() + 3_600_000),
      })),
    });
  const begun = async (looks: LooksUnderWay, target: string, row: bigint) => {
    let isBegun = false;
    const beginning = looks.begin(target, row).then(() => (isBegun = true));
    // Long enough for it to have asked, and to have been told that none has ended.
    for (let n = 0; n < 3; n++) await rig.db.inbox.count();
    return { isBegun: () => isBegun, beginning };
  };

  test('a place is free again when a look has ended, was not begun, or takes too long', async () => {
    const rows = await waitingRows('place', 5);
    const [one = 0n, two = 0n, three = 0n, four = 0n, five = 0n] = rows.map(({ id }) => id);
    const end = (id: bigint) => rig.db.inbox.update({ where: { id }, data: { status: 'done' } });
    const over = new AbortController();
    const patient = new LooksUnderWay(rig.db, over.signal, () => 2, {
      ...{ places: 8, youngMs: Infinity, patienceMs: Infinity },
    });
    await patient.begin('one', one);
    await patient.begin('two', two);
    await patient.begin('two', three);
    const waits = await begun(patient, 'four', four);
    expect(waits.isBegun()).toBe(false);
    // The first row of the second is done, the one that it was woken anew for is not.
    await end(two);
    expect(waits.isBegun()).toBe(false);
    await end(one);
    await waits.beginning;
    patient.forget('four');
    await patient.begin('five', five);
    const last = await begun(patient, 'six', four);
    expect(last.isBegun()).toBe(false);
    over.abort();
    await last.beginning;

    const hasty = new LooksUnderWay(rig.db, new AbortController().signal, () => 1, {
      ...{ places: 1, youngMs: Infinity, patienceMs: 0 },
    });
    await hasty.begin('three', three);
    await hasty.begin('four', four);

    // Those that wait for Stripe take no work from others, but there are no more of them than there are places at all.
    const slowed = new AbortController();
    const slow = new LooksUnderWay(rig.db, slowed.signal, () => 1, {
      ...{ places: 2, youngMs: 0, patienceMs: Infinity },
    });
    await slow.begin('three', three);
    await slow.begin('four', four);
    const tooMany = await begun(slow, 'five', five);
    expect(tooMany.isBegun()).toBe(false);
    slowed.abort();
    await tooMany.beginning;
    await rig.db.inbox.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  });

  test('scenario 112: a flood steps back to one look as soon as another account’s events come', async () => {
    const rows = await waitingRows('company', 3);
    const [one = 0n, two = 0n, three = 0n] = rows.map(({ id }) => id);
    const over = new AbortController();
    const lanes = new Lanes(rig.db, over.signal, {
      load: () => 1,
      // All of it is at one moment.
      now: () => 1000,
    });
    const flood = lanes.begin('flood', rows);
    // Nobody else is there.
    await flood?.begin('one', one);
    await flood?.begin('two', two);
    lanes.begin('other', rows);
    const third = await begun(flood as LooksUnderWay, 'three', three);
    await rig.db.inbox.update({ where: { id: one }, data: { status: 'done' } });
    for (let n = 0; n < 3; n++) await rig.db.inbox.count();
    expect(third.isBegun()).toBe(false);
    await rig.db.inbox.update({ where: { id: two }, data: { status: 'done' } });
    await third.beginning;
    // A buyer is waited for by nobody's looks, and forgetting what is idle forgets none that is under way.
    const buyer = rows.map((row) => ({ ...row, type: 'checkout.session.completed' }));
    expect(lanes.begin('buyers', buyer)).toBeNull();
    lanes.forgetIdle(() => false);
    expect(lanes.begin('flood', rows)).toBe(flood);
    over.abort();
    await rig.db.inbox.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } });
  });

  test('a row that cannot be read keeps no other from its run', async () => {
    const { membershipId, subscriptionId } = await shop.buy(await shop.sell(), await shop.newMember());
    await rig.stopWorker();
    const { revision } = await shop.membership(membershipId);
    const payloads: [string, Prisma.InputJsonObject][] = [
      ['evt_poison', { data: { object: { id: { a: 1 }, metadata: 'no' } } }],
      ['evt_good', { data: { object: { id: subscriptionId } } }],
    ];
    for (const [eventId, payload] of payloads)
      await rig.db.inbox.create({
        data: {
          mode: shop.mode,
          eventId: `${eventId}_${shop.accountId}`,
          accountId: shop.accountId,
          type: 'customer.subscription.updated',
          payload,
        },
      });
    await rig.startWorker();
    await shop.quiet();
    expect((await shop.membership(membershipId)).revision).toBeGreaterThan(revision);
  });
});

describe('C3: overdue rows', () => {
  test('are told of once, through the inbox, and one that fails keeps no other waiting', async () => {
    const sale = await shop.sell();
    const bought = [
      await shop.buy(sale, await shop.newMember()),
      await shop.buy(sale, await shop.newMember()),
    ];
    const ids = bought.map(({ membershipId }) => membershipId);
    await rig.stopWorker();
    await rig.db.membership.updateMany({ where: { id: { in: ids } }, data: { nextDeadlineAt: long() } });
    const hints = () => rig.db.inbox.findMany({ where: { type: 'internal.overdue', targetId: { in: ids } } });
    for (let n = 0; n < 3; n++) await sweep();
    expect((await hints()).map(({ targetId }) => targetId).sort()).toEqual([...ids].sort());

    // Settled, but still overdue: it is not its turn again for a while, and nothing is signalled meanwhile.
    await rig.db.inbox.updateMany({ where: { targetId: ids[0] ?? '' }, data: { status: 'done' } });
    await sweep();
    expect(await hints()).toHaveLength(2);
    await rig.db.inbox.updateMany({
      where: { targetId: ids[0] ?? '' },
      data: { receivedAt: new Date(Date.now() - 2 * 3_600_000) },
    });
    await sweep();
    expect(await hints()).toHaveLength(3);
    await rig.startWorker();
    await shop.quiet();
    for (const id of ids)
      expect((await shop.membership(id)).nextDeadlineAt?.getTime()).toBeGreaterThan(Date.now());
  });
});

test('a hint that asks for a run is done when there is nothing left to watch', async () => {
  const sale = await shop.sell({ interval: null });
  const { membershipId } = await shop.buy(sale, await shop.newMember());
  const hint = await rig.db.inbox.create({
    data: {
      mode: shop.mode,
      eventId: `hint_goes_on_${membershipId}`,
      accountId: shop.accountId,
      type: 'internal.goes_on',
      payload: {},
      targetKind: 'membership',
      targetId: membershipId,
    },
  });
  await shop.quiet();
  expect(await rig.db.inbox.findUnique({ where: { id: hint.id } })).toMatchObject({ status: 'done' });
});

test('a hint whose target has vanished is ignored, and said so', async () => {
  const hint = await rig.db.inbox.create({
    data: {
      mode: shop.mode,
      eventId: `hint_vanished_${shop.accountId}`,
      accountId: shop.accountId,
      type: 'internal.overdue',
      payload: {},
      targetKind: 'membership',
      targetId: 'msp_vanished',
    },
  });
  await shop.quiet();
  expect(await rig.db.inbox.findUnique({ where: { id: hint.id } })).toMatchObject({
    status: 'ignored',
    note: 'its target does not exist',
  });
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
