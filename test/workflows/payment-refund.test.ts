import { newId } from '../../src/domain/ids';
import { refundWorkflowId } from '../../src/messages/ids';
import { askForRefund } from '../../src/store/refunds';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';

// The run of a refund, on a server that skips time: Stripe is away for long, and what is asked for is made once.
let membershipId: string;
let memberId: string;
let refundId: string;

const rig = rigFor('test', { temporal: 'skipping' });
const shop = shopFor('test', rig);
beforeEach(async () => {
  const sale = await shop.sell({ interval: null, unitAmount: 10_000 });
  memberId = await shop.newMember();
  ({ membershipId } = await shop.buy(sale, memberId));
  refundId = newId('refund');
});

const row = () => rig.db.refund.findUniqueOrThrow({ where: { id: refundId } });
const refunds = async () =>
  (await shop.stripe.refunds.list({ limit: 100 }, shop.asAccount)).data.map(({ amount }) => amount);
const run = () => rig.client.workflow.getHandle(refundWorkflowId(refundId));

async function ask(amount: number | null, access: 'keep' | 'end') {
  const payment = await rig.db.payment.findFirstOrThrow({ where: { membershipId } });
  const { coachId, mode, accountId } = payment;
  const now = await rig.clock.now(mode, accountId);
  const asked = { id: refundId, amount, reason: null, access };
  await rig.db.$transaction((tx) => askForRefund(tx, payment, asked, now));
  return { coachId, mode, accountId, memberId };
}

test('Stripe is away for hours: made once when it is back, and access ends', async () => {
  const fault = { kind: 'status', status: 503, when: 'before' } as const;
  await rig.stripeSide.faults({ match: { method: 'POST', path: '/v1/refunds' }, times: 20, fault });
  const owner = await ask(null, 'end');
  await rig.workflows.startRefund(refundId, owner);
  // Who starts it again starts nothing.
  expect(await rig.workflows.startRefund(refundId, owner)).toBe('already_started');
  await run().result();
  expect(await row()).toMatchObject({ status: 'succeeded' });
  expect(await refunds()).toEqual([10_000]);
  await eventually('the look', async () => (await shop.membership(membershipId)).status === 'ended');
  const kinds = (await shop.timeline(memberId)).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['refund_requested', 'refund_made', 'membership_ended']));
});

test('scenario 74: Stripe has made it, and its answers are lost: it is found, and not made again', async () => {
  const fault = { kind: 'status', status: 500, when: 'after' } as const;
  await rig.stripeSide.faults({ match: { method: 'POST', path: '/v1/refunds' }, times: 3, fault });
  await rig.workflows.startRefund(refundId, await ask(4000, 'end'));
  await run().result();
  expect(await row()).toMatchObject({ status: 'succeeded', amount: 4000 });
  expect(await refunds()).toEqual([4000]);
});

test('Stripe is away for longer than keys are remembered: given up, said, and found when it was made', async () => {
  const fault = { kind: 'status', status: 503, when: 'before' } as const;
  await rig.stripeSide.faults({ match: { method: 'GET', path: '/v1/refunds' }, times: 10_000, fault });
  await rig.workflows.startRefund(refundId, await ask(4000, 'keep'));
  expect(await run().result()).toEqual({ status: 'refused' });
  expect(await row()).toMatchObject({ status: 'refused', failureCode: 'stripe_unavailable' });
  expect(await shop.membership(membershipId)).toMatchObject({ refundChoices: {}, status: 'owned' });
  await rig.stripeSide.faults();
  expect(await refunds()).toEqual([]);
});
