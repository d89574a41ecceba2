import { createHmac } from 'node:crypto';
import { DAY } from '../../src/domain/time';
import { checkoutWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import { openShop, type Sale } from '../support/shop';
import { CARDS } from '../support/stripe-side';

// Hour-long fallbacks: whatever happens here within seconds was told by an event or a person.
const HOUR_LONG = { relayPollSeconds: 3600, checkoutPollSeconds: 3600, deliveryRetryMs: [3_600_000] };

let sale: Sale;
let memberId: string;

const rig = rigFor('file', { ...HOUR_LONG });
const shop = shopFor('test', rig);
beforeEach(async () => {
  sale = await shop.sell();
  memberId = await shop.newMember();
});
afterEach(async () => {
  rig.answerWebhooksWith(null);
  await rig.stripeSide.deliveryRules();
});

const has = async () => (await shop.access(memberId, sale.productId)).access;
const pay = (url: string) => rig.stripeSide.payWithCard(url, CARDS.test.succeeds);
const scope = () => ({ account: shop.accountId, livemode: false });

test('access is there as soon as the event is in: no fallback is waited for', async () => {
  const checkout = await shop.open(sale, memberId);
  await pay(checkout.url);
  await eventually('access', has);
  const [entry] = await shop.timeline(memberId);
  expect(entry).toMatchObject({ kind: 'purchase_completed', cause: 'stripe_event' });
  await shop.quiet();
});

test('scenario 01: the endpoint answered 503; a late retry still grants', async () => {
  const checkout = await shop.open(sale, memberId);
  await rig.stripeSide.drain(scope());
  rig.answerWebhooksWith(503);
  await pay(checkout.url);
  await rig.stripeSide.drain(scope());
  const refused = await rig.stripeSide.deliveries({ account: shop.accountId, livemode: 'false' });
  expect(refused.some(({ attempts }) => attempts.some(({ status }) => status === 503))).toBe(true);
  expect(await has()).toBe(false);

  rig.answerWebhooksWith(null);
  await rig.stripeSide.drain({ ...scope(), retryNow: true });
  await eventually('access', has);
});

test('scenario 01: while our database is down Stripe hears a 5xx, and so delivers again', async () => {
  const { db } = rig;
  await db.$executeRaw`ALTER TABLE inbox RENAME TO inbox_away`;
  const checkout = shop.open(sale, memberId);
  await db.$executeRaw`ALTER TABLE inbox_away RENAME TO inbox`;
  const { url } = await checkout;
  await rig.stripeSide.drain(scope());
  await db.$executeRaw`ALTER TABLE inbox RENAME TO inbox_away`;
  try {
    await pay(url);
    await rig.stripeSide.drain(scope());
  } finally {
    await db.$executeRaw`ALTER TABLE inbox_away RENAME TO inbox`;
  }
  const attempts = (await rig.stripeSide.deliveries({ account: shop.accountId })).flatMap(
    (each) => each.attempts,
  );
  expect(attempts.some(({ status }) => (status ?? 0) >= 500)).toBe(true);
  await rig.stripeSide.drain({ ...scope(), retryNow: true });
  await eventually('access', has);
});

describe('scenario 03: a missed webhook', () => {
  beforeEach(() => rig.stripeSide.webhooks(false, { account: shop.accountId }));

  test('the member’s return asks Stripe', async () => {
    const checkout = await shop.open(sale, memberId);
    await pay(checkout.url);
    expect(await has()).toBe(false);
    const response = await fetch(`${rig.api}/checkouts/${checkout.checkoutId}/return`, {
      redirect: 'manual',
    });
    expect(response.status).toBe(303);
    expect(await has()).toBe(true);
    const [entry] = await shop.timeline(memberId);
    expect(entry).toMatchObject({ kind: 'purchase_completed', cause: 'member_returned' });
  });

  test('the database allows one open checkout per buyer and product', async () => {
    await shop.open(sale, memberId);
    await expect(shop.insertCheckout(sale, memberId)).rejects.toMatchObject({ code: 'P2002' });
    await expect(shop.insertCheckout(await shop.sell(), memberId)).resolves.toBeDefined();
  });
});

describe('scenario 04: in any order', () => {
  test.each(['reverse', 1, 2, 3, 4, 5])(
    'of delivery (%s), access is given once and all events are settled',
    async (order) => {
      await rig.stripeSide.drain(scope());
      await rig.stripeSide.deliveryRules({ match: scope(), action: 'hold' });
      const checkout = await shop.open(sale, memberId);
      await pay(checkout.url);
      await rig.stripeSide.deliveryRules();
      await (order === 'reverse'
        ? rig.stripeSide.release('reverse')
        : rig.stripeSide.release('shuffle', order as number));
      const membership = await shop.bought(checkout.checkoutId);
      await shop.quiet();

      expect(membership).toMatchObject({ status: 'active', stripeStatus: 'active' });
      expect(await has()).toBe(true);
      expect((await shop.timeline(memberId)).map(({ kind }) => kind)).toEqual(['purchase_completed']);
      expect(await rig.db.grant.count({ where: { memberId } })).toBe(1);
    },
  );

  test('repeated a hundredfold: nothing happens twice', async () => {
    const bought = await shop.buy(sale, memberId);
    const before = await shop.access(memberId, sale.productId);
    for (const { eventId } of await shop.inbox())
      if (eventId.startsWith('evt_')) await rig.stripeSide.redeliver(eventId, 10);
    await rig.stripeSide.drain(scope());
    await shop.quiet();
    expect(await shop.access(memberId, sale.productId)).toEqual(before);
    expect(await rig.db.membership.count({ where: { memberId } })).toBe(1);
    expect((await shop.timeline(memberId)).map(({ kind }) => kind)).toEqual(['purchase_completed']);
    expect(bought.subscriptionId).not.toBe('');
  });

  test('an event of yesterday comes after today’s: today’s state stands', async () => {
    const { membershipId, subscriptionId } = await shop.buy(sale, memberId);
    await rig.stripeSide.deliveryRules({
      match: { ...scope(), type: 'customer.subscription.updated' },
      action: 'hold',
      times: 1,
    });
    await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
    await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: false }, shop.asAccount);
    await shop.quiet();
    await rig.stripeSide.release('fifo');
    await shop.quiet();
    expect(await shop.membership(membershipId)).toMatchObject({ status: 'active', cancelAt: null });
  });
});

