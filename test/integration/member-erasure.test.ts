import { memberErasureWorkflowId } from '../../src/messages/ids';
import { type Canary, columnsWith, needlesIn, newCanary, runsWith } from '../support/canary';
import { type Answer, COACH_UI } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';

const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

let monthly: Answer['body'];
let course: Answer['body'];
const rig = rigFor('file');
const seller = sellerFor('file', rig);
beforeAll(async () => {
  monthly = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  course = await seller.offer({ unitAmount: 9900 });
});

const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);
const get = (path: string) => seller.coach.call('GET', path);
const erasureOf = async (memberId: string) => (await get(`/v1/members/${memberId}/erasure`)).body;
const ended = (memberId: string) =>
  eventually<Answer['body']>('the end of the erasure', async () => {
    const erasure = await erasureOf(memberId);
    return erasure.endedAt !== null && erasure;
  });
const formOf = ({ email, name }: Canary) => ({ email, billing_name: name });

async function newMember({ externalId, email }: Canary): Promise<string> {
  return (await post('/v1/members', { externalId, email })).body.id as string;
}

/** Buys with all that a person leaves behind: the address, the name, an address of the coach's site that names them. */
async function buy(price: Answer['body'], canary: Canary): Promise<Answer['body']> {
  const checkout = await seller.openFor(price, canary.externalId, {
    successUrl: `${COACH_UI}/welcome?who=${canary.trace}`,
  });
  const { status, error } = await seller.pay(checkout, formOf(canary));
  if (status !== 303) throw new Error(`The payment page answered ${status}: ${error}`);
  return seller.boughtBy(checkout);
}

test('all that is held about a member is handed over, and then nothing names them any more', async () => {
  const canary = newCanary();
  const memberId = await newMember(canary);
  const bought = await buy(monthly, canary);
  await buy(course, canary);
  await post('/v1/grants', { member: { id: memberId }, productId: monthly.productId, note: canary.note });
  await seller.quiet();

  const held = await columnsWith(rig.db, [canary.trace]);
  expect(held).toEqual(
    expect.arrayContaining([
      'checkout.session_request',
      'checkout.success_url',
      'grant.note',
      'inbox.payload',
      'member.email',
      'member.external_id',
    ]),
  );

  const { status, body } = await get(`/v1/members/${memberId}/export`);
  expect(status).toBe(200);
  expect(body.profile).toMatchObject({ email: canary.email, externalId: canary.externalId });
  expect(body).toMatchObject({
    memberships: [{ stripeSubscriptionId: bought.stripe.subscriptionId }, { kind: 'one_off' }],
    payments: [{ amount: 4900 }, { amount: 9900 }],
    grants: expect.arrayContaining([expect.objectContaining({ note: canary.note })]),
    stripeCustomers: [expect.anything(), expect.anything()].slice(0, body.stripeCustomers.length),
  });
  expect(JSON.stringify(body.checkouts)).toContain(`who=${canary.trace}`);
  expect(JSON.stringify(body.events)).toContain(canary.name);
  expect(body.timeline.length).toBeGreaterThan(1);

  // Somebody who pays is not erased by the way.
  expect(await post(`/v1/members/${memberId}/erase`, { delayMinutes: 0 })).toMatchObject({
    status: 409,
    body: { code: 'member_has_memberships', details: { membershipIds: expect.arrayContaining([bought.id]) } },
  });
  const asked = await post(`/v1/members/${memberId}/erase`, {
    delayMinutes: 0,
    endMemberships: true,
    deleteStripeCustomer: true,
  });
  expect(asked.status).toBe(202);
  expect(await ended(memberId)).toMatchObject({ status: 'erased', failureCode: null, customersLeft: 0 });
  await seller.quiet();

  expect(await columnsWith(rig.db, [canary.trace])).toEqual([]);
  const { stripe, asAccount } = seller;
  const subscription = await stripe.subscriptions.retrieve(bought.stripe.subscriptionId, {}, asAccount);
  expect(subscription.status).toBe('canceled');
  const customer = await stripe.customers.retrieve(bought.stripe.customerId, {}, asAccount);
  expect(customer.deleted).toBe(true);

  // What the books need is there, under an id that says nothing; the audit has who asked, and when.
  const kept = (await get(`/v1/members/${memberId}/export`)).body;
  expect(kept.profile).toMatchObject({ email: null, externalId: null, erasedAt: expect.any(String) });
  expect(kept.payments).toMatchObject([{ amount: 4900, memberId }, { amount: 9900 }]);
  expect(kept.events).toEqual([]);
  expect(kept.erasure).toMatchObject({ status: 'erased', requestedBy: expect.stringMatching(/^key_/) });
  expect(kept.timeline.at(-1)).toBeDefined();
  expect(kept.timeline.map((entry: { kind: string }) => entry.kind)).toContain('member_erased');
  expect((await seller.accessOf(memberId, monthly)).access).toBe(false);
  expect((await seller.accessOf(memberId, course)).access).toBe(false);

  // Asking again changes nothing, and nobody gives an erased member anything.
  expect((await post(`/v1/members/${memberId}/erase`, { delayMinutes: 0 })).body.status).toBe('erased');
  expect((await post('/v1/grants', { member: { id: memberId }, productId: monthly.productId })).status).toBe(
    404,
  );

  // What Stripe says later of the same person does not bring them back.
  const charges = await stripe.charges.list({ customer: bought.stripe.customerId, limit: 1 }, asAccount);
  await rig.stripeSide.trigger('refund', { account: seller.accountId, charge: charges.data[0]?.id });
  await seller.quiet();
  expect(await columnsWith(rig.db, [canary.trace])).toEqual([]);
  const refunded = await rig.db.payment.findMany({ where: { memberId, amountRefunded: { gt: 0 } } });
  expect(refunded).toHaveLength(1);

  // Nor do the runs have anything of them.
  expect(await runsWith(rig.client, rig.seenRuns(), [canary.trace])).toEqual([]);

  // Who buys again is somebody new.
  const again = await buy(monthly, canary);
  expect(again.memberId).not.toBe(memberId);
  expect((await seller.accessOf(canary.externalId, monthly)).access).toBe(true);
});

