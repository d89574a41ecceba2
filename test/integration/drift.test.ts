import { randomUUID } from 'node:crypto';
import { DAY, toDate } from '../../src/domain/time';
import type { reconciliation } from '../../src/workflows';
import { CoachUi } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor } from '../support/setup';
import { openShop, type Shop } from '../support/shop';

const rig = rigFor('file', { relayPollSeconds: 3600, checkoutPollSeconds: 3600 });

const sweep = () =>
  rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
    workflowId: `reconciliation-${randomUUID()}`,
    taskQueue: rig.config.temporal.taskQueue,
    args: [],
  });

const cursorOf = ({ mode, accountId }: Shop) => ({ mode_accountId: { mode, accountId } });

/** Stripe has told everything, and everything was read: only what is compared can tell now. */
async function hearNothing(shop: Shop): Promise<void> {
  await sweep();
  await shop.quiet();
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
}

/** As if the events had come and been lost: the list of events has nothing new. */
async function forgetEvents(shop: Shop): Promise<void> {
  const { data } = await shop.stripe.events.list({ limit: 100 }, shop.asAccount);
  await rig.db.inbox.createMany({
    data: data.map((event) => ({
      mode: shop.mode,
      eventId: event.id,
      accountId: shop.accountId,
      type: event.type,
      payload: {},
      status: 'ignored' as const,
    })),
    skipDuplicates: true,
  });
}

/** The next comparison is due. */
async function aDayLater(shop: Shop): Promise<void> {
  await rig.db.eventCursor.update({
    where: cursorOf(shop),
    data: { comparedAt: toDate((await shop.now()) - DAY - 1) },
  });
}

/** What the API answers the coach. */
const read = async (shop: Shop, path: string) =>
  (await (await CoachUi.open(rig, shop.mode, shop.coachId)).call('GET', path)).body;

const comparisonOf = async (shop: Shop, membershipId: string) =>
  (await read(shop, `/v1/memberships/${membershipId}`)).comparison;

/** The requests that one sweep makes about an account. */
async function costOf(shop: Shop): Promise<string[]> {
  const made = async () =>
    (await rig.stripeSide.requests(5000)).filter(({ account }) => account === shop.accountId);
  const before = (await made()).length;
  await sweep();
  return (await made()).slice(before).map(({ method, path }) => `${method} ${path}`);
}

test('scenario 96: what Stripe has otherwise is found once a day, shown, looked at, and in order the day after', async () => {
  const shop = await openShop(rig);
  const sale = await shop.sell();
  const { membershipId, subscriptionId } = await shop.buy(sale, await shop.newMember());
  const { membershipId: other } = await shop.buy(sale, await shop.newMember());
  await hearNothing(shop);
  expect(await comparisonOf(shop, membershipId)).toMatchObject({
    state: 'in_order',
    since: null,
    found: null,
  });

  await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
  await forgetEvents(shop);
  // Not due yet: no call, and nothing is found.
  expect(await costOf(shop)).toEqual(['GET /v1/events']);
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'active', cancelAt: null });

  await aDayLater(shop);
  await sweep();
  await eventually('the look', async () => (await shop.membership(membershipId)).status === 'canceling');
  await shop.quiet();
  expect(await comparisonOf(shop, membershipId)).toMatchObject({
    state: 'repaired',
    since: expect.any(String) as string,
    found: { differences: [{ field: 'cancelAt', here: null, stripe: expect.any(String) as string }] },
  });
  expect(await comparisonOf(shop, other)).toMatchObject({ state: 'in_order', found: null });
  const listed = await read(shop, '/v1/memberships?differs=true');
  expect(listed.data.map(({ id }: { id: string }) => id)).toEqual([membershipId]);
  expect(await read(shop, '/v1/comparison')).toMatchObject({
    inOrder: 1,
    differs: 1,
    notCompared: 0,
  });

  await aDayLater(shop);
  // One call for the events, one for a hundred subscriptions.
  expect(await costOf(shop)).toEqual(['GET /v1/events', 'GET /v1/subscriptions']);
  expect(await comparisonOf(shop, membershipId)).toMatchObject({
    state: 'in_order',
    since: null,
    found: { differences: [{ field: 'cancelAt' }] },
  });
});

test('scenario 96: what has ended at Stripe is not in its list, and is asked for by itself', async () => {
  const shop = await openShop(rig);
  const { membershipId, subscriptionId } = await shop.buy(await shop.sell(), await shop.newMember());
  await hearNothing(shop);
  await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
  await forgetEvents(shop);
  await aDayLater(shop);
  await sweep();
  await eventually('the end', async () => (await shop.membership(membershipId)).status === 'ended');
  await shop.quiet();
  expect(await comparisonOf(shop, membershipId)).toMatchObject({
    state: 'repaired',
    found: { differences: [{ field: 'status', here: 'active', stripe: 'canceled' }] },
  });
});

test('drift: a comparison that was interrupted goes on behind the last page, and begins anew where that is gone', async () => {
  const shop = await openShop(rig);
  const sale = await shop.sell();
  const { membershipId: first } = await shop.buy(sale, await shop.newMember());
  const { membershipId: second, subscriptionId } = await shop.buy(sale, await shop.newMember());
  await hearNothing(shop);
  const began = toDate((await shop.now()) - 30);
  // As if a sweep had compared the newest, and died.
  const before = toDate((await shop.now()) - DAY);
  await rig.db.membership.update({ where: { id: first }, data: { comparedAt: before } });
  await rig.db.membership.update({ where: { id: second }, data: { comparedAt: began } });
  await rig.db.eventCursor.update({
    where: cursorOf(shop),
    data: { compareBeganAt: began, compareAfter: subscriptionId },
  });
  await sweep();
  const [one, two] = [await shop.membership(first), await shop.membership(second)];
  expect(one.comparedAt?.getTime()).toBeGreaterThan(began.getTime());
  expect(two.comparedAt).toEqual(began);
  expect(await rig.db.eventCursor.findUniqueOrThrow({ where: cursorOf(shop) })).toMatchObject({
    compareBeganAt: null,
    compareAfter: null,
  });

  await rig.db.eventCursor.update({
    where: cursorOf(shop),
    data: { compareBeganAt: began, compareAfter: 'sub_long_gone' },
  });
  await sweep();
  expect(await rig.db.eventCursor.findUniqueOrThrow({ where: cursorOf(shop) })).toMatchObject({
    compareBeganAt: null,
    compareAfter: null,
  });
});
