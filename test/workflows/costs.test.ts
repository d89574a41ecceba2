import { DAY } from '../../src/domain/time';
import { checkoutWorkflowId, membershipWorkflowId } from '../../src/messages/ids';
import { callsOf, costOf, sumOf } from '../support/costs';
import { rigFor, shopFor } from '../support/setup';

/**
 * What a purchase, a renewal and a year of a membership cost at Stripe and Temporal, as exact tables: a call more is a
 * failure, and so is a call less, which has to be written down. docs/performance.md has what follows from the figures.
 */
const rig = rigFor('file', { temporal: 'skipping' });
const shop = shopFor('file', rig);

const PAID_ONCE = { 'POST /v1/checkout/sessions': 1, 'GET /v1/checkout/sessions/*': 1 };
const SUBSCRIBED = { ...PAID_ONCE, 'GET /v1/charges': 1 };
const RENEWED = { 'GET /v1/invoices': 1, 'GET /v1/charges': 1 };

test('a purchase that is paid once: two calls to Stripe', async () => {
  const sale = await shop.sell({ interval: null });
  const memberId = await shop.newMember();
  expect(await callsOf(rig, shop.accountId, () => shop.buy(sale, memberId))).toEqual(PAID_ONCE);
});

test('a membership: three calls for the purchase, two a renewal; and what a year costs at Temporal', async () => {
  const sale = await shop.sell({ interval: 'month' });
  const memberId = await shop.newMember();
  let bought: Awaited<ReturnType<typeof shop.buy>> | undefined;
  const purchase = await callsOf(rig, shop.accountId, async () => {
    bought = await shop.buy(sale, memberId);
  });
  expect(purchase).toEqual(SUBSCRIBED);
  const { checkoutId, membershipId } = bought as NonNullable<typeof bought>;

  const began = await shop.now();
  const renewals = async () =>
    (await shop.timeline(memberId)).filter(({ kind }) => kind === 'renewed').length;
  let year = sumOf(purchase);
  for (let month = 1; month <= 12; month++) {
    const before = await renewals();
    // Half a month after each renewal, so that one lies in every step.
    const calls = await callsOf(rig, shop.accountId, () => shop.moveTo(began + (month * 30.5 + 15) * DAY));
    const made = (await renewals()) - before;
    expect({ made, calls }).toEqual({ made: 1, calls: RENEWED });
    year += sumOf(calls);
  }
  expect(await renewals()).toBe(12);
  expect((await shop.access(memberId, sale.productId)).access).toBe(true);
  expect(year).toBe(27);

  const ids = [checkoutWorkflowId(checkoutId), membershipWorkflowId(membershipId)];
  const cost = await costOf(
    rig.client,
    rig.seenRuns().filter(({ workflowId }) => ids.includes(workflowId)),
  );
  expect(cost.runs).toBe(2);
  expect(cost.actions).toBeLessThanOrEqual(60);
  expect(cost.historyBytes).toBeLessThanOrEqual(40_000);
  rig.log.info(cost, 'what a year costs at Temporal');
  // No run but its own looked at it.
  expect(rig.seenRuns().filter(({ workflowId }) => workflowId.startsWith('stripe-event/'))).toEqual([]);
});
