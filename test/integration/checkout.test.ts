import type { ApplicationFailure } from '@temporalio/common';
import { DAY, HOUR, MINUTE } from '../../src/domain/time';
import { checkoutWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';
import type { Sale } from '../support/shop';
import { CARDS, IBANS } from '../support/stripe-side';

/** Stripe's sessions of ours live so long. */
const SESSION = 2 * HOUR;

let once: Sale;
let memberId: string;

const rig = rigFor('file', { checkoutPollSeconds: 120 });
const shop = shopFor('test', rig, 'test', { verified: true, country: 'DE', defaultCurrency: 'eur' });
beforeEach(async () => {
  once = await shop.sell({ interval: null, currency: 'eur' });
  memberId = await shop.newMember();
});

/** Pays as a browser does; anything but the way back is a refusal. */
async function pay(url: string | null): Promise<void> {
  const page = await rig.stripeSide.payWithCard(url ?? '', CARDS.test.succeeds);
  expect(page).toMatchObject({ error: null, status: 303 });
}
const status = async (checkoutId: string) => (await shop.checkoutRow(checkoutId)).status;
const has = async (sale: Sale) => (await shop.access(memberId, sale.productId)).access;
const loseWebhooks = () => rig.stripeSide.webhooks(false, { account: shop.accountId });

async function expectClosed(checkoutId: string, outcome: string): Promise<void> {
  const handle = rig.client.workflow.getHandle(checkoutWorkflowId(checkoutId));
  await eventually('the end of the run', async () => (await handle.describe()).status.name === 'COMPLETED');
  expect(await handle.result()).toEqual({ status: outcome });
}

test('a declined card leaves the checkout open, and another card pays', async () => {
  const checkout = await shop.open(once, memberId);
  const declined = await rig.stripeSide.payWithCard(checkout.url, CARDS.test.declined);
  expect(declined.status).toBe(402);
  await shop.quiet();
  expect(await status(checkout.checkoutId)).toBe('open');
  await pay(checkout.url);
  await shop.bought(checkout.checkoutId);
  expect(await shop.access(memberId, once.productId)).toEqual({ access: true, until: null });
  await expectClosed(checkout.checkoutId, 'completed');
});

describe('scenario 02: somebody cancels', () => {
  test('a session that was paid meanwhile: the payment wins', async () => {
    await loseWebhooks();
    const checkout = await shop.open(once, memberId);
    await pay(checkout.url);
    expect((await rig.workflows.cancelCheckout(checkout.checkoutId, 'cancel-1')).status).toBe('completed');
    expect(await has(once)).toBe(true);
  });

  test('an open session: expired at Stripe, recorded as cancelled', async () => {
    const checkout = await shop.open(once, memberId);
    expect((await rig.workflows.cancelCheckout(checkout.checkoutId, 'cancel-1')).status).toBe('cancelled');
    const late = await rig.stripeSide.payWithCard(checkout.url, CARDS.test.succeeds);
    expect(late.status).toBe(409);
    expect(await has(once)).toBe(false);
    await expectClosed(checkout.checkoutId, 'cancelled');
  });

  test('the run itself, an operator: the session is closed at Stripe, the payment still wins', async () => {
    await loseWebhooks();
    const [idle, paid] = await Promise.all([
      shop.open(once, memberId),
      shop.open(await shop.sell({ interval: null }), memberId),
    ]);
    await pay(paid.url);
    for (const { checkoutId } of [idle, paid])
      await rig.client.workflow.getHandle(checkoutWorkflowId(checkoutId)).cancel();
    await expectClosed(idle.checkoutId, 'cancelled');
    await expectClosed(paid.checkoutId, 'completed');
  });

  test('the run itself while money is on its way: it waits for the money', async () => {
    const checkout = await shop.open(once, memberId);
    await rig.stripeSide.payWithIban(checkout.url, IBANS.succeeds);
    await eventually('pending', async () => (await status(checkout.checkoutId)) === 'pending');
    const handle = rig.client.workflow.getHandle(checkoutWorkflowId(checkout.checkoutId));
    await handle.cancel();
    await loseWebhooks();
    const session = (await shop.checkoutRow(checkout.checkoutId)).stripeSessionId;
    await rig.stripeSide.trigger('async_payment', { account: shop.accountId, session, succeeded: true });
    await shop.moveBy(5 * MINUTE);
    await eventually('access', () => has(once));
    await expectClosed(checkout.checkoutId, 'completed');
  });
});

describe('scenario 12: a payment that takes days', () => {
  test.each([
    ['succeeds', IBANS.succeeds, 'completed'],
    ['fails', IBANS.fails, 'failed'],
  ] as const)('is shown as pending, and then %s', async (_outcome, iban, end) => {
    const checkout = await shop.open(once, memberId);
    const ordered = await shop.now();
    const { status: page } = await rig.stripeSide.payWithIban(checkout.url, iban);
    expect(page).toBe(303);
    await eventually('pending', async () => (await status(checkout.checkoutId)) === 'pending');
    expect(await has(once)).toBe(false);
    await shop.moveBy(SESSION + HOUR);
    expect(await status(checkout.checkoutId)).toBe('pending');
    // The database itself keeps a second one from being opened meanwhile.
    await expect(shop.insertCheckout(once, memberId)).rejects.toMatchObject({ code: 'P2002' });

    await shop.moveTo(ordered + 3 * DAY + 1);
    expect(await status(checkout.checkoutId)).toBe(end);
    expect(await has(once)).toBe(end === 'completed');
    await expectClosed(checkout.checkoutId, end);
    const kinds = (await shop.timeline(memberId)).map(({ kind }) => kind);
    expect(kinds).toEqual(['checkout_pending', end === 'failed' ? 'checkout_failed' : 'purchase_completed']);
  });
});

test('scenario 03: what is paid twice is granted, flagged and in the timeline', async () => {
  const monthly = await shop.sell();
  const first = await shop.open(monthly, memberId);
  // Another browser of the same person, which the member's key does not join.
  const second = await shop.open(monthly, memberId, 'visitor:another-browser');
  await pay(first.url);
  await shop.bought(first.checkoutId);
  await pay(second.url);
  const duplicate = await shop.bought(second.checkoutId);
  expect(duplicate.duplicate).toBe(true);
  expect((await shop.membershipOf(first.checkoutId))?.duplicate).toBe(false);
  expect(await has(monthly)).toBe(true);
  expect((await shop.timeline(memberId)).map(({ kind }) => kind)).toEqual([
    'purchase_completed',
    'purchased_twice',
  ]);
});

test('scenario 19: money that is not for what was offered is held and said, not dropped and not granted', async () => {
  const checkout = await shop.open(once, memberId);
  // What was stored of the offer is no longer what the session sells.
  await rig.db.checkout.update({ where: { id: checkout.checkoutId }, data: { quantity: 2 } });
  await pay(checkout.url);
  await eventually('needs_review', async () => (await status(checkout.checkoutId)) === 'needs_review');
  expect(await has(once)).toBe(false);
  expect(await shop.checkoutRow(checkout.checkoutId)).toMatchObject({ failureCode: 'payment_mismatch' });
  expect((await shop.timeline(memberId)).map(({ kind }) => kind)).toEqual(['checkout_needs_review']);
  await expectClosed(checkout.checkoutId, 'needs_review');
});

test('a checkout of an account that was disconnected is not guessed at: it is listed as unverifiable', async () => {
  const checkout = await shop.open(once, memberId);
  await pay(checkout.url);
  await shop.bought(checkout.checkoutId);
  const open = await shop.open(await shop.sell({ interval: null }), memberId);
  await rig.stripeSide.trigger('deauthorize', { account: shop.accountId });
  const { status: seen } = await rig.workflows.memberReturned(open.checkoutId, 'return-1');
  expect(seen).toBe('unverifiable');
  expect(await shop.checkoutRow(open.checkoutId)).toMatchObject({ failureCode: 'account_disconnected' });
  await expectClosed(open.checkoutId, 'unverifiable');
  // What was bought before stays.
  expect(await has(once)).toBe(true);
});

describe('opening', () => {
  test('is answered the same however often it is asked, by one session at Stripe', async () => {
    const row = await shop.insertCheckout(once, memberId);
    const answers = await Promise.all(
      [1, 2, 3].map(() => rig.workflows.openCheckout(row.id, shop.owner(memberId))),
    );
    expect(new Set(answers.map(({ url }) => url)).size).toBe(1);
    expect(await rig.stripeSide.objects('checkout.session', shop.accountId)).toHaveLength(1);
  });

  test.each([
    ['a price of another mode of payment', 'stripe_refused', () => shop.sell({ currency: 'eur' })],
    ['a price that is gone', 'price_not_active', () => Promise.resolve({ stripePriceId: 'price_unknown' })],
  ])(
    'that Stripe refuses for %s fails the request as %s, and the checkout with it',
    async (_, type, other) => {
      const { stripePriceId } = await other();
      const row = await shop.insertCheckout({ ...once, stripePriceId }, memberId);
      const refused = rig.workflows.openCheckout(row.id, shop.owner(memberId));
      await expect(refused).rejects.toMatchObject({
        cause: expect.objectContaining({ type }) as ApplicationFailure,
      });
      await expectClosed(row.id, 'failed');
      expect(await status(row.id)).toBe('failed');
    },
  );

  test('scenario 115: whoever is told that it was refused finds the checkout failed, and may try again', async () => {
    // The first try to write the refusal down is lost, so that it takes a while.
    let tries = 0;
    rig.hooks.failOpening = {
      before: () =>
        ++tries === 1 ? Promise.reject(new Error('The database went away.')) : Promise.resolve(),
    };
    const row = await shop.insertCheckout({ ...once, stripePriceId: 'price_unknown' }, memberId);
    await expect(rig.workflows.openCheckout(row.id, shop.owner(memberId))).rejects.toThrow();
    expect(await status(row.id)).toBe('failed');
    expect(tries).toBe(2);
    delete rig.hooks.failOpening;
    // The product is free for another checkout: there is one open checkout of it at a time.
    expect((await shop.open(once, memberId)).url).toContain('/c/pay/');
  });

  test('survives a session that was created but never answered: no second one', async () => {
    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/checkout/sessions', account: shop.accountId },
      times: 1,
      fault: { kind: 'reset', when: 'after' },
    });
    const checkout = await shop.open(once, memberId);
    expect(checkout.url).toContain('/c/pay/');
    expect(await rig.stripeSide.objects('checkout.session', shop.accountId)).toHaveLength(1);
  });

  test('survives a stored 500: the next key, after a look that found nothing', async () => {
    await rig.stripeSide.faults({
      match: { method: 'POST', path: '/v1/checkout/sessions', account: shop.accountId },
      times: 1,
      fault: { kind: 'status', status: 500, when: 'after' },
    });
    const checkout = await shop.open(once, memberId);
    expect(await rig.stripeSide.objects('checkout.session', shop.accountId)).toHaveLength(1);
    await pay(checkout.url);
    await shop.bought(checkout.checkoutId);
  });
});
