import { cardFields } from '../../src/demo/cards';
import type { Mode } from '../../src/domain/mode';
import { eventually } from '../support/eventually';
import { Visitor } from '../support/visitor';
import type { CoachUi } from '../support/coach-ui';
import type { NewCoach } from './stack';

/** Ids of what a coach with sales has. */
export interface Shop {
  productId: string;
  /** Sold, monthly. */
  priceId: string;
  /** Was given the product. */
  memberId: string;
  /** Of somebody who bought something else. */
  membershipId: string;
  /** Theirs. */
  paymentId: string;
}

/** Terms of a membership, in euros. */
export const monthly = (unitAmount: number): object => ({
  model: 'recurring',
  currency: 'eur',
  unitAmount,
  recurring: { interval: 'month' },
});

/** A coach who is connected, has a product with a price, a member who was given it, a signing secret, and a withdrawal. */
export async function furnish({ ui }: NewCoach, mode: Mode = 'test'): Promise<Shop> {
  const coach = ui[mode];
  await coach.connect({ account: 'new', country: 'DE' });
  const price = await coach.addPrice(monthly(2900), 'Morning circle');
  await whenOnSale(coach, price.id as string);
  const memberId = await addMember(coach, 'mia@example.com');
  await give(coach, memberId, price.productId as string);
  await coach.call('POST', `/v1/members/${memberId}/notes`, { text: 'Prefers mornings.' });
  const other = await coach.addPrice(monthly(1900), 'Evening circle');
  await whenOnSale(coach, other.id as string);
  const buyerId = await buy(coach, other.id as string, 'lea@example.com');
  await coach.call('POST', '/v1/signing-secrets', {});
  // Listens to what does not happen here, so that the page says the same whenever it is read.
  await coach.call('POST', '/v1/webhook-endpoints', {
    url: 'https://receiver.example/hooks',
    types: ['price.failed'],
  });
  await coach.call('POST', '/v1/people', { email: 'kim@example.com', role: 'support' });
  await coach.call('POST', '/v1/keys', { scope: 'read_only', name: 'Shop server' });
  await coupon(coach);
  await withdraw(coach);
  const { data } = (await coach.call('GET', `/v1/memberships?member=${buyerId}`)).body;
  const membershipId = data[0].id as string;
  const paymentId = (await coach.call('GET', `/v1/payments?member=${buyerId}`)).body.data[0].id as string;
  return {
    paymentId,
    productId: price.productId as string,
    priceId: price.id as string,
    memberId,
    membershipId,
  };
}

/** A coupon with a code that can be used. */
async function coupon(coach: CoachUi): Promise<void> {
  const { body } = await coach.call('POST', '/v1/coupons', { name: 'Spring', percentOff: 20 });
  await coach.call('GET', `/v1/coupons/${body.id}?wait=20`);
  const made = await coach.call('POST', `/v1/coupons/${body.id}/promotion-codes`, { code: 'SPRING' });
  await coach.call('GET', `/v1/promotion-codes/${made.body.id}?wait=20`);
}

/** Somebody who is not signed in withdraws from what nobody here has bought: it waits for the coach. */
async function withdraw({ rig, coachId, mode }: CoachUi): Promise<void> {
  const visitor = new Visitor(rig.api, { 'Accept-Language': 'en' });
  const form = await visitor.open(`/withdraw/${coachId}${mode === 'test' ? '/test' : ''}`);
  const typed = { name: 'Sam Spade', contract: 'Morning circle', email: 'sam@example.com' };
  const review = await visitor.press(form, 'Withdraw from the contract here', typed);
  const received = await visitor.press(review, 'Confirm withdrawal');
  if (!received.text.includes('was received')) throw new Error(`The withdrawal: ${received.text}`);
}

/** What a shop has once something of it was sold. */
export interface Sold {
  /** The member who subscribed to its price. */
  buyerId: string;
  /** A price of the same product that is paid once. */
  oncePriceId: string;
}

/** Two other prices to go to, and a member who subscribed to the first one. */
export async function sellOne(coach: CoachUi, { productId, priceId }: Shop): Promise<Sold> {
  const other = await coach.addPriceTo(productId, monthly(3900));
  await whenOnSale(coach, other.id as string);
  const once = await coach.addPriceTo(productId, { unitAmount: 9900, currency: 'eur' });
  await whenOnSale(coach, once.id as string);
  return { buyerId: await buy(coach, priceId, 'noah@example.com'), oncePriceId: once.id as string };
}

/** Buys with a good card; the answer is the member's id. */
export async function buy(coach: CoachUi, priceId: string, email: string): Promise<string> {
  const memberId = await addMember(coach, email);
  const opened = await coach.call('POST', '/v1/checkouts', {
    priceId,
    member: { id: memberId },
    successUrl: 'http://coach-ui.example/thanks',
    cancelUrl: 'http://coach-ui.example/back',
  });
  if (opened.status !== 201) throw new Error(`The checkout: ${JSON.stringify(opened.body)}`);
  const paid = await fetch(opened.body.url as string, {
    method: 'POST',
    body: new URLSearchParams({ ...cardFields(coach.mode, 'succeeds'), email }),
    redirect: 'manual',
  });
  if (paid.status !== 303) throw new Error(`The payment page answered ${paid.status}`);
  await eventually(
    `a membership of ${email}`,
    async () => (await coach.call('GET', `/v1/memberships?member=${memberId}`)).body.data.length === 1,
  );
  return memberId;
}

/** A coach who left Stripe again: a price that nobody can buy, a product without any, a member without anything. */
export async function abandon({ ui }: NewCoach, mode: Mode): Promise<Shop> {
  const coach = ui[mode];
  await coach.connect({ account: 'new', country: 'DE' });
  const price = await coach.addPrice(monthly(2900), 'Left behind');
  await whenOnSale(coach, price.id as string);
  await coach.disconnect();
  await eventually(
    'the end of the connection',
    async () => (await coach.connection()).status === 'disconnected',
  );
  const product = await coach.call('POST', '/v1/products', { name: 'Just begun' });
  const memberId = await addMember(coach, 'nobody@example.com');
  return {
    productId: product.body.id as string,
    priceId: price.id as string,
    memberId,
    membershipId: 'msp_none',
    paymentId: 'pi_none',
  };
}

/** Waits until a price can be bought. */
export async function whenOnSale(ui: CoachUi, priceId: string): Promise<void> {
  await eventually(
    'a price on sale',
    async () => (await ui.call('GET', `/v1/prices/${priceId}`)).body.status === 'active',
  );
}

async function addMember(coach: CoachUi, email: string): Promise<string> {
  return (await coach.call('POST', '/v1/members', { email })).body.id as string;
}

async function give(coach: CoachUi, memberId: string, productId: string): Promise<void> {
  const gift = await coach.call('POST', '/v1/grants', { member: { id: memberId }, productId });
  if (gift.status !== 201) throw new Error(`The gift: ${JSON.stringify(gift.body)}`);
}
