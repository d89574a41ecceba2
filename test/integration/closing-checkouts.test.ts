import { checkoutWorkflowId } from '../../src/workflows/ids';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openSeller, type Seller } from '../support/seller';
import { CARDS, IBANS } from '../support/stripe-side';

// Closing a checkout: by its coach, by an operator, after its run is gone, and while the member pays.
let rig: Rig;
let seller: Seller;
let once: { id: string; productId: string };
beforeAll(async () => {
  rig = await startRig({ temporal: 'dev' });
});
afterAll(() => rig.close());
beforeEach(async () => {
  seller = await openSeller(rig);
  once = (await seller.offer({ unitAmount: 4900, currency: 'eur' })) as typeof once;
});
afterEach(() => rig.stripeSide.faults());

const runOf = (checkoutId: string) => rig.client.workflow.getHandle(checkoutWorkflowId(checkoutId));
const statusOf = async (checkoutId: string) => (await seller.checkoutRow(checkoutId)).status;
const cancel = (checkoutId: string) => seller.coach.call('POST', `/v1/checkouts/${checkoutId}/cancel`, {});
const loseWebhooks = () => rig.stripeSide.webhooks(false, { account: seller.accountId });
const refuseExpiry = (times: number) =>
  rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions/*/expire', account: seller.accountId },
    times,
    fault: { kind: 'status', status: 400, when: 'before' },
  });

test('A20: the coach cancels what was paid: the answer says completed', async () => {
  await loseWebhooks();
  const { body } = await seller.openFor(once, 'ada');
  await rig.stripeSide.payWithCard(body.url, CARDS.test.succeeds);
  expect(await cancel(body.id)).toMatchObject({ status: 200, body: { status: 'completed' } });
});

test('A20: an operator cancels the run while Stripe refuses to close the session: it goes on, and the payment wins', async () => {
  await loseWebhooks();
  const { body } = await seller.openFor(once, 'ada');
  await refuseExpiry(1);
  await runOf(body.id).cancel();
  await eventually(
    'the request to close',
    async () => (await seller.checkoutRow(body.id)).cancelRequestedAt !== null,
  );
  await rig.stripeSide.payWithCard(body.url, CARDS.test.succeeds);
  const { status } = await rig.runs.memberReturned(body.id, 'return-1');
  expect(status).toBe('completed');
  await seller.bought(body.id);
  await eventually('the end', async () => (await runOf(body.id).describe()).status.name === 'COMPLETED');
});

test('C13: a run that an operator cancelled answers the member, and the coach, while it waits for the money', async () => {
  const { body } = await seller.openFor(once, 'ada');
  await rig.stripeSide.payWithIban(body.url, IBANS.succeeds);
  await eventually('pending', async () => (await statusOf(body.id)) === 'pending');
  await runOf(body.id).cancel();
  await eventually(
    'the request to close',
    async () => (await seller.checkoutRow(body.id)).cancelRequestedAt !== null,
  );
  expect(await rig.runs.memberReturned(body.id, 'return-1')).toMatchObject({ status: 'pending' });
  expect(await rig.runs.cancelCheckout(body.id, 'cancel-1')).toMatchObject({ status: 'pending' });
  expect(await cancel(body.id)).toMatchObject({ status: 409, body: { code: 'checkout_not_open' } });
});

test('C7: a checkout whose run was terminated is cancelled by a new run, without a second session', async () => {
  const { body } = await seller.openFor(once, 'ada');
  await runOf(body.id).terminate();
  expect(await cancel(body.id)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  expect(await rig.stripeSide.objects('checkout.session', seller.accountId)).toMatchObject([
    { status: 'expired' },
  ]);
});

test('C7: terminated, then paid: cancelling finds the payment', async () => {
  await loseWebhooks();
  const { body } = await seller.openFor(once, 'ada');
  await runOf(body.id).terminate();
  await rig.stripeSide.payWithCard(body.url, CARDS.test.succeeds);
  expect(await cancel(body.id)).toMatchObject({ status: 200, body: { status: 'completed' } });
});

test('C7: terminated, then bought again: the same page', async () => {
  const { body } = await seller.openFor(once, 'ada');
  await runOf(body.id).terminate();
  const again = await seller.openFor(once, 'ada');
  expect(again).toMatchObject({ status: 200, body: { id: body.id, url: body.url } });
});

test('C11: a subscription whose first debit bounced is ended though a 500 is stored under the first key', async () => {
  const monthly = await seller.offer({
    unitAmount: 4900,
    currency: 'eur',
    recurring: { interval: 'month', intervalCount: 1 },
  });
  const { body } = await seller.openFor(monthly, 'ada');
  await rig.stripeSide.payWithIban(body.url, IBANS.fails);
  await eventually('pending', async () => (await statusOf(body.id)) === 'pending');
  await rig.stripeSide.faults({
    match: { method: 'DELETE', path: '/v1/subscriptions/*', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 500, when: 'before' },
  });
  await seller.moveBy(3 * 86_400 + 60);
  await eventually('failed', async () => (await statusOf(body.id)) === 'failed');
  expect(await rig.stripeSide.objects('subscription', seller.accountId)).toMatchObject([
    { status: 'canceled' },
  ]);
});
