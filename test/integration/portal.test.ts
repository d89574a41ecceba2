import { COACH_UI } from '../support/coach-ui';
import { openSeller } from '../support/seller';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';
import { DAY, HOUR } from '../../src/domain/time';

// Stripe's billing portal: what members do there by themselves is heard of and followed.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const BACK = `${COACH_UI}/members/me`;
const seconds = (time: string) => Date.parse(time) / 1000;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const monthly = () => seller.offer({ unitAmount: 4900, recurring: { interval: 'month', intervalCount: 1 } });
const openPortal = (memberId: string, returnUrl = BACK) =>
  seller.coach.call('POST', `/v1/members/${memberId}/portal`, { returnUrl });
const press = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

test('a member cancels there: canceling until exactly the end of what is paid, and back to the coach’s site', async () => {
  const price = await monthly();
  const { id, memberId, stripe, paidThrough } = await seller.purchase(price, 'ada');
  const { status, body } = await openPortal(memberId);
  expect(status).toBe(201);
  expect(await (await fetch(body.url)).text()).toContain(BACK);

  await press(`${body.url}/cancel`, { subscription: stripe.subscriptionId });
  await seller.quiet();
  const { cancel_at } = await seller.stripe.subscriptions.retrieve(
    stripe.subscriptionId,
    undefined,
    seller.asAccount,
  );
  expect(cancel_at).toBe(seconds(paidThrough));
  expect(await now(id)).toMatchObject({
    status: 'canceling',
    reason: 'scheduled_to_cancel',
    cancelAt: paidThrough,
    next: { what: 'access_end', at: paidThrough },
  });
  await seller.moveTo(seconds(paidThrough) - 60);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: true, until: paidThrough });
  await seller.moveTo(seconds(paidThrough));
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
  await seller.moveBy(2 * HOUR);
  expect(await now(id)).toMatchObject({ status: 'ended', reason: 'canceled' });
  expect(await seller.charges()).toEqual([4900]);
});

test('a member takes the cancellation back there', async () => {
  const price = await monthly();
  const { id, memberId, stripe } = await seller.purchase(price, 'ada');
  const { body } = await openPortal(memberId);
  await press(`${body.url}/cancel`, { subscription: stripe.subscriptionId });
  await press(`${body.url}/renew`, { subscription: stripe.subscriptionId });
  await seller.quiet();
  expect(await now(id)).toMatchObject({ status: 'active', reason: 'paid', cancelAt: null });
});

test('a member whose renewal failed gives another card there, and is charged again by Stripe’s next try', async () => {
  const price = await monthly();
  const { id, memberId, stripe, paidThrough } = await seller.purchase(price, 'ada');
  await rig.stripeSide.control('PUT', `/accounts/${seller.accountId}/retry-policy`, {
    days: [3, 5],
    finalAction: 'cancel',
  });
  await rig.stripeSide.trigger('payment_method_fails', {
    account: seller.accountId,
    subscription: stripe.subscriptionId,
  });
  await seller.moveTo(seconds(paidThrough) + 2 * HOUR);
  expect(await now(id)).toMatchObject({ status: 'past_due', reason: 'grace' });
  const { body } = await openPortal(memberId);
  await press(`${body.url}/payment-method`, {
    card_number: CARDS.test.succeeds,
    card_expiry: '12/50',
    card_cvc: '123',
  });
  await seller.moveBy(4 * DAY);
  expect(await now(id)).toMatchObject({ status: 'active', reason: 'paid' });
  expect(await seller.charges()).toEqual([4900, 4900]);
});

test('the account has one configuration of ours, however often the portal is opened, and even if we forget it', async () => {
  const price = await monthly();
  const { memberId } = await seller.purchase(price, 'ada');
  const configurations = () => rig.stripeSide.objects('billing_portal.configuration', seller.accountId);
  const urls = await Promise.all([1, 2, 3].map(async () => (await openPortal(memberId)).body.url));
  expect(new Set(urls).size).toBe(3);
  expect(await configurations()).toHaveLength(1);
  await rig.db.portalConfiguration.deleteMany({ where: { accountId: seller.accountId } });
  expect((await openPortal(memberId)).status).toBe(201);
  expect(await configurations()).toMatchObject([{ features: { subscription_update: { enabled: false } } }]);
});

test('a failure that Stripe has stored is left behind by the same request, repeated', async () => {
  const { memberId } = await seller.purchase(await monthly(), 'ada');
  const ask = () =>
    fetch(`${rig.api}/v1/members/${memberId}/portal`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${seller.coach.key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': 'portal-1',
      },
      body: JSON.stringify({ returnUrl: BACK }),
    });
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/billing_portal/sessions' },
    times: 1,
    fault: { kind: 'status', status: 500, when: 'before' },
  });
  expect((await ask()).status).toBe(503);
  expect((await ask()).status).toBe(201);
});

test('refused: who bought nothing on the present account, an address that is not registered, and nobody’s member', async () => {
  const { body: stranger } = await seller.coach.call('POST', '/v1/members', { externalId: 'bea' });
  expect(await openPortal(stranger.id)).toMatchObject({ status: 409, body: { code: 'no_stripe_customer' } });
  const { memberId } = await seller.purchase(await monthly(), 'ada');
  expect(await openPortal(memberId, 'https://elsewhere.example/')).toMatchObject({
    status: 422,
    body: { code: 'redirect_not_allowed', field: 'returnUrl' },
  });
  expect(await seller.coach.call('POST', `/v1/members/${memberId}/portal`, {})).toMatchObject({
    status: 400,
    body: { field: 'returnUrl' },
  });
  const other = await openSeller(rig);
  expect(await other.coach.call('POST', `/v1/members/${memberId}/portal`, { returnUrl: BACK })).toMatchObject(
    {
      status: 404,
    },
  );
  // What was bought on an account that is no longer connected has no portal here.
  await rig.db.membership.updateMany({ where: { memberId }, data: { accountId: 'acct_earlier' } });
  await rig.db.stripeCustomer.updateMany({ where: { memberId }, data: { accountId: 'acct_earlier' } });
  expect(await openPortal(memberId)).toMatchObject({ status: 409, body: { code: 'no_stripe_customer' } });
});
