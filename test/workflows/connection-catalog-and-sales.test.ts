import type Stripe from 'stripe';
import { type Answer, CoachUi, COACH_UI } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { CARDS } from '../support/stripe-side';

let rig: Rig;
async function onSale(coach: CoachUi, price: object = { unitAmount: 4900 }): Promise<Answer['body']> {
  const added = await coach.addPrice(price);
  await active(coach, added.id);
  return added;
}
const active = (coach: CoachUi, priceId: string) =>
  eventually('the price to be active', async () => {
    return (await coach.call('GET', `/v1/prices/${priceId}`)).body.status === 'active';
  });
const checkout = (coach: CoachUi, priceId: string, member = `member-${Math.random()}`) =>
  coach.call('POST', '/v1/checkouts', {
    priceId,
    member: { externalId: member },
    successUrl: `${COACH_UI}/thanks`,
    cancelUrl: `${COACH_UI}/back`,
  });
const stripePricesOf = async (priceId: string, accountId: string) => {
  const prices = await rig.stripeSide.objects<Stripe.Price>('price', accountId);
  return prices.filter((price) => price.metadata.priceId === priceId);
};
const settled = async (accountId: string) => {
  await rig.stripeSide.drain({ account: accountId });
  await eventually('the inbox to be settled', async () => {
    return (await rig.db.inbox.count({ where: { accountId, status: 'waiting' } })) === 0;
  });
};

