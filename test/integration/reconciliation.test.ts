import { randomUUID } from 'node:crypto';
import { Prisma } from '../../src/db/generated/client';
import { newId } from '../../src/domain/ids';
import { DAY } from '../../src/domain/time';
import { isEventType } from '../../src/stripe/event-types';
import type { reconciliation } from '../../src/workflows';
import { eventually } from '../support/eventually';
import { rigFor } from '../support/setup';
import { openShop, type Sale, type Shop } from '../support/shop';
import { CARDS } from '../support/stripe-side';

// The hour-long fallbacks are not needed: what is repaired here, the reconciliation repaired.
const rig = rigFor('file', { relayPollSeconds: 3600, checkoutPollSeconds: 3600 });

const sweep = () =>
  rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
    workflowId: `reconciliation-${randomUUID()}`,
    taskQueue: rig.config.temporal.taskQueue,
    args: [],
  });

/** A day passes for an account, without anybody being told. */
async function aDayPasses(shop: Shop) {
  const advanceTo = (await shop.now()) + DAY;
  await rig.clock.moveTo(shop.mode, shop.accountId, advanceTo - Math.floor(Date.now() / 1000));
  await rig.stripeSide.control('POST', '/clock', { account: shop.accountId, livemode: false, advanceTo });
}

/** All that the database holds about an account's coach and what came of its events. */
async function everythingOf({ coachId, accountId }: Shop) {
  const [memberships, checkouts, grants, timeline, inbox] = await Promise.all([
    rig.db.membership.findMany({ where: { coachId }, orderBy: { id: 'asc' } }),
    rig.db.checkout.findMany({ where: { coachId }, orderBy: { id: 'asc' } }),
    rig.db.grant.findMany({ where: { coachId }, orderBy: { id: 'asc' } }),
    rig.db.timelineEntry.findMany({ where: { coachId }, orderBy: { id: 'asc' } }),
    rig.db.inbox.findMany({ where: { accountId }, orderBy: { id: 'asc' } }),
  ]);
  return { memberships, checkouts, grants, timeline, inbox };
}

describe('with every event of a day lost, and the return page never visited', () => {
  let shop: Shop;
  let sale: Sale;
  const has = async (memberId: string) => (await shop.access(memberId, sale.productId)).access;

  test('all of it is repaired by the next reconciliation, which says so; another one changes nothing', async () => {
    shop = await openShop(rig);
    sale = await shop.sell();
    const [buyer, quitter, refunded, untouched] = [
      await shop.newMember(),
      await shop.newMember(),
      await shop.newMember(),
      await shop.newMember(),
    ];
    const { subscriptionId } = await shop.buy(sale, quitter);
    await shop.buy(sale, untouched);
    const { subscriptionId: paidBack } = await shop.buy(sale, refunded);
    const charge = (await shop.stripe.charges.list({ limit: 1 }, shop.asAccount)).data[0]?.id;
    await shop.quiet();
    const known = (await shop.inbox()).filter(({ eventId }) => eventId.startsWith('evt_')).length;

    await rig.stripeSide.webhooks(false, { account: shop.accountId });
    const { checkoutId, url } = await shop.open(sale, buyer);
    await rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
    await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
    await rig.stripeSide.trigger('refund', { account: shop.accountId, charge });
    await aDayPasses(shop);
    const stands = async () => [await has(buyer), await has(quitter), await has(refunded)];
    expect(await stands()).toEqual([false, true, true]);

    const listed = await shop.stripe.events
      .list({ limit: 100 }, shop.asAccount)
      .autoPagingToArray({ limit: 1000 });
    const needed = listed.filter(({ type }) => isEventType(type));
    expect(needed.length).toBeLessThan(listed.length);
    const report = await sweep();
    expect(report.eventsRecovered).toBe(needed.length - known);
    expect(report).toMatchObject({ failedAccounts: 0 });
    await shop.bought(checkoutId);
    await shop.quiet();
    await eventually('what the events told of', async () => String(await stands()) === 'true,false,false');
    expect(await has(untouched)).toBe(true);

    // The refunded subscription is cancelled at Stripe, which tells of it; nobody hears that either.
    await eventually('the end of the charging', async () => {
      const { status } = await shop.stripe.subscriptions.retrieve(paidBack, undefined, shop.asAccount);
      return status === 'canceled';
    });
    expect((await sweep()).eventsRecovered).toBeGreaterThan(0);
    await shop.quiet();
    // A sweep that recovers events leaves the daily comparison to the next.
    await sweep();
    await shop.quiet();
    const before = await everythingOf(shop);
    expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 0, failedAccounts: 0 });
    await shop.quiet();
    expect(await everythingOf(shop)).toEqual(before);
  });
});

