import { activityInfo } from '@temporalio/activity';
import type { WorkflowClient } from '../../src/temporal/workflow-client';
import { dispatch } from '../../src/worker/dispatch';
import { claim } from '../../src/worker/inbox';
import { membershipWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import type { Sale } from '../support/shop';
import { CARDS } from '../support/stripe-side';

// Hour-long fallbacks: whatever happens here within seconds was told by an event.
let sale: Sale;
let memberId: string;
const rig = rigFor('file', { relayPollSeconds: 3600, checkoutPollSeconds: 3600 });
const shop = shopFor('test', rig);
beforeEach(async () => {
  sale = await shop.sell();
  memberId = await shop.newMember();
});
afterEach(async () => {
  delete rig.hooks.syncMembership;
  await rig.stripeSide.faults();
  await rig.startWorker();
});

const has = async (member = memberId) => (await shop.access(member, sale.productId)).access;
const scope = () => ({ account: shop.accountId, livemode: false });
const hasSettled = async (type: string) =>
  (await shop.inbox()).some((row) => row.type === type && row.status === 'done');

describe('scenario 05: an event that comes before there is anything to join it to', () => {
  test('a payment that is told of before the purchase is known gives the access', async () => {
    const { url } = await shop.open(sale, memberId);
    await shop.quiet();
    await rig.stripeSide.webhooks(false, { account: shop.accountId });
    await rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
    const paid = await shop.stripe.events.list({ type: 'invoice.paid' }, shop.asAccount);
    await rig.stripeSide.webhooks(true, { account: shop.accountId });
    expect(await rig.db.membership.count({ where: { coachId: shop.coachId } })).toBe(0);

    await rig.stripeSide.redeliver(paid.data[0]?.id ?? '');
    await eventually('access', () => has());
    await eventually('the event to be settled', () => hasSettled('invoice.paid'));
    expect((await shop.inbox()).filter(({ type }) => type === 'checkout.session.completed')).toEqual([]);
  });

  test('what cannot be joined yet is kept, with the reason, and joined when it can', async () => {
    await shop.buy(sale, memberId);
    const lookUp = { method: 'GET', path: '/v1/invoice_payments', account: shop.accountId };
    await rig.stripeSide.faults({ match: lookUp, fault: { kind: 'status', status: 500, when: 'before' } });
    const charge = (await shop.stripe.charges.list({ limit: 1 }, shop.asAccount)).data[0]?.id;
    await rig.stripeSide.trigger('refund', { account: shop.accountId, charge });
    await rig.stripeSide.drain(scope());
    const refunds = { accountId: shop.accountId, type: 'charge.refunded' };
    await eventually('the reason why it was not joined', async () => {
      const row = await rig.db.inbox.findFirst({ where: refunds });
      return row?.status === 'waiting' && row.note?.startsWith('Stripe could not be asked');
    });
    expect(await has()).toBe(true);

    await rig.stripeSide.faults();
    await rig.db.inbox.updateMany({ where: refunds, data: { leaseUntil: new Date() } });
    await rig.db.$queryRaw`SELECT pg_notify('inbox', '')::text`;
    await eventually('the end of the access', async () => !(await has()));
    await eventually('the event to be settled', () => hasSettled('charge.refunded'));
  });
});

describe('scenario 07: one member’s flood of events', () => {
  const FLOOD = 200;
  let other: string;
  let flooded: { membershipId: string; subscriptionId: string };
  let calm: { membershipId: string; subscriptionId: string };

  /** Two hundred changes of one subscription, and then one of another, all waiting in the inbox. */
  beforeEach(async () => {
    other = await shop.newMember();
    flooded = await shop.buy(sale, memberId);
    calm = await shop.buy(sale, other);
    // What is left of the purchases themselves would wake their checkouts.
    await shop.quiet();
    await rig.stopWorker();
    for (let n = 1; n <= FLOOD; n++)
      await shop.stripe.subscriptions.update(flooded.subscriptionId, { metadata: { n } }, shop.asAccount);
    await shop.stripe.subscriptions.cancel(calm.subscriptionId, undefined, shop.asAccount);
    await rig.stripeSide.drain(scope());
  });
  afterEach(async () => {
    await rig.startWorker();
    await shop.quiet();
  });

  test('wakes its run once in a pass of the relay, and the same pass wakes the others', async () => {
    const woken: string[] = [];
    const workflows = {
      ...rig.workflows,
      signalEvent: (target: { id: string }) => {
        woken.push(target.id);
        return Promise.resolve(true);
      },
    } as WorkflowClient;
    const rows = await claim(rig.db, 2 * FLOOD);
    expect(rows.length).toBeGreaterThan(FLOOD);
    const stripe = (mode: 'test' | 'live') => rig.stripe.of(mode);
    await dispatch({ db: rig.db, stripe, workflows, log: rig.log }, rows);
    expect(woken.sort()).toEqual([flooded.membershipId, calm.membershipId].sort());
    // Nobody was really told: the relay takes them again.
    await rig.db.inbox.updateMany({ where: { status: 'waiting' }, data: { leaseUntil: new Date() } });
  });

  test('keeps nobody waiting: another member’s event is settled while the flood is not', async () => {
    let looks = 0;
    let goOn: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    rig.hooks.syncMembership = {
      before: async () => {
        const isFlooded =
          activityInfo().workflowExecution?.workflowId === membershipWorkflowId(flooded.membershipId);
        if (!isFlooded) return;
        looks += 1;
        await released;
      },
    };
    await rig.startWorker();
    try {
      await eventually('the other’s event', () => hasSettled('customer.subscription.deleted'));
      expect(await has(other)).toBe(false);
      const waiting = { targetId: flooded.membershipId, status: 'waiting' } as const;
      await eventually(
        'all of the flood',
        async () => (await rig.db.inbox.count({ where: waiting })) === FLOOD,
      );
    } finally {
      goOn();
    }
    await shop.quiet();
    // One look takes whatever waits: a few passes of the relay, so a few looks.
    expect(looks).toBeLessThan(FLOOD / 20);
    expect(await has()).toBe(true);
  });
});
