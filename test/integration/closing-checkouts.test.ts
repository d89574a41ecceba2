import { Prisma } from '../../src/db/generated/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type Stripe from 'stripe';
import { createDisconnectActivities } from '../../src/activities/connection-end';
import type { ActivityDeps } from '../../src/activities/deps';
import { checkoutWorkflowId } from '../../src/messages/ids';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS, IBANS } from '../support/stripe-side';

// Closing a checkout: by its coach, by an operator, after its run is gone, and while the member pays.
let once: { id: string; productId: string };
const rig = rigFor('file');
const seller = sellerFor('test', rig);
beforeEach(async () => {
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
  const { status } = await rig.workflows.memberReturned(body.id, 'return-1');
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
  expect(await rig.workflows.memberReturned(body.id, 'return-1')).toMatchObject({ status: 'pending' });
  expect(await rig.workflows.cancelCheckout(body.id, 'cancel-1')).toMatchObject({ status: 'pending' });
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

test('C11: a subscription whose first debit bounced is ended though Stripe failed at first', async () => {
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
  const [subscription] = await rig.stripeSide.objects<{ id: string; status: string }>(
    'subscription',
    seller.accountId,
  );
  expect(subscription).toMatchObject({ status: 'canceled' });
  // Keys have no effect on a DELETE, so nothing is replayed: https://docs.stripe.com/api/idempotent_requests
  const asked = (await rig.stripeSide.requests(5000)).filter(
    ({ method, path }) => method === 'DELETE' && path === `/v1/subscriptions/${subscription?.id}`,
  );
  expect(asked.length).toBeGreaterThan(1);
});

test('C11: a session whose closing has a stored 500 is closed under the second key, and its seat comes back', async () => {
  const { body } = await seller.openFor(once, 'ada');
  const { stripeSessionId } = await seller.checkoutRow(body.id);
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions/*/expire', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 500, when: 'before' },
  });
  expect(await cancel(body.id)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
  const asked = (await rig.stripeSide.requests(5000)).filter(({ path }) =>
    path.endsWith(`/${stripeSessionId}/expire`),
  );
  expect(asked.map(({ idempotencyKey }) => idempotencyKey).sort()).toEqual([
    `${body.id}:expire:0`,
    `${body.id}:expire:0`,
    `${body.id}:expire:1`,
  ]);
});

test('C11: a session whose first key has a stored 500 is opened under the second one', async () => {
  await rig.stripeSide.faults({
    match: { method: 'POST', path: '/v1/checkout/sessions', account: seller.accountId },
    times: 1,
    fault: { kind: 'status', status: 500, when: 'before' },
  });
  const { status, body } = await seller.openFor(once, 'ada');
  expect(status).toBe(201);
  const asked = (await rig.stripeSide.requests(5000)).filter(
    ({ path, account }) => path === '/v1/checkout/sessions' && account === seller.accountId,
  );
  const keys = asked.flatMap(({ method, idempotencyKey }) => (method === 'POST' ? [idempotencyKey] : []));
  expect(keys[0]).toBe(`${body.id}:session:0`);
  expect(keys.at(-1)).toBe(`${body.id}:session:1`);
  expect(await rig.stripeSide.objects('checkout.session', seller.accountId)).toHaveLength(1);
});

test('C12: a disconnection closes sessions in pages and goes on where a lost try was', async () => {
  const { id: connectionId } = await rig.db.connection.findFirstOrThrow({
    where: { coachId: seller.coachId, status: 'connected' },
  });
  const { body } = await seller.openFor(once, 'ada');
  const row = await seller.checkoutRow(body.id);
  await runOf(body.id).terminate();
  const ids = Array.from({ length: 119 }, (_, n) => `chk_page${String(n).padStart(3, '0')}`);
  await rig.db.checkout.createMany({
    data: ids.map((id) => ({
      ...row,
      buyerDetails: Prisma.DbNull,
      id,
      memberId: null,
      buyerKey: `visitor:${id}`,
      stripeSessionId: `cs_${id}`,
    })),
  });
  const expired: string[] = [];
  let refused = 'cs_chk_page070';
  const stripe = {
    checkout: {
      sessions: {
        retrieve: (id: string) => Promise.resolve({ object: 'checkout.session', id, status: 'open' }),
        expire: (id: string) => {
          if (id === refused) return Promise.reject(new Error('the connection was lost'));
          expired.push(id);
          return Promise.resolve({ object: 'checkout.session', id, status: 'expired' });
        },
      },
    },
  } as unknown as Stripe;
  const { expireOpenSessions } = createDisconnectActivities({
    db: rig.db,
    stripe: { of: () => stripe },
  } as unknown as ActivityDeps);
  const beats: unknown[] = [];
  const attempt = (heartbeatDetails?: unknown) => {
    const environment = new MockActivityEnvironment({ heartbeatDetails });
    environment.on('heartbeat', (details) => beats.push(details));
    return environment.run(() => expireOpenSessions({ connectionId }));
  };
  await expect(attempt()).rejects.toThrow('the connection was lost');
  // One that cannot be closed keeps no other open, and the next try begins with its page.
  expect(expired).toHaveLength(119);
  expect(beats).toHaveLength(3);
  expect(beats.slice(1)).toEqual([beats[0], beats[0]]);
  refused = '';
  expired.length = 0;
  await attempt(beats[0]);
  expect(expired).toContain('cs_chk_page070');
  expect(expired).toHaveLength(70);
});

describe('C14: what is not at Stripe any more is not asked about for ever', () => {
  const missing = (...paths: string[]) =>
    rig.stripeSide.faults(
      ...paths.map((path) => ({
        match: { method: 'GET', path, account: seller.accountId },
        times: 100,
        fault: { kind: 'status', status: 404, code: 'resource_missing', when: 'before' as const },
      })),
    );

  test('a session: the outcome cannot be known, and the coach is told to look', async () => {
    await loseWebhooks();
    const { body } = await seller.openFor(once, 'ada');
    await missing('/v1/checkout/sessions/*');
    expect(await rig.workflows.memberReturned(body.id, 'return-1')).toMatchObject({ status: 'unverifiable' });
    expect((await seller.read('/v1/overview')).attention.checkouts).toMatchObject({
      total: 1,
      data: [{ checkoutId: body.id, failure: { code: 'session_missing' } }],
    });
  });

  test('a subscription: what was paid for is honoured, and then it is over', async () => {
    const monthly = await seller.offer({
      unitAmount: 4900,
      currency: 'eur',
      recurring: { interval: 'month', intervalCount: 1 },
    });
    const bought = await seller.purchase(monthly, 'ada');
    const { subscriptionId } = bought.stripe;
    // Its invoices cannot be listed by it either.
    await missing(`/v1/subscriptions/${subscriptionId}`, '/v1/invoices');
    await seller.stripe.subscriptions.update(subscriptionId, { metadata: { note: '1' } }, seller.asAccount);
    await seller.quiet();
    expect(await seller.read(`/v1/memberships/${bought.id}`)).toMatchObject({
      status: 'canceling',
      reason: 'disconnected',
    });
    expect(await seller.accessOf('ada', monthly)).toMatchObject({ access: true });
    await seller.moveTo(Date.parse(bought.paidThrough as string) / 1000 + 4 * 86_400);
    expect(await seller.accessOf('ada', monthly)).toMatchObject({ access: false });
  });
});