describe('scenario 38, C1: the coach’s other business on the account', () => {
  test('is no gap: it wakes nobody, and none of it is stored', async () => {
    const shop = await openShop(rig);
    await shop.buy(await shop.sell(), await shop.newMember());
    const canary = 'canary@other-business.example';
    const foreign = await shop.stripe.customers.create({ email: canary }, shop.asAccount);
    await shop.stripe.customers.update(foreign.id, { name: 'A Canary' }, shop.asAccount);
    await shop.stripe.products.create({ name: 'Something else' }, shop.asAccount);
    await shop.quiet();
    // Long enough ago to be a gap, if it were one.
    await rig.db.membership.updateMany({
      where: { accountId: shop.accountId },
      data: { verifiedAt: new Date(Date.now() - 3_600_000) },
    });
    const before = await shop.inbox();
    expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 0, failedAccounts: 0 });
    expect(await shop.inbox()).toEqual(before);
    expect(JSON.stringify(before.map(({ payload }) => payload))).not.toContain(canary);
    const cursor = await rig.db.eventCursor.findFirstOrThrow({ where: { accountId: shop.accountId } });
    expect(cursor.gapFoundAt).toBeNull();
  });

  test('what is delivered about it is ignored, and its body is not kept', async () => {
    const shop = await openShop(rig);
    const canary = 'canary@other-business.example';
    const { id: customer } = await shop.stripe.customers.create({ email: canary }, shop.asAccount);
    await rig.db.inbox.create({
      data: {
        mode: shop.mode,
        eventId: `evt_${customer}`,
        accountId: shop.accountId,
        type: 'invoice.paid',
        payload: { data: { object: { id: 'in_1', parent: null, customer_email: canary } } },
      },
    });
    await shop.quiet();
    const [row] = (await shop.inbox()).filter(({ eventId }) => eventId === `evt_${customer}`);
    expect(row).toMatchObject({ status: 'ignored', note: expect.any(String) as string, payload: {} });
  });

  test('an event that is still on its way to us is no gap', async () => {
    const shop = await openShop(rig);
    const { subscriptionId } = await shop.buy(await shop.sell(), await shop.newMember());
    await rig.stripeSide.webhooks(false, { account: shop.accountId });
    await shop.stripe.subscriptions.update(subscriptionId, { metadata: { n: '1' } }, shop.asAccount);
    expect(await sweep()).toMatchObject({ eventsRecovered: 1, membershipsWoken: 0 });
    await shop.quiet();
    const cursor = await rig.db.eventCursor.findFirstOrThrow({ where: { accountId: shop.accountId } });
    expect(cursor.gapFoundAt).toBeNull();
  });
});

