import { DAY, HOUR } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// Each test has a server of its own, because the test server may keep its time locked after a run has closed.
const rig = rigFor('test', { temporal: 'skipping' });
const seller = sellerFor('test', rig);

const seconds = (time: string) => Date.parse(time) / 1000;
const inThree = (more: object = {}) =>
  seller.offer({
    model: 'installments',
    unitAmount: 3000,
    recurring: { interval: 'month', intervalCount: 1 },
    installments: 3,
    ...more,
  });
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const atStripe = (id: string) => seller.stripe.subscriptions.retrieve(id, undefined, seller.asAccount);

/** Lets the next installment fall due. */
async function nextInstallment(id: string) {
  await seller.moveTo(seconds((await now(id)).paidThrough) + 2 * HOUR);
}

test('three installments: three payments, Stripe stops by itself, access without an end', async () => {
  const price = await inThree();
  const { id, memberId, stripe } = await seller.purchase(price, 'ada');
  expect(await now(id)).toMatchObject({ status: 'active', reason: 'installments' });
  await nextInstallment(id);
  expect(await now(id)).toMatchObject({ status: 'active', reason: 'installments' });
  await nextInstallment(id);
  expect(await now(id)).toMatchObject({ status: 'owned', reason: 'installments_complete' });
  await seller.moveBy(70 * DAY);
  expect(await seller.charges()).toEqual([3000, 3000, 3000]);
  expect(await atStripe(stripe.subscriptionId)).toMatchObject({ status: 'canceled' });
  expect(await now(id)).toMatchObject({ status: 'owned', reason: 'installments_complete' });
  expect(await seller.access(memberId, price.productId)).toEqual({ access: true, until: null });
});

test('a plan whose schedule was taken off is ended by us when all is paid: not one payment too many', async () => {
  const price = await inThree();
  const { id, stripe } = await seller.purchase(price, 'ada');
  const schedule = await eventually(
    'the schedule',
    async () => (await atStripe(stripe.subscriptionId)).schedule ?? undefined,
  );
  await seller.stripe.subscriptionSchedules.release(schedule as string, undefined, seller.asAccount);
  await seller.quiet();
  await nextInstallment(id);
  expect(await atStripe(stripe.subscriptionId)).toMatchObject({ status: 'active', cancel_at: null });
  await nextInstallment(id);
  await eventually(
    'the end of the charging',
    async () => (await atStripe(stripe.subscriptionId)).status === 'canceled',
  );
  await seller.moveBy(70 * DAY);
  expect(await seller.charges()).toEqual([3000, 3000, 3000]);
  expect(await now(id)).toMatchObject({ status: 'owned', reason: 'installments_complete' });
});

test('installments that are ended short give what was paid for, and no more', async () => {
  const price = await inThree();
  const { id, stripe } = await seller.purchase(price, 'ada');
  const end = seconds((await now(id)).paidThrough);
  await seller.stripe.subscriptions.cancel(stripe.subscriptionId, undefined, seller.asAccount);
  await seller.quiet();
  expect(await now(id)).toMatchObject({ status: 'canceling', reason: 'installments_short' });
  await seller.moveTo(end - 60);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true });
  await seller.moveTo(end);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
  expect(await now(id)).toMatchObject({ status: 'ended', reason: 'installments_short' });
  expect(await seller.charges()).toEqual([3000]);
});
