import { DAY, HOUR } from '../../src/domain/time';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';

// The life of one member, told by the two answers that say why: the access check at each step, and the timeline.
const EACH_MONTH = { interval: 'month', intervalCount: 1 } as const;

let price: Answer['body'];
let dearer: Answer['body'];
const rig = rigFor('file');
const seller = sellerFor('file', rig);
beforeAll(async () => {
  price = await seller.offer({ unitAmount: 4900, recurring: EACH_MONTH });
  dearer = await seller.offer({ unitAmount: 9900, recurring: EACH_MONTH }, price.productId);
});

const seconds = (time: string) => Date.parse(time) / 1000;
const iso = (at: number) => new Date(at * 1000).toISOString();
const membership = (id: string) => seller.read(`/v1/memberships/${id}`);
const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);
const access = () => seller.accessOf('ada', price);
const give = (until: string | null) =>
  post('/v1/grants', { member: { externalId: 'ada' }, productId: price.productId, until });

/** Somebody at a bank, or in Stripe's Dashboard, does something with the newest payment. */
async function happens(trigger: string) {
  const { data } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
  await rig.stripeSide.trigger(trigger, { account: seller.accountId, charge: data[0]?.id });
  await seller.quiet();
}

test('why ada has access or not, from the first gift to the last', async () => {
  // A week for nothing, to look around.
  const begun = await seller.now();
  await give(iso(begun + 7 * DAY));
  expect(await access()).toMatchObject({
    access: true,
    reason: 'gift',
    explanation: 'Given by the coach.',
    next: { what: 'access_end', at: iso(begun + 7 * DAY) },
    grants: [{ cause: 'gift', state: 'live' }],
  });

  // She buys before it is over, and is charged each month.
  await seller.moveBy(2 * DAY);
  const { id, memberId, stripe, paidThrough: firstEnd } = await seller.purchase(price, 'ada');
  expect(await access()).toMatchObject({
    access: true,
    reason: 'paid',
    // Each cause has its own next step, the earliest first: the gift ends, and she keeps what she pays for.
    next: { what: 'cause_end', at: iso(begun + 7 * DAY) },
    upcoming: [
      { what: 'cause_end', at: iso(begun + 7 * DAY) },
      { what: 'renewal', at: firstEnd },
    ],
    grants: [
      { cause: 'gift', state: 'live' },
      { cause: 'membership', state: 'live', membershipId: id },
    ],
  });
  await seller.moveTo(seconds(firstEnd) + 2 * HOUR);
  const { paidThrough: secondEnd } = await membership(id);

  // Her card expires. The grace is long enough to notice, but she does not, and loses access until the third try.
  const card = { account: seller.accountId, subscription: stripe.subscriptionId };
  await rig.stripeSide.control('PUT', `/accounts/${seller.accountId}/retry-policy`, {
    days: [3, 6],
    finalAction: 'past_due',
  });
  await rig.stripeSide.trigger('payment_method_fails', card);
  await seller.moveTo(seconds(secondEnd) + 2 * HOUR);
  const graceEnd = iso(seconds(secondEnd) + HOUR + 7 * DAY);
  expect(await access()).toMatchObject({
    access: true,
    reason: 'grace',
    until: graceEnd,
    next: { what: 'grace_end', at: graceEnd },
  });
  await seller.moveTo(seconds(graceEnd) + HOUR);
  expect(await access()).toMatchObject({
    access: false,
    reason: 'grace_over',
    explanation: 'A renewal stayed unpaid and the grace period is over.',
    next: { what: 'payment_outcome', at: null },
  });
  await rig.stripeSide.trigger('payment_method_recovers', card);
  await seller.moveTo(seconds(secondEnd) + 10 * DAY);
  expect(await access()).toMatchObject({ access: true, reason: 'paid' });

  // She pauses over the summer, until ten days into the next period.
  const { paidThrough: thirdEnd } = await membership(id);
  const back = iso(seconds(thirdEnd) + 10 * DAY);
  await post(`/v1/memberships/${id}/pause`, { until: back });
  expect(await access()).toMatchObject({
    access: true,
    reason: 'collection_paused',
    until: thirdEnd,
    next: { what: 'access_end', at: thirdEnd },
  });
  await seller.moveTo(seconds(thirdEnd) + 2 * HOUR);
  expect(await access()).toMatchObject({
    access: false,
    reason: 'collection_paused',
    next: { what: 'resumption', at: back },
  });
  await seller.moveTo(seconds(back) + HOUR);
  expect(await access()).toMatchObject({
    access: false,
    reason: 'awaiting_payment',
    next: { what: 'renewal' },
  });
  await seller.moveTo(seconds(thirdEnd) + 32 * DAY);
  expect(await access()).toMatchObject({ access: true, reason: 'paid' });

  // The coach moves everybody to the new price; without proration nothing is charged before the next renewal.
  const { body: move } = await post(`/v1/prices/${price.id}/move-members`, { toPriceId: dearer.id });
  await eventually(
    'the end of the move',
    async () => (await seller.read(`/v1/price-moves/${move.id}`)).moved === 1,
  );
  await seller.moveTo(seconds((await membership(id)).paidThrough) + 2 * HOUR);
  expect(await seller.charges()).toEqual([4900, 4900, 4900, 4900, 9900]);

  // Her bank disputes a charge, and decides for the coach.
  await happens('dispute_created');
  expect(await access()).toMatchObject({
    access: false,
    reason: 'disputed',
    next: { what: 'dispute_outcome' },
  });
  await happens('dispute_won');
  expect(await access()).toMatchObject({ access: true, reason: 'paid' });

  // She wants her last payment back, and gets it from the coach's Dashboard; what she is given then is a gift.
  await happens('refund');
  await eventually('the end', async () => (await membership(id)).status === 'ended');
  expect(await access()).toMatchObject({
    access: false,
    reason: 'refunded',
    explanation: 'The payment was refunded in full.',
    next: null,
    grants: [
      { cause: 'gift', state: 'over' },
      { cause: 'membership', state: 'revoked' },
    ],
  });
  await give(null);
  expect(await access()).toMatchObject({ access: true, reason: 'gift', until: null, next: null });

  const { data } = await seller.read(`/v1/members/${memberId}/timeline?limit=100`);
  const story = data.map(({ kind, cause, effect }: Answer['body']) =>
    // A look that a deadline woke may see what an event is about to tell of: either is named.
    [kind, cause === 'person' ? 'a person' : 'Stripe or time', effect.replace(/\d{4}-[^ ]+Z/, 'then')].join(
      ' | ',
    ),
  );
  expect(story).toEqual([
    'gift_given | a person | Access given, until then.',
    'purchase_completed | Stripe or time | Access goes on, until then.',
    'renewed | Stripe or time | Access goes on, until then.',
    'payment_failed | Stripe or time | Access goes on, until then.',
    'grace_over | Stripe or time | Access ended.',
    'payment_recovered | Stripe or time | Access given, until then.',
    'collection_paused | a person | Access goes on, until then.',
    'access_over | Stripe or time | Access ended.',
    'resumed | Stripe or time | No access, as before.',
    'renewed | Stripe or time | Access given, until then.',
    'price_changed | a person | Access unchanged, until then.',
    'renewed | Stripe or time | Access goes on, until then.',
    'disputed | Stripe or time | Access ended.',
    'dispute_won | Stripe or time | Access given, until then.',
    'refunded | Stripe or time | Access ended.',
    'membership_ended | Stripe or time | No access, as before.',
    'gift_given | a person | Access given, without an end.',
  ]);
  expect(data[10]).toMatchObject({ causeId: move.id });
  for (const [index, entry] of data.entries()) {
    // In order; each event by its name at Stripe, each look with its run.
    expect(seconds(entry.at)).toBeGreaterThanOrEqual(seconds(data[Math.max(0, index - 1)].at));
    expect(['person', 'timer', 'stripe_event', 'member_returned', 'system']).toContain(entry.cause);
    // An event that an earlier look has settled already may still wake another one: that one names no event.
    if (entry.cause === 'stripe_event') expect(entry.causeId ?? 'evt_').toMatch(/^evt_/);
    if (entry.kind.startsWith('gift')) expect(entry.workflowId).toBeNull();
    else expect(entry.workflowId).toMatch(/^(membership|checkout|stripe-event)\//);
    if (entry.workflowId !== null) expect(entry.runId).not.toBeNull();
  }
});

test('members are found by the beginning of an e-mail address, or by your id for them', async () => {
  await post('/v1/members', { externalId: 'client-7', email: 'grace@example.com' });
  await post('/v1/members', { externalId: 'client-77', email: 'hopper@example.com' });
  const found = async (search: string) =>
    (await seller.read(`/v1/members?search=${encodeURIComponent(search)}`)).data.map(
      (member: Answer['body']) => member.externalId,
    );
  expect(await found('GRACE@')).toEqual(['client-7']);
  expect(await found('client-7')).toEqual(['client-77', 'client-7']);
  expect(await found('100%')).toEqual([]);
  expect(await found('client_7')).toEqual([]);
});
