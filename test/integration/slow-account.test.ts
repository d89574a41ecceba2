import Stripe from 'stripe';
import type { Prisma } from '../../src/db/generated/client';
import { eventually } from '../support/eventually';
import { rigFor } from '../support/setup';
import { openShop } from '../support/shop';

/** Events of a coach's own business, as in what was found: Stripe has to be asked what each is about. */
const SLOW_EVENTS = 60;

const rig = rigFor('file', { relayPollSeconds: 3600 });
afterEach(() => rig.stripeSide.faults());

test('scenario 35: an event takes its effect while another account’s Stripe still answers nothing', async () => {
  const slow = await openShop(rig);
  const other = await openShop(rig);
  const { membershipId, subscriptionId } = await other.buy(await other.sell(), await other.newMember());
  // No answer comes before we stop waiting for it, so whatever gets through does not wait for it.
  await rig.stripeSide.faults({
    match: { account: slow.accountId },
    fault: { kind: 'hang', hangMs: 3_600_000, when: 'before' },
  });
  const foreign = (n: number): Prisma.InputJsonObject => ({
    data: { object: { object: 'charge', id: `ch_${n}`, payment_intent: `pi_${n}` } },
  });
  await rig.db.inbox.createMany({
    data: Array.from({ length: SLOW_EVENTS }, (_, n) => ({
      mode: slow.mode,
      eventId: `evt_slow_${n}`,
      accountId: slow.accountId,
      type: 'charge.refunded',
      payload: foreign(n),
    })),
  });
  await eventually('the slow account to be asked about', async () =>
    (await rig.stripeSide.requests()).some(({ account }) => account === slow.accountId),
  );
  await other.stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: true }, other.asAccount);
  await eventually(
    'the effect',
    async () => (await other.membership(membershipId)).reason === 'scheduled_to_cancel',
  );
  const waiting = { accountId: slow.accountId, status: 'waiting' } as const;
  expect(await rig.db.inbox.count({ where: waiting })).toBe(SLOW_EVENTS);
  expect(await rig.db.inbox.count({ where: { ...waiting, note: { not: null } } })).toBe(0);
});

test('scenario 111: an account that does not answer is asked no more once so many calls are under way', async () => {
  const slow = await openShop(rig);
  const other = await openShop(rig);
  await rig.stripeSide.faults({
    match: { account: slow.accountId },
    fault: { kind: 'hang', hangMs: 3_600_000, when: 'before' },
  });
  const ask = ({ accountId }: { accountId: string }) =>
    rig.stripe
      .of(slow.mode)
      .customers.list({}, { stripeAccount: accountId })
      .catch((error: unknown) => error);
  // One more than there may be: it waits until the account counts as slow, and is not made.
  const first = await Promise.race(Array.from({ length: 31 }, () => ask(slow)));
  expect(first).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  expect(await ask(slow)).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
  const asked = (await rig.stripeSide.requests()).filter(({ account }) => account === slow.accountId);
  expect(asked.filter(({ path }) => path === '/v1/customers')).toHaveLength(30);
  expect(await ask(other)).toMatchObject({ object: 'list' });
});
