import { randomUUID } from 'node:crypto';
import { Prisma } from '../../src/db/generated/client';
import { newId } from '../../src/domain/ids';
import { DAY } from '../../src/domain/time';
import type { reconciliation } from '../../src/workflows';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openShop, type Sale, type Shop } from '../support/shop';
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
    await sweep();
    const known = (await shop.inbox()).length;

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
    const report = await sweep();
    expect(report.eventsRecovered).toBe(listed.length - known);
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
    const before = await everythingOf(shop);
    expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 0, failedAccounts: 0 });
    await shop.quiet();
    expect(await everythingOf(shop)).toEqual(before);
  });
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
        data: { ...checkout, id: checkoutId, memberId, stripeSessionId: `cs_${checkoutId}` },
      });
      await db.membership.create({
        data: {
          ...membership,
          items: membership.items ?? [],
          openInvoice: Prisma.DbNull,
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
  const longAgo = new Date(Date.now() - 8 * 86_400_000);
  await rig.db.membership.update({ where: { id: membershipId }, data: { verifiedAt: longAgo } });
  expect(await sweep()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 1 });
  await shop.quiet();
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'ended', reason: 'canceled' });
});