test('C12: a reading of events that is interrupted goes on where it was, and forgets nothing in front', async () => {
  const shop = await openShop(rig);
  const { subscriptionId } = await shop.buy(await shop.sell(), await shop.newMember());
  await shop.quiet();
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
  const change = (n: number) =>
    shop.stripe.subscriptions.update(subscriptionId, { metadata: { n: String(n) } }, shop.asAccount);
  for (let n = 0; n < 3; n++) await change(n);
  const listed = await shop.stripe.events.list({ limit: 100 }, shop.asAccount);
  // As if a sweep had stored the newest event, and died.
  const [newest] = listed.data;
  if (newest === undefined) throw new Error('no event');
  const at = new Date(newest.created * 1000);
  await rig.db.eventCursor.create({
    data: {
      mode: shop.mode,
      accountId: shop.accountId,
      readTo: new Date(at.getTime() - 86_400_000),
      checkedAt: at,
      pageAfter: newest.id,
      pageNewest: at,
    },
  });
  await change(4);
  expect(await sweep()).toMatchObject({ eventsRecovered: 4, failedAccounts: 0 });
  // The rest, and then what is in front of it: not once more the hour that has just been read.
  const places = (await rig.stripeSide.requests())
    .filter(
      ({ path, account, params }) =>
        path === '/v1/events' && account === shop.accountId && 'created' in params,
    )
    .map(({ params }) => params as { created: { gte: string }; starting_after?: string });
  expect(places).toMatchObject([
    { starting_after: newest.id, created: { gte: String(newest.created - 86_400 - 3600) } },
    { created: { gte: String(newest.created - 300) } },
  ]);
  expect(await rig.db.eventCursor.findFirstOrThrow({ where: { accountId: shop.accountId } })).toMatchObject({
    pageAfter: null,
    pageNewest: null,
  });
  // And where Stripe does not keep that event any more, it is read from the start.
  await rig.db.eventCursor.updateMany({
    where: { accountId: shop.accountId },
    data: { pageAfter: 'evt_long_ago', pageNewest: at },
  });
  await change(5);
  expect(await sweep()).toMatchObject({ eventsRecovered: 1, failedAccounts: 0 });
  await shop.quiet();
});

describe('what a sweep costs', () => {
  /** As many more memberships as nobody has anything to say about; a look at one of them would find nothing at Stripe. */
  async function quietMemberships(shop: Shop, membershipId: string, count: number) {
    const { db } = rig;
    const [membership, checkout] = await Promise.all([
      shop.membership(membershipId),
      db.checkout.findFirstOrThrow({ where: { membership: { id: membershipId } } }),
    ]);
    for (let n = 0; n < count; n++) {
      const memberId = await shop.newMember();
      const checkoutId = newId('checkout');
      await db.checkout.create({
        data: {
          ...checkout,
          buyerDetails: Prisma.DbNull,
          id: checkoutId,
          memberId,
          stripeSessionId: `cs_${checkoutId}`,
        },
      });
      await db.membership.create({
        data: {
          ...membership,
          items: membership.items ?? [],
          refundChoices: {},
          openInvoice: Prisma.DbNull,
          difference: Prisma.DbNull,
          id: newId('membership'),
          memberId,
          checkoutId,
          stripeSubscriptionId: `sub_${checkoutId}`,
        },
      });
    }
  }

  /** The requests that one sweep makes about an account. */
  async function costOf(shop: Shop): Promise<string[]> {
    const made = async () =>
      (await rig.stripeSide.requests(5000)).filter(({ account }) => account === shop.accountId);
    const before = (await made()).length;
    await sweep();
    await shop.quiet();
    return (await made()).slice(before).map(({ method, path }) => `${method} ${path}`);
  }

  test('grows with events and accounts, not with memberships', async () => {
    const shops = [await openShop(rig), await openShop(rig)];
    const subscriptions: string[] = [];
    for (const [index, shop] of shops.entries()) {
      const { membershipId, subscriptionId } = await shop.buy(await shop.sell(), await shop.newMember());
      await quietMemberships(shop, membershipId, index === 0 ? 2 : 29);
      subscriptions.push(subscriptionId);
    }
    // What does not exist at Stripe is what the daily comparison is about: it is of another day (test/integration/drift.test.ts).
    const now = new Date();
    for (const { mode, accountId } of shops)
      await rig.db.eventCursor.create({
        data: { mode, accountId, readTo: now, checkedAt: now, comparedAt: now },
      });
    await sweep();
    const [few, many] = shops as [Shop, Shop];
    expect(await costOf(few)).toEqual(['GET /v1/events']);
    expect(await costOf(many)).toEqual(['GET /v1/events']);

    for (let n = 0; n < 120; n++)
      await few.stripe.subscriptions.update(subscriptions[0] ?? '', { metadata: { n } }, few.asAccount);
    await few.quiet();
    expect((await costOf(few)).filter((request) => request === 'GET /v1/events')).toHaveLength(2);
  });
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
  const longAgo = new Date(Date.now() - 33 * 86_400_000);
  await rig.db.membership.update({ where: { id: membershipId }, data: { verifiedAt: longAgo } });
  expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 1 });
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', reason: 'canceled' });
});
