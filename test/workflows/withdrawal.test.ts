import { DAY, HOUR, type Seconds, toSeconds } from '../../src/domain/time';
import { withdrawalWorkflowId } from '../../src/messages/ids';
import { receiveWithdrawal, withdrawalIdOf } from '../../src/store/withdrawals';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';

// The deadlines of a withdrawal, on a server that skips time: nobody says anything, the run's own timers do it.
let memberId: string;
let membershipId: string;
let statedAt: Seconds;

const rig = rigFor('test', { temporal: 'skipping' });
const shop = shopFor('test', rig);
beforeEach(async () => {
  const sale = await shop.sell({ interval: 'year', unitAmount: 36_500 });
  memberId = await shop.newMember();
  ({ membershipId } = await shop.buy(sale, memberId));
  await rig.stripeSide.webhooks(false, { account: shop.accountId });
});

const id = () => withdrawalIdOf(membershipId);
const row = () => rig.db.withdrawal.findUniqueOrThrow({ where: { id: id() } });
const refunds = async () =>
  (await shop.stripe.refunds.list({ limit: 100 }, shop.asAccount)).data.map(({ amount }) => amount);

async function state(isProven: boolean): Promise<void> {
  const membership = await shop.membership(membershipId);
  const { coachId, mode, accountId } = membership;
  statedAt = await rig.clock.now(mode, accountId);
  await rig.db.$transaction((tx) =>
    receiveWithdrawal(tx, {
      ...{ coachId, mode, membership, isProven, statedAt },
      ...{ name: 'Ada', contract: 'The course', email: 'ada@example.com', language: 'en' },
      refund: 'coach_decides',
    }),
  );
  await rig.workflows.withdrawalChanged(id(), { coachId, mode, memberId });
}

test('scenario 69: nobody decides: reminded on day ten, and all of it goes back on day thirteen', async () => {
  await state(true);
  await shop.moveTo(statedAt + 10 * DAY - HOUR);
  expect(await row()).toMatchObject({ status: 'to_decide', remindedAt: null });
  await shop.moveTo(statedAt + 10 * DAY + HOUR);
  await eventually('the reminder', async () => (await row()).remindedAt !== null);
  await shop.moveTo(statedAt + 13 * DAY - HOUR);
  expect(await row()).toMatchObject({ status: 'to_decide', refund: null });
  expect(await refunds()).toEqual([]);
  await shop.moveTo(statedAt + 13 * DAY + 2 * HOUR);
  await eventually('the end of the withdrawal', async () => (await row()).status === 'done');
  expect(await row()).toMatchObject({ refund: 'full', decidedBy: 'deadline', refundAmount: 36_500 });
  expect(toSeconds((await row()).endedAt as Date)).toBeLessThan(statedAt + 14 * DAY);
  expect(await refunds()).toEqual([36_500]);
  expect(await shop.membership(membershipId)).toMatchObject({
    status: 'ended',
    reason: 'withdrawn',
    stripeStatus: 'canceled',
  });
  const run = rig.client.workflow.getHandle(withdrawalWorkflowId(id()));
  await eventually('the end of the run', async () => (await run.describe()).status.name === 'COMPLETED');
});

test('what nobody has proved is told to be overdue, and goes on waiting', async () => {
  await state(false);
  await shop.moveTo(statedAt + 13 * DAY + HOUR);
  await eventually('it to be overdue', async () => (await row()).overdueAt !== null);
  await shop.moveTo(statedAt + 20 * DAY);
  expect(await row()).toMatchObject({ status: 'unproven' });
  expect(await refunds()).toEqual([]);
  expect(await shop.membership(membershipId)).toMatchObject({ status: 'active' });
  expect((await shop.timeline(memberId)).map(({ kind }) => kind)).toContain('withdrawal_overdue');
  await rig.client.workflow.getHandle(withdrawalWorkflowId(id())).terminate('The test is over');
});
