import { DAY } from '../../src/domain/time';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { type Shown, Visitor } from '../support/visitor';

// What a coach offers members who are about to cancel: beside the cancellation, never in its way.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const MONTH = { recurring: { interval: 'month' as const, intervalCount: 1 } };
const path = () => `/account/${seller.coachId}/test`;
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const settings = (changes: object) => seller.coach.call('PATCH', '/v1/settings', changes);

/** Somebody who has bought, on the page of the cancellation. */
async function aboutToCancel(who: string): Promise<{ visitor: Visitor; id: string; page: Shown }> {
  const { id } = await seller.purchase(
    await seller.offer({ currency: 'eur', unitAmount: 4900, ...MONTH }),
    who,
  );
  const visitor = new Visitor(rig.api, { 'Accept-Language': 'en' });
  await visitor.open(`${path()}?member=${await seller.tokenFor(who)}`);
  return { visitor, id, page: await visitor.open(`${path()}/memberships/${id}/cancel`) };
}

const buttonsOf = ({ forms }: Shown) =>
  forms.map(({ button }) => button).filter((button) => /cancel|instead|less/i.test(button));

test('nothing is offered unless the coach says so', async () => {
  const { page } = await aboutToCancel('ada');
  expect(buttonsOf(page)).toEqual(['Confirm cancellation']);
});

test('scenario 97: the cancellation comes first, whole, and takes no step more for the offer', async () => {
  await settings({ cancelOffer: 'pause' });
  const { visitor, id, page } = await aboutToCancel('ada');
  expect(buttonsOf(page)).toEqual(['Confirm cancellation', 'Pause instead']);
  const answered = await visitor.press(page, 'Confirm cancellation', { at: 'period_end' });
  expect(answered.text).toContain('It is cancelled.');
  expect(answered.text).not.toContain('Pause instead');
  expect(await now(id)).toMatchObject({ status: 'canceling' });
});

test('scenario 97: a pause is taken once: charging rests, nothing is cancelled, and it is not offered again', async () => {
  await settings({ cancelOffer: 'pause', cancelOfferDays: 14 });
  const { visitor, id, page } = await aboutToCancel('ada');
  const taken = await visitor.press(page, 'Pause instead');
  expect(taken.text).toContain('The offer is yours. Nothing was cancelled.');
  const paused = await now(id);
  const days = (Date.parse(paused.pauseUntil as string) - Date.now()) / (DAY * 1000);
  expect(Math.round(days)).toBe(14);
  expect(paused).toMatchObject({ cancelAt: null, reason: 'collection_paused' });
  await seller.coach.call('POST', `/v1/memberships/${id}/resume`, {});
  const again = await visitor.open(`${path()}/memberships/${id}/cancel`);
  expect(buttonsOf(again)).toEqual(['Confirm cancellation']);
  const timeline = await seller.read(`/v1/memberships/${id}/timeline`);
  const kinds = timeline.data.map(({ kind }: { kind: string }) => kind);
  expect(kinds.filter((kind: string) => kind === 'cancel_offer_taken')).toHaveLength(1);
});

test('a coupon is put on the subscription, beside what it has, once however often it is pressed', async () => {
  const { body: made } = await seller.coach.call('POST', '/v1/coupons', {
    name: 'Stay',
    percentOff: 25,
    duration: 'repeating',
    months: 3,
  });
  await seller.coach.call('GET', `/v1/coupons/${made.id}?wait=20`);
  await settings({ cancelOffer: 'coupon', cancelOfferCouponId: made.id });
  const { visitor, id, page } = await aboutToCancel('ada');
  expect(page.text).toContain('25% off for 3 months.');
  const { stripe } = await now(id);
  const change = { method: 'POST', path: `/v1/subscriptions/${stripe.subscriptionId}` };
  const asked = async () =>
    (await rig.stripeSide.requests(5000)).filter(
      ({ method, path: asks }) => method === change.method && asks === change.path,
    );
  const inAnotherTab = await visitor.open(`${path()}/memberships/${id}/cancel`);
  // The first press has looked, and its change is on the way, when the second one is done.
  await rig.stripeSide.faults({
    match: change,
    times: 1,
    fault: { kind: 'hang', hangMs: 3_000, when: 'before' },
  });
  const first = visitor.press(page, 'Stay, and pay less');
  await eventually('the first press at Stripe', async () => (await asked()).length > 0);
  await visitor.press(inAnotherTab, 'Stay, and pay less');
  await first;
  const again = await visitor.press(page, 'Stay, and pay less');
  expect(again.text).toContain('The offer is yours.');
  // A coupon that is named twice begins anew: however many press at once, Stripe is asked as for one.
  expect(new Set((await asked()).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  const subscription = await seller.stripe.subscriptions.retrieve(
    stripe.subscriptionId as string,
    { expand: ['discounts'] },
    seller.asAccount,
  );
  expect(subscription.discounts).toHaveLength(1);
  expect(await now(id)).toMatchObject({ status: 'active', cancelAt: null });
  await eventually('no second offer', async () => {
    const shown = await visitor.open(`${path()}/memberships/${id}/cancel`);
    return buttonsOf(shown).length === 1;
  });
});

test('a coupon has to be the coach’s own', async () => {
  const refused = await settings({ cancelOffer: 'coupon', cancelOfferCouponId: 'cpn_3kTMd0fWbJ9xQeN4vYzA' });
  expect(refused.status).toBe(404);
  expect(refused.body).toMatchObject({ code: 'not_found', field: 'cancelOfferCouponId' });
});
