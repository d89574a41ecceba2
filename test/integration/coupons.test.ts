import type Stripe from 'stripe';
import { MINUTE } from '../../src/domain/time';
import { newId } from '../../src/domain/ids';
import { couponWorkflowId } from '../../src/messages/ids';
import { sweepCoupons } from '../../src/worker/coupon-sweep';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

const rig = rigFor('file', { relayPollSeconds: 3600 });
const seller = sellerFor('file', rig);
afterEach(() => rig.stripeSide.faults());

type Body = Answer['body'];
const call = (method: string, path: string, body?: object) => seller.coach.call(method, path, body);
const settled = async (path: string): Promise<Body> => (await call('GET', `${path}?wait=20`)).body;
/** Makes a coupon, and waits until Stripe has it or has refused it. */
const make = async (terms: object = {}): Promise<Body> => {
  const asked = await call('POST', '/v1/coupons', { name: 'Spring', percentOff: 20, ...terms });
  expect(asked).toMatchObject({ status: 202, body: { status: 'pending' } });
  return settled(`/v1/coupons/${asked.body.id}`);
};
const codeOf = async (coupon: Body, code: string, terms: object = {}): Promise<Body> => {
  const asked = await call('POST', `/v1/coupons/${coupon.id}/promotion-codes`, { code, ...terms });
  expect(asked.status).toBe(202);
  return settled(`/v1/promotion-codes/${asked.body.id}`);
};
const couponAtStripe = (id: string) =>
  seller.stripe.coupons.retrieve(id, { expand: ['applies_to'] }, seller.asAccount);
const codesAtStripe = async (coupon: string) =>
  (await seller.stripe.promotionCodes.list({ coupon, limit: 100 }, seller.asAccount)).data;
const over = (couponId: string) => rig.client.workflow.getHandle(couponWorkflowId(couponId)).result();
const become = (path: string, status: string) =>
  eventually<Body>(`${path} to be ${status}`, async () => {
    const { body } = await call('GET', path);
    return body.status === status && body;
  });

test('a coupon and its code are made on the coach’s account, as they were asked for', async () => {
  const price = await seller.offer({ unitAmount: 5000 });
  const expiresAt = '2030-01-01T00:00:00.000Z';
  const coupon = await make({
    ...{ percentOff: 12.5, duration: 'repeating', months: 3, maxRedemptions: 50, expiresAt },
    productIds: [price.productId],
  });
  expect(coupon).toMatchObject({
    status: 'active',
    failure: null,
    timesRedeemed: 0,
    onConnectedAccount: true,
  });
  expect(await couponAtStripe(coupon.id)).toMatchObject({
    ...{
      percent_off: 12.5,
      duration: 'repeating',
      duration_in_months: 3,
      max_redemptions: 50,
      name: 'Spring',
    },
    redeem_by: Date.parse(expiresAt) / 1000,
    applies_to: { products: [price.productId] },
  });
  const code = await codeOf(coupon, 'SPRING-1', {
    ...{ firstPurchaseOnly: true, maxRedemptions: 5, minimumAmount: 1000, minimumCurrency: 'eur' },
  });
  expect(code).toMatchObject({ status: 'active', code: 'SPRING-1', couponId: coupon.id });
  expect(await codesAtStripe(coupon.id)).toMatchObject([
    {
      ...{ active: true, code: 'SPRING-1', max_redemptions: 5 },
      restrictions: { first_time_transaction: true, minimum_amount: 1000, minimum_amount_currency: 'eur' },
    },
  ]);
  const { body: found } = await call('GET', '/v1/promotion-codes?code=spring-1');
  expect(found.data).toMatchObject([{ id: code.id }]);
  const { body: again } = await call('POST', `/v1/coupons/${coupon.id}/promotion-codes`, {
    code: 'spring-1',
  });
  expect(again).toMatchObject({ code: 'promotion_code_exists', field: 'code' });
  const { body: facts } = await call('GET', '/v1/events?limit=100');
  expect(facts.data.map(({ type }: { type: string }) => type)).toEqual(
    expect.arrayContaining([
      ...['coupon.created', 'coupon.activated', 'promotion_code.created', 'promotion_code.activated'],
    ]),
  );
});

test.each([
  [{ amountOff: 500, currency: 'eur' }, 'percentOff'],
  [{ percentOff: null }, 'percentOff'],
  [{ percentOff: 12.345 }, 'percentOff'],
  [{ duration: 'repeating' }, 'months'],
  [{ months: 3 }, 'months'],
  [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
  [{ productIds: ['pdt_nobodyhasthis'] }, 'productIds'],
])('%j is refused before anything is stored', async (terms, field) => {
  const before = await rig.db.coupon.count();
  const refused = await call('POST', '/v1/coupons', { name: 'Spring', percentOff: 20, ...terms });
  expect(refused).toMatchObject({ status: 400, body: { field } });
  expect(await rig.db.coupon.count()).toBe(before);
});

test('an answer that is lost makes nothing twice', async () => {
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/coupons' },
    times: 1,
    fault: { kind: 'html502', when: 'after' },
  });
  const coupon = await make();
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/promotion_codes' },
    times: 1,
    fault: { kind: 'html502', when: 'after' },
  });
  await codeOf(coupon, 'LOST');
  expect(await codesAtStripe(coupon.id)).toMatchObject([{ code: 'LOST' }]);
});

