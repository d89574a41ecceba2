import type Stripe from 'stripe';
import { DAY } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';

const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

const rig = rigFor('file');
const seller = sellerFor('test', rig);

const overview = () => seller.read('/v1/overview');

/** What the emulated Stripe has in its own books: month and sums of its charges. */
async function stripesBooks() {
  const charges: Stripe.Charge[] = await seller.stripe.charges
    .list({ limit: 100 }, seller.asAccount)
    .autoPagingToArray({ limit: 1000 });
  const books = new Map<string, { gross: number; refunded: number }>();
  for (const charge of charges.filter(({ status }) => status === 'succeeded')) {
    const key = `${charge.currency} ${new Date(charge.created * 1000).toISOString().slice(0, 7)}`;
    const month = books.get(key) ?? { gross: 0, refunded: 0 };
    month.gross += charge.amount;
    month.refunded += charge.amount_refunded;
    books.set(key, month);
  }
  return { charges, books };
}

/** Every month that the overview shows, compared with Stripe's own. */
async function expectStripesFigures() {
  const { books } = await stripesBooks();
  const { revenue } = await overview();
  for (const { currency, months } of revenue) {
    expect(months).toHaveLength(12);
    for (const { month, gross, refunded } of months)
      expect({ month, gross, refunded }).toEqual({
        month,
        ...(books.get(`${currency} ${month}`) ?? { gross: 0, refunded: 0 }),
      });
  }
  return revenue;
}

test('a year of renewals with refunds, beside a purchase in another currency: the sums are those of Stripe', async () => {
  const circle = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH, trialDays: 14 });
  const programme = await seller.offer({ unitAmount: 24_000, currency: 'eur' });
  await seller.purchase(circle, 'ada');
  await seller.purchase(programme, 'ben');
  for (let month = 0; month < 6; month++) await seller.moveBy(30 * DAY);
  const { charges } = await stripesBooks();
  const [oldest, second] = charges.filter(({ currency }) => currency === 'usd').reverse();
  await rig.stripeSide.trigger('refund', { account: seller.accountId, charge: oldest?.id });
  await rig.stripeSide.trigger('refund', { account: seller.accountId, charge: second?.id, amount: 1900 });
  for (let month = 0; month < 6; month++) await seller.moveBy(30 * DAY);
  await seller.quiet();

  const revenue = await expectStripesFigures();
  const total = (currency: string, what: 'gross' | 'refunded' | 'net') =>
    revenue
      .find((group: { currency: string }) => group.currency === currency)
      ?.months.reduce((sum: number, month: Record<string, number>) => sum + (month[what] ?? 0), 0);
  expect(total('usd', 'refunded')).toBe(4900 + 1900);
  expect(total('usd', 'gross')).toBe(4900 * 12);
  expect(total('usd', 'net')).toBe(4900 * 12 - 6800);
  // Nothing is counted twice, however often it was looked at.
  expect(await rig.db.payment.count({ where: { coachId: seller.coachId } })).toBe(charges.length + 6);
});

test('a refund that fails is money again, a lost dispute is none', async () => {
  const price = await seller.offer({ unitAmount: 10_000 });
  await seller.purchase(price, 'ada');
  await seller.purchase(price, 'ben');
  const { charges } = await stripesBooks();
  await rig.stripeSide.trigger('refund', { account: seller.accountId, charge: charges[1]?.id, amount: 3000 });
  await rig.stripeSide.trigger('dispute_created', { account: seller.accountId, charge: charges[0]?.id });
  await seller.quiet();
  const disputed = (await overview()).attention.disputes;
  expect(disputed).toMatchObject({
    total: 1,
    data: [{ member: { externalId: 'ben' }, productId: price.productId, amount: 10_000, currency: 'usd' }],
  });
  await rig.stripeSide.trigger('dispute_lost', { account: seller.accountId, charge: charges[0]?.id });
  await seller.quiet();
  const { revenue, attention } = await overview();
  expect(attention.disputes.total).toBe(0);
  expect(revenue[0].months.at(-1)).toMatchObject({
    gross: 20_000,
    refunded: 3000,
    disputed: 10_000,
    net: 7000,
  });
  const refunds = await seller.stripe.refunds.list({ limit: 1 }, seller.asAccount);
  await rig.stripeSide.trigger('refund_failed', { account: seller.accountId, refund: refunds.data[0]?.id });
  await seller.quiet();
  expect((await overview()).revenue[0].months.at(-1)).toMatchObject({ refunded: 0, net: 10_000 });
});

