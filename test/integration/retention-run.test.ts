import { randomUUID } from 'node:crypto';
import { ensureRetention, RETENTION_SCHEDULE } from '../../src/temporal/schedules';
import { DAY, toDate } from '../../src/domain/time';
import type { reconciliation, retention } from '../../src/workflows';
import { rigFor, shopFor } from '../support/setup';

const rig = rigFor('file');
const shop = shopFor('file', rig);

const sweep = () =>
  rig.client.workflow.execute<typeof retention>('retention', {
    workflowId: `retention-${randomUUID()}`,
    taskQueue: rig.config.temporal.taskQueue,
    args: [],
  });
const reconcile = () =>
  rig.client.workflow.execute<typeof reconciliation>('reconciliation', {
    workflowId: `reconciliation-${randomUUID()}`,
    taskQueue: rig.config.temporal.taskQueue,
    args: [],
  });
const system = () => Math.floor(Date.now() / 1000);
/** As if what was settled had been settled so long ago. */
const age = (days: number, after: Date) =>
  rig.db.inbox.updateMany({
    where: { accountId: shop.accountId, status: { in: ['done', 'ignored'] }, stripeCreated: { lt: after } },
    data: { doneAt: toDate(system() - days * DAY) },
  });

test('what is deleted is neither missed nor taken twice', async () => {
  const memberId = await shop.newMember();
  const bought = await shop.buy(await shop.sell({ interval: null }), memberId);
  await shop.quiet();
  const events = (await shop.inbox()).filter(({ status }) => status === 'done');
  expect(events.length).toBeGreaterThan(0);
  const story = await shop.timeline(memberId);
  const boughtAt = toDate((await shop.now()) + 1);

  // The bodies are gone after a month; Stripe delivers one of the events again.
  await age(31, boughtAt);
  expect(await sweep()).toMatchObject({ event_bodies: events.length, events: 0 });
  expect((await shop.inbox()).every(({ payload }) => JSON.stringify(payload) === '{}')).toBe(true);
  await rig.stripeSide.redeliver(events[0]?.eventId ?? '', 2);
  await rig.stripeSide.drain({ account: shop.accountId });
  await shop.quiet();
  const again = await shop.inbox();
  expect(again).toHaveLength(new Set(again.map(({ eventId }) => eventId)).size);
  expect(again.every(({ payload }) => JSON.stringify(payload) === '{}')).toBe(true);

  // The rows go after three, when Stripe lists the events no more: the reconciliation finds no gap.
  await shop.moveBy(40 * DAY);
  await age(91, boughtAt);
  expect((await sweep()).events).toBe(again.length);
  expect(await shop.inbox()).toEqual([]);
  expect(await reconcile()).toMatchObject({ eventsRecovered: 0, membershipsWoken: 0, failedAccounts: 0 });
  const cursor = await rig.db.eventCursor.findFirst({ where: { accountId: shop.accountId } });
  expect(cursor?.gapFoundAt).toBeNull();
  expect(await shop.timeline(memberId)).toEqual(story);
  expect(await shop.membership(bought.membershipId)).toMatchObject({ status: 'owned' });
});

test('it runs by a schedule that follows its settings, and stays paused where an operator paused it', async () => {
  const options = { taskQueue: rig.config.temporal.taskQueue, everyMinutes: 100_000 };
  await ensureRetention(rig.client, options);
  const handle = rig.client.schedule.getHandle(RETENTION_SCHEDULE);
  try {
    await handle.pause('by an operator');
    await ensureRetention(rig.client, { ...options, everyMinutes: 5 });
    const { action, spec, state } = await handle.describe();
    expect(action).toMatchObject({ type: 'startWorkflow', workflowType: 'retention' });
    expect(spec.intervals).toMatchObject([{ every: 5 * 60_000 }]);
    expect(state.paused).toBe(true);
  } finally {
    await handle.delete();
  }
});