test('what Stripe refuses has failed, says why, and can be tried again', async () => {
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/coupons' },
    times: 1,
    fault: { kind: 'status', status: 400, code: 'amount_too_large', when: 'before' },
  });
  const failed = await make();
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'amount_too_large' } });
  await over(failed.id);
  expect(await call('POST', `/v1/coupons/${failed.id}/promotion-codes`, { code: 'NEVER' })).toMatchObject({
    status: 409,
    body: { code: 'coupon_not_active' },
  });
  expect(await call('POST', `/v1/coupons/${failed.id}/retry`, {})).toMatchObject({ status: 202 });
  expect(await settled(`/v1/coupons/${failed.id}`)).toMatchObject({ status: 'active', failure: null });
  expect(await call('POST', `/v1/coupons/${failed.id}/retry`, {})).toMatchObject({
    status: 409,
    body: { code: 'coupon_not_retryable' },
  });
});

test('a word that the account has already is that code’s failure, not the coupon’s', async () => {
  const own = await seller.stripe.coupons.create({ percent_off: 5 }, seller.asAccount);
  await seller.stripe.promotionCodes.create(
    { promotion: { type: 'coupon', coupon: own.id }, code: 'TAKEN' },
    seller.asAccount,
  );
  const coupon = await make();
  expect(await codeOf(coupon, 'taken')).toMatchObject({
    status: 'failed',
    failure: { code: 'resource_already_exists' },
  });
  expect(await codeOf(coupon, 'FREE')).toMatchObject({ status: 'active' });
});

test('one for each member is not at Stripe, where nobody knows who a guest is', async () => {
  const coupon = await make();
  expect(await codeOf(coupon, 'ONCE', { onePerMember: true })).toMatchObject({ status: 'active' });
  expect(await codesAtStripe(coupon.id)).toEqual([]);
});

test('a code that is archived cannot be typed any more, and its word is free', async () => {
  const coupon = await make();
  const code = await codeOf(coupon, 'AUTUMN');
  expect(await call('POST', `/v1/promotion-codes/${code.id}/archive`, {})).toMatchObject({
    status: 200,
    body: { status: 'archived' },
  });
  await eventually('the code to be off', async () =>
    (await codesAtStripe(coupon.id)).every(({ active }) => !active),
  );
  expect(await codeOf(coupon, 'AUTUMN')).toMatchObject({ status: 'active' });
});

test('a coupon that is archived is gone at Stripe with its codes', async () => {
  const coupon = await make();
  await codeOf(coupon, 'WINTER');
  expect(await call('POST', `/v1/coupons/${coupon.id}/archive`, {})).toMatchObject({
    status: 200,
    body: { status: 'archived' },
  });
  await eventually('the coupon to be gone', () =>
    couponAtStripe(coupon.id).then(
      () => false,
      (error: Stripe.errors.StripeError) => error.code === 'resource_missing',
    ),
  );
  await over(coupon.id);
  expect(await rig.db.promotionCode.findMany({ where: { couponId: coupon.id } })).toMatchObject([
    { status: 'archived', atStripe: false },
  ]);
  const all = await rig.stripeSide.objects<Stripe.PromotionCode>('promotion_code', seller.accountId);
  expect(all.filter(({ code, active }) => code === 'WINTER' && active)).toEqual([]);
});

test('what the coach does in their Dashboard is followed', async () => {
  const coupon = await make();
  const kept = await codeOf(coupon, 'KEPT');
  const off = await codeOf(coupon, 'SWITCHED-OFF');
  const [atStripe] = (await codesAtStripe(coupon.id)).filter(({ code }) => code === 'SWITCHED-OFF');
  await seller.stripe.promotionCodes.update(atStripe?.id ?? '', { active: false }, seller.asAccount);
  await seller.quiet();
  expect(await become(`/v1/promotion-codes/${off.id}`, 'failed')).toMatchObject({
    failure: { code: 'code_archived_at_stripe' },
  });
  expect(await settled(`/v1/promotion-codes/${kept.id}`)).toMatchObject({ status: 'active' });

  await seller.stripe.coupons.del(coupon.id, undefined, seller.asAccount);
  await seller.quiet();
  expect(await become(`/v1/coupons/${coupon.id}`, 'failed')).toMatchObject({
    failure: { code: 'coupon_deleted_at_stripe' },
  });
  await call('POST', `/v1/coupons/${coupon.id}/retry`, {});
  expect(await settled(`/v1/coupons/${coupon.id}`)).toMatchObject({ status: 'active' });
  expect(await become(`/v1/promotion-codes/${kept.id}`, 'active')).toMatchObject({ failure: null });
});

test('a coupon whose run never started gets one from the sweep', async () => {
  const id = newId('coupon');
  const { coachId, mode, accountId } = seller;
  await rig.db.coupon.create({
    data: { id, coachId, mode, accountId, stripeCouponId: id, name: 'Lost', percentOff: 5, duration: 'once' },
  });
  // Others use the same Postgres, so how many there were in all says nothing.
  await sweepCoupons(rig);
  expect(await settled(`/v1/coupons/${id}`)).toMatchObject({ status: 'active' });
  const { createdAt, syncAfter } = await rig.db.coupon.findUniqueOrThrow({ where: { id } });
  expect(syncAfter.getTime() - createdAt.getTime()).toBeGreaterThanOrEqual(10 * MINUTE * 1000);
});