test('from nothing to the first sale: what was sold, to whom, and what comes next', async () => {
  const before = await overview();
  expect(before).toMatchObject({
    mode: 'test',
    activeMembers: 0,
    products: [],
    revenue: [{ currency: 'usd' }],
    attention: { payments: { total: 0 }, disputes: { total: 0 }, checkouts: { total: 0 } },
    setup: { connected: true, chargesEnabled: true, hasProduct: false, next: 'create_product' },
  });
  const product = await seller.coach.call('POST', '/v1/products', { name: 'Evening yoga' });
  expect((await overview()).setup.next).toBe('add_price');
  const price = await seller.coach.addPriceTo(product.body.id, { unitAmount: 5000, accessDays: 10 });
  await eventually(
    'the price',
    async () => (await seller.read(`/v1/prices/${price.id}`)).status === 'active',
  );
  expect((await overview()).setup).toMatchObject({
    hasActivePrice: true,
    hasOrigin: true,
    next: 'first_sale',
  });
  const open = await seller.openFor(price, 'ada');
  expect(await overview()).toMatchObject({
    checkouts: { open: 1, pending: 0 },
    setup: { next: 'first_sale' },
  });
  await seller.pay(open);
  await seller.boughtBy(open);
  await seller.coach.call('PUT', '/v1/settings', { origins: [] });
  expect(await overview()).toMatchObject({
    activeMembers: 1,
    products: [{ productId: price.productId, name: 'Evening yoga', purchases: 1, activeMembers: 1 }],
    checkouts: { open: 0 },
    setup: { hasSale: true, hasOrigin: false, next: 'set_origin' },
  });
  await seller.moveBy(11 * DAY);
  expect(await overview()).toMatchObject({
    activeMembers: 0,
    products: [{ purchases: 1, activeMembers: 0 }],
  });
});

test('a renewal that fails needs attention until it is paid', async () => {
  const price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  const open = await seller.openFor(price, 'ada');
  await rig.stripeSide.payWithCard(open.body.url, CARDS.test.failsAtRenewal);
  const { id } = await seller.boughtBy(open);
  expect((await overview()).attention.payments.total).toBe(0);
  await seller.moveBy(32 * DAY);
  expect((await overview()).attention.payments).toMatchObject({
    total: 1,
    data: [
      {
        membershipId: id,
        member: { externalId: 'ada' },
        status: 'past_due',
        reason: 'grace',
        next: { what: 'grace_end' },
      },
    ],
  });
});

test('installments that end short need attention, and no more a month after their end', async () => {
  const price = await seller.offer({
    model: 'installments',
    unitAmount: 3000,
    recurring: EACH_MONTH,
    installments: 3,
  });
  const { id, paidThrough, stripe } = await seller.purchase(price, 'ada');
  await seller.stripe.subscriptions.cancel(stripe.subscriptionId, undefined, seller.asAccount);
  await seller.quiet();
  const told = { total: 1, data: [{ membershipId: id, reason: 'installments_short' }] };
  expect((await overview()).attention.payments).toMatchObject(told);
  const end = Date.parse(paidThrough) / 1000;
  await seller.moveTo(end + 29 * DAY);
  expect(await seller.read(`/v1/memberships/${id}`)).toMatchObject({ status: 'ended' });
  expect((await overview()).attention.payments).toMatchObject(told);
  // The end counts from when it was noted, which may be later than when it was.
  await seller.moveTo(end + (29 + 31) * DAY);
  expect((await overview()).attention.payments).toMatchObject({ total: 0, data: [] });
});

test("nobody sees another's figures, nor those of the other mode", async () => {
  const price = await seller.offer({ unitAmount: 5000 });
  await seller.purchase(price, 'ada');
  const other = await openSeller(rig);
  expect(await other.read('/v1/overview')).toMatchObject({ activeMembers: 0, products: [] });
  expect((await overview()).activeMembers).toBe(1);
});
