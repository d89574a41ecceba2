import * as starts from '../../src/messages/start-options';
import { PRIORITIES } from '../../src/messages/start-options';
import { LANES } from '../../src/worker/stripe-lane';

const owner = { mode: 'test', coachId: 'coach_1', accountId: 'acct_1', memberId: 'mbr_1' } as const;
const event = { kind: 'membership', id: 'msp_1' } as const;
const delivery = { mode: 'test', coachId: 'coach_1', endpointId: 'whe_1', factId: 'evt_1' } as const;

/** Every way of starting a run, and whose it is. */
const STARTED = {
  checkout: [starts.checkoutStart('chk_1', owner, 5), PRIORITIES.buyers],
  connection: [starts.connectionStart('conn_1', owner), PRIORITIES.coaches],
  priceProvisioning: [starts.priceProvisioningStart('prov_1', owner), PRIORITIES.coaches],
  catalogChange: [starts.catalogChangeStart({ kind: 'product', id: 'pdt_1' }, owner), PRIORITIES.coaches],
  membership: [starts.membershipStart('msp_1', owner), PRIORITIES.events],
  stripeEvent: [starts.stripeEventStart('evt_1', event, owner), PRIORITIES.events],
  paymentRefund: [starts.paymentRefundStart('rfd_1', owner), PRIORITIES.coaches],
  withdrawal: [starts.withdrawalStart('wdr_1', owner), PRIORITIES.events],
  webhookDelivery: [starts.webhookDeliveryStart(delivery, 'mbr_1'), PRIORITIES.told],
  liveCopy: [starts.liveCopyStart('cpy_1', owner), PRIORITIES.coaches],
  customerAddress: [starts.customerAddressStart('mbr_1', owner), PRIORITIES.coaches],
  priceMove: [starts.priceMoveStart('mov_1', owner), PRIORITIES.sweeps],
  memberErasure: [starts.memberErasureStart('mbr_1', owner), PRIORITIES.sweeps],
} as const;

test.each(Object.entries(STARTED))(
  'a run of %s has its place, and its coach a turn',
  (_, [{ priority }, key]) => {
    expect(priority).toEqual({ priorityKey: key, fairnessKey: 'coach_1' });
  },
);

test.each(Object.entries(STARTED))('a run of %s calls Stripe for whom it is started', (name, [, key]) => {
  expect(LANES[name as keyof typeof STARTED]).toBe(key <= PRIORITIES.coaches ? 'people' : 'background');
});

test('whoever waits before a page goes first, and what nobody waits for goes last', () => {
  const { buyers, coaches, events, told, sweeps } = PRIORITIES;
  // One to five, three by default. https://docs.temporal.io/develop/task-queue-priority-fairness
  expect([buyers, coaches, events, told, sweeps]).toEqual([1, 2, 3, 4, 5]);
});

test.each(Object.entries(STARTED))(
  'a run of %s keeps its summary when it goes on as a new one',
  (_, [start]) => {
    expect(start.staticSummary).not.toBe('');
    expect(start.memo).toEqual({ summary: start.staticSummary });
  },
);