describe('scenario 06: what another application sells on the same account', () => {
  async function sellElsewhere(metadata: Record<string, string>): Promise<void> {
    const session = await shop.stripe.checkout.sessions.create(
      {
        mode: 'subscription',
        line_items: [{ price: sale.stripePriceId, quantity: 1 }],
        success_url: 'http://localhost/elsewhere',
        metadata,
        subscription_data: { metadata },
      },
      shop.asAccount,
    );
    await pay(session.url ?? '');
    await rig.stripeSide.drain(scope());
    await shop.quiet();
  }
  const nothingChanged = async () => {
    expect(await rig.db.membership.count({ where: { coachId: shop.coachId } })).toBe(0);
    expect(await rig.db.grant.count({ where: { coachId: shop.coachId } })).toBe(0);
    expect(await rig.db.member.count({ where: { coachId: shop.coachId } })).toBe(1);
  };

  test('changes nothing, and is recorded', async () => {
    await sellElsewhere({});
    await nothingChanged();
    const rows = await shop.inbox();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ status, note }) => status === 'ignored' && note !== null)).toBe(true);
  });

  test('changes nothing although its metadata names a checkout of another account', async () => {
    const other = await openShop(rig);
    const theirs = await other.open(await other.sell(), await other.newMember());
    await sellElsewhere({ checkoutId: theirs.checkoutId });
    await nothingChanged();
    expect((await shop.inbox()).filter(({ status }) => status !== 'ignored')).toEqual([]);
    expect((await other.checkoutRow(theirs.checkoutId)).status).toBe('open');
    expect(await rig.db.membership.count({ where: { coachId: other.coachId } })).toBe(0);
  });

  test('changes nothing although its metadata names an open checkout of this account: the session is asked', async () => {
    const ours = await shop.open(sale, memberId);
    await sellElsewhere({ checkoutId: ours.checkoutId });
    await nothingChanged();
    expect((await shop.checkoutRow(ours.checkoutId)).status).toBe('open');
  });
});