test('an open checkout is closed; what is paid all the same belongs to somebody else', async () => {
  const canary = newCanary();
  const memberId = await newMember(canary);
  const checkout = await seller.openFor(course, canary.externalId);
  await post(`/v1/members/${memberId}/erase`, { delayMinutes: 0 });
  expect(await ended(memberId)).toMatchObject({ status: 'erased' });
  const closed = await rig.db.checkout.findUniqueOrThrow({ where: { id: checkout.body.id } });
  expect(closed).toMatchObject({ status: 'cancelled', url: null, sessionRequest: null });
  expect(closed.buyerKey).toBe(`erased:${closed.id}`);
  expect(await columnsWith(rig.db, [canary.trace])).toEqual([]);

  // Its row was inserted while the member went.
  const sale = await seller.sell({ interval: null });
  const late = await seller.open(sale, memberId);
  await rig.stripeSide.payWithCard(late.url, CARDS.test.succeeds, formOf(canary));
  const membership = await seller.bought(late.checkoutId);
  expect(membership.memberId).not.toBe(memberId);
  const [erased, buyer] = await Promise.all(
    [memberId, membership.memberId].map((id) => rig.db.member.findUniqueOrThrow({ where: { id } })),
  );
  expect(erased).toMatchObject({ email: null, externalId: null });
  expect(buyer).toMatchObject({ email: canary.email });
});

test('it can be taken back until it begins, by a person or by cancelling the run', async () => {
  const canary = newCanary();
  const memberId = await newMember(canary);
  expect(await erasureOf(memberId)).toMatchObject({ status: 'none' });
  const first = await post(`/v1/members/${memberId}/erase`, { delayMinutes: 60 });
  expect(first).toMatchObject({ status: 202, body: { status: 'waiting', endedAt: null } });
  expect(await post(`/v1/members/${memberId}/erase/cancel`)).toMatchObject({
    status: 200,
    body: { status: 'cancelled' },
  });
  const handle = rig.client.workflow.getHandle(memberErasureWorkflowId(memberId));
  expect(await handle.result()).toEqual({ status: 'cancelled' });

  await post(`/v1/members/${memberId}/erase`, { delayMinutes: 60 });
  const second = rig.client.workflow.getHandle(memberErasureWorkflowId(memberId));
  await second.cancel();
  expect(await second.result()).toEqual({ status: 'cancelled' });
  expect(await erasureOf(memberId)).toMatchObject({ status: 'cancelled' });
  expect((await get(`/v1/members/${memberId}`)).body.email).toBe(canary.email);

  // Asked for with another delay while it waits, the later word counts.
  await post(`/v1/members/${memberId}/erase`, { delayMinutes: 60 });
  await post(`/v1/members/${memberId}/erase`, { delayMinutes: 0 });
  expect(await ended(memberId)).toMatchObject({ status: 'erased' });
  expect(await post(`/v1/members/${memberId}/erase/cancel`)).toMatchObject({
    status: 409,
    body: { code: 'erasure_begun' },
  });
});

test('what Stripe refuses is said, and can be asked for again', async () => {
  const canary = newCanary();
  const memberId = await newMember(canary);
  await buy(course, canary);
  await rig.stripeSide.faults({
    match: { method: 'DELETE', path: '/v1/customers/*', account: seller.accountId },
    fault: { kind: 'status', status: 403, when: 'before' },
  });
  const wanted = { delayMinutes: 0, endMemberships: true, deleteStripeCustomer: true };
  await post(`/v1/members/${memberId}/erase`, wanted);
  expect(await ended(memberId)).toMatchObject({ status: 'failed', failureCode: 'stripe_refused' });
  // What is ours is gone all the same.
  expect(await columnsWith(rig.db, [canary.trace])).toEqual([]);
  await rig.stripeSide.faults();
  await post(`/v1/members/${memberId}/erase`, wanted);
  expect(await ended(memberId)).toMatchObject({ status: 'erased', customersDeleted: 1 });
});

test('the search finds what is there', () => {
  expect(needlesIn('{"email":"CANARY1@birds.example"}', ['canary1', 'canary2'])).toEqual(['canary1']);
});