describe.each(['oauth', 'account_links'] as const)('CONNECT_FLOW=%s', (flow) => {
  beforeAll(async () => {
    rig = await startRig({ temporal: 'skipping', relayPollSeconds: 3600, connectFlow: flow });
  });
  afterAll(() => rig.close());

  describe('scenario 08: every Stripe id is bound to its account and mode', () => {
    test('after connecting another account, what is sold is there and nowhere else', async () => {
      const coach = await CoachUi.open(rig);
      const first = (await coach.connect()).body.accountId;
      const price = await onSale(coach);
      const before = await checkout(coach, price.id);
      expect(before.status).toBe(201);
      await coach.disconnect();
      expect(await checkout(coach, price.id)).toMatchObject({ status: 409, body: { code: 'not_connected' } });

      const second = (await coach.connect()).body.accountId;
      expect(second).not.toBe(first);
      await eventually(
        'the price on the new account',
        async () => (await stripePricesOf(price.id, second)).length > 0,
      );
      await active(coach, price.id);
      const [there] = await stripePricesOf(price.id, first);
      const [here] = await stripePricesOf(price.id, second);
      expect(here?.id).toBeDefined();
      expect(here?.id).not.toBe(there?.id);
      expect(
        await rig.db.priceProvisioning.findMany({
          where: { priceId: price.id },
          orderBy: { createdAt: 'asc' },
        }),
      ).toMatchObject([
        { accountId: first, stripePriceId: there?.id, status: 'provisioned' },
        { accountId: second, stripePriceId: here?.id, status: 'provisioned' },
      ]);

      const after = await checkout(coach, price.id);
      expect(after.status).toBe(201);
      const row = await rig.db.checkout.findUniqueOrThrow({ where: { id: after.body.id } });
      expect(row).toMatchObject({ accountId: second, stripePriceId: here?.id });
      const sessions = await rig.stripeSide.objects<Stripe.Checkout.Session>('checkout.session', second);
      expect(sessions.map(({ id }) => id)).toEqual([row.stripeSessionId]);

      // An account that was created here cannot be attached again (decision record 0016).
      if (flow === 'account_links') return;
      // Back on the first account the first ids are right again, and nothing is created twice.
      await coach.disconnect();
      await coach.connect({ account: first });
      await active(coach, price.id);
      expect(await stripePricesOf(price.id, first)).toEqual([there]);
      const again = await checkout(coach, price.id);
      expect(await rig.db.checkout.findUniqueOrThrow({ where: { id: again.body.id } })).toMatchObject({
        accountId: first,
        stripePriceId: there?.id,
      });
    });

    test('the two modes of one coach share no id', async () => {
      const test_ = await CoachUi.open(rig, 'test');
      const live = await CoachUi.open(rig, 'live', test_.coachId);
      const { accountId } = (await test_.connect()).body;
      await live.connect({ account: accountId });
      const price = await onSale(test_);
      expect(await live.call('GET', `/v1/prices/${price.id}`)).toMatchObject({ status: 404 });
      expect(await checkout(live, price.id)).toMatchObject({ status: 404 });
      await live.disconnect();
      expect(await test_.connection()).toMatchObject({ status: 'connected', canSell: true });
      expect((await checkout(test_, price.id)).status).toBe(201);
    });

    if (flow === 'oauth') editedWhileDisconnected();
  });

  describe('disconnecting while there is business', () => {
    test('open checkouts are expired, subscriptions are counted and go on, and what was paid for is honoured', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      const price = await onSale(coach, { unitAmount: 1500, recurring: { interval: 'month' } });
      const bought = await checkout(coach, price.id, 'mia');
      expect((await rig.stripeSide.payWithCard(bought.body.url, CARDS.test.succeeds)).status).toBe(303);
      await settled(accountId);
      const left = await checkout(coach, price.id, 'otto');

      expect(await coach.connection()).toMatchObject({ activeSubscriptions: 1 });
      const asked = await coach.disconnect(false);
      expect(asked).toMatchObject({
        status: 409,
        body: { code: 'confirmation_required', details: { activeSubscriptions: 1 } },
      });
      expect(asked.body.detail).toContain('goes on charging 1 subscription');

      expect(await coach.disconnect()).toMatchObject({
        status: 200,
        body: { status: 'disconnected', activeSubscriptions: 1 },
      });
      const sessions = await rig.stripeSide.objects<Stripe.Checkout.Session>('checkout.session', accountId);
      expect(sessions.map(({ status }) => status).sort()).toEqual(['complete', 'expired']);
      expect((await coach.call('GET', `/v1/checkouts/${left.body.id}`)).body).toMatchObject({
        status: 'expired',
      });
      const subscriptions = await rig.stripeSide.objects<Stripe.Subscription>('subscription', accountId);
      expect(subscriptions).toMatchObject([{ status: 'active' }]);

      await settled(accountId);
      const { body } = await coach.call('GET', `/v1/access?member=mia&product=${price.productId}`);
      expect(body).toMatchObject({ access: true });
    });

    test('a payment that arrives while the coach leaves still gives access', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      const price = await onSale(coach);
      const bought = await checkout(coach, price.id, 'mia');
      await rig.stripeSide.deliveryRules({ match: { account: accountId }, action: 'hold' });
      expect((await rig.stripeSide.payWithCard(bought.body.url, CARDS.test.succeeds)).status).toBe(303);
      const leaving = coach.disconnect();
      await eventually('the end', async () => (await coach.connection()).status !== 'connected');
      expect((await leaving).status).toBe(200);
      await rig.stripeSide.deliveryRules();
      await rig.stripeSide.release('fifo');
      await settled(accountId);
      const { body } = await coach.call('GET', `/v1/access?member=mia&product=${price.productId}`);
      expect(body).toMatchObject({ access: true });
    });

    test('a link that Stripe cuts leaves no checkout hanging', async () => {
      const coach = await CoachUi.open(rig);
      const { accountId } = (await coach.connect()).body;
      const price = await onSale(coach);
      const open = await checkout(coach, price.id);
      await rig.stripe
        .of('test')
        .oauth.deauthorize({ client_id: 'ca_test_emulator', stripe_user_id: accountId });
      await eventually('the end', async () => (await coach.connection()).status === 'disconnected');
      await settled(accountId);
      expect((await coach.call('GET', `/v1/checkouts/${open.body.id}`)).body).toMatchObject({
        status: 'unverifiable',
      });
    });
  });

  test('scenario 18: nothing is sold before Stripe enables charges, and the refusal says why', async () => {
    const coach = await CoachUi.open(rig);
    const { body } = await coach.connect({ verification: 'due' });
    const price = await onSale(coach);
    const refused = await checkout(coach, price.id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'charges_not_enabled' } });
    expect(refused.body.detail).toContain('a bank account for payouts');
    await fetch(body.dashboardUrl, {
      method: 'POST',
      body: new URLSearchParams({ action: 'finish' }),
      redirect: 'manual',
    });
    await eventually('charges to be enabled', async () => (await coach.connection()).canSell === true);
    expect((await checkout(coach, price.id)).status).toBe(201);
  });
});

function editedWhileDisconnected() {
  test('what was edited while disconnected reaches the account when it is connected again', async () => {
    const coach = await CoachUi.open(rig);
    const { accountId } = (await coach.connect()).body;
    const kept = await onSale(coach);
    const archived = await coach.addPriceTo(kept.productId, { unitAmount: 100 });
    await active(coach, archived.id);
    await coach.disconnect();
    await coach.call('PATCH', `/v1/products/${kept.productId}`, { name: 'Evening yoga' });
    await coach.call('POST', `/v1/prices/${archived.id}/archive`, {});
    await coach.connect({ account: accountId });
    const asAccount = { stripeAccount: accountId };
    await eventually('the name', async () => {
      const product = await rig.stripe.of('test').products.retrieve(kept.productId, undefined, asAccount);
      return product.name === 'Evening yoga';
    });
    await eventually('the archiving', async () => !(await stripePricesOf(archived.id, accountId))[0]?.active);
    expect((await stripePricesOf(kept.id, accountId))[0]?.active).toBe(true);
  });
}