describe('scenario 15: done means committed', () => {
  afterEach(() => {
    delete rig.hooks.syncCheckout;
    delete rig.hooks.syncMembership;
  });
  const waiting = async (type: string) =>
    (await shop.inbox()).filter((row) => row.type === type && row.status === 'waiting').length;

  test('an event whose handler fails stays in the inbox until it succeeds', async () => {
    const { membershipId, subscriptionId } = await shop.buy(sale, memberId);
    let failures = 0;
    rig.hooks.syncMembership = {
      before: () => {
        failures += 1;
        return Promise.reject(new Error('the handler fails'));
      },
    };
    await shop.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, shop.asAccount);
    await rig.stripeSide.drain(scope());
    await eventually('two failures', () => failures >= 2);
    expect(await waiting('customer.subscription.updated')).toBe(1);
    expect((await shop.membership(membershipId)).reason).toBe('paid');

    delete rig.hooks.syncMembership;
    await shop.quiet();
    expect(await waiting('customer.subscription.updated')).toBe(0);
    expect((await shop.membership(membershipId)).reason).toBe('scheduled_to_cancel');
  });

  test('a worker that dies after the commit, before Temporal hears of it, does not grant twice', async () => {
    let crashes = 0;
    rig.hooks.syncCheckout = {
      after: async () => {
        if (crashes > 0 || (await rig.db.membership.count({ where: { memberId } })) === 0) return;
        crashes += 1;
        throw new Error('the worker dies');
      },
    };
    const { checkoutId } = await shop.buy(sale, memberId);
    await rig.client.workflow.getHandle(checkoutWorkflowId(checkoutId)).result();
    expect(crashes).toBe(1);
    expect(await rig.db.membership.count({ where: { checkoutId } })).toBe(1);
    expect((await shop.timeline(memberId)).map(({ kind }) => kind)).toEqual(['purchase_completed']);
  });

  test('events that come while every worker is down are settled when one is back', async () => {
    const { subscriptionId, membershipId } = await shop.buy(sale, memberId);
    await rig.stopWorker();
    await shop.stripe.subscriptions.cancel(subscriptionId, undefined, shop.asAccount);
    await rig.stripeSide.drain(scope());
    expect(await waiting('customer.subscription.deleted')).toBe(1);
    await rig.startWorker();
    await shop.quiet();
    expect((await shop.membership(membershipId)).status).toBe('ended');
    expect(await has()).toBe(false);
  });
});

describe('scenario 16: a delivery that Stripe did not sign', () => {
  const body = () =>
    JSON.stringify({
      id: 'evt_forged',
      object: 'event',
      type: 'checkout.session.completed',
      account: shop.accountId,
      livemode: false,
      created: Math.floor(Date.now() / 1000),
      data: { object: { id: 'cs_forged', object: 'checkout.session' } },
    });
  const sign = (payload: string, secret: string, at = Math.floor(Date.now() / 1000)) =>
    `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex')}`;
  const post = async (payload: string, signature?: string) => {
    const headers = { 'content-type': 'application/json' };
    return fetch(`${rig.api}/webhooks/stripe`, {
      method: 'POST',
      body: payload,
      headers: signature === undefined ? headers : { ...headers, 'stripe-signature': signature },
    });
  };
  const genuine = () => rig.config.stripe.webhookSecrets.find(({ mode }) => mode === 'test')?.secret ?? '';

  test.each<[string, (payload: string) => string | undefined]>([
    ['without a signature', () => undefined],
    ['with an empty signature', () => ''],
    ['signed with an empty secret', (payload) => sign(payload, '')],
    ['signed with another secret', (payload) => sign(payload, 'whsec_other')],
    ['signed for another body', (payload) => sign(`${payload} `, genuine())],
    ['signed a day ago', (payload) => sign(payload, genuine(), Math.floor(Date.now() / 1000) - DAY)],
    ['signed for tomorrow', (payload) => sign(payload, genuine(), Math.floor(Date.now() / 1000) + DAY)],
  ])('%s is refused, and leaves nothing', async (_name, signature) => {
    const payload = body();
    const before = await rig.db.inbox.count();
    const response = await post(payload, signature(payload));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'webhook_signature_invalid' });
    expect(await rig.db.inbox.count()).toBe(before);
  });

  test('the same body, signed, is taken: it was the signature that mattered', async () => {
    const payload = body();
    expect((await post(payload, sign(payload, genuine()))).status).toBe(200);
    await eventually('a verdict', async () => {
      const row = await rig.db.inbox.findFirst({ where: { eventId: 'evt_forged' } });
      return row !== null && row.status !== 'waiting';
    });
    expect(await has()).toBe(false);
  });
});
