import { DAY } from '../../src/domain/time';
import { withdrawalIdOf } from '../../src/store/withdrawals';
import { eventually } from '../support/eventually';
import { rigFor, sellerFor } from '../support/setup';
import { CARDS } from '../support/stripe-side';
import { type Shown, Visitor } from '../support/visitor';

// Withdrawing from a contract: Directive 2011/83/EU, articles 9 to 16.
const rig = rigFor('file');
const seller = sellerFor('test', rig);

const MONTH = { recurring: { interval: 'month' as const, intervalCount: 1 } };
const account = () => `/account/${seller.coachId}/test`;
const withdraw = () => `/withdraw/${seller.coachId}/test`;
const browser = () => new Visitor(rig.api, { 'Accept-Language': 'en' });
const settings = (changes: object) => seller.coach.call('PATCH', '/v1/settings', changes);
const now = (id: string) => seller.read(`/v1/memberships/${id}`);
const withdrawals = async () => (await seller.read('/v1/withdrawals')).data as Record<string, unknown>[];
const refunds = async () =>
  (await seller.stripe.refunds.list({ limit: 100 }, seller.asAccount)).data.map(({ amount }) => amount);

beforeEach(() => settings({ withdrawal: 'on', withdrawalRefund: 'full' }));

async function enter(member: string): Promise<Visitor> {
  const visitor = browser();
  await visitor.open(`${account()}?member=${await seller.tokenFor(member, `${member}@example.com`)}`);
  return visitor;
}
const monthly = () => seller.offer({ currency: 'eur', unitAmount: 3000, ...MONTH });

/** In two steps on the page. */
async function state(visitor: Visitor, membershipId: string): Promise<Shown> {
  const form = await visitor.open(`${account()}/memberships/${membershipId}/withdraw`);
  const review = await visitor.press(form, 'Withdraw from the contract here', { name: 'Ada Lovelace' });
  expect(review.text).toContain('I, Ada Lovelace, withdraw from the contract');
  return visitor.press(review, 'Confirm withdrawal');
}
const done = (membershipId: string) =>
  eventually('the end of the withdrawal', async () => {
    const row = await seller.read(`/v1/withdrawals/${withdrawalIdOf(membershipId)}`);
    return row.status === 'done' && row;
  });

test('on the member’s page, in two steps: the subscription ends, access too, and all of it goes back', async () => {
  const price = await monthly();
  const { id, memberId } = await seller.purchase(price, 'ada');
  const ada = await enter('ada');
  const page = await ada.open(account());
  expect(page.text).toContain('Withdraw from the contract here');
  const received = await state(ada, id);
  expect(received.text).toContain('Your withdrawal was received');
  expect(received.text).toMatch(/It was received on \d+ \w+ \d{4}/);
  const row = await done(id);
  expect(row).toMatchObject({
    ...{ membershipId: id, name: 'Ada Lovelace', inTime: true, refund: 'full', decidedBy: 'setting' },
    refundAmount: 3000,
    currency: 'eur',
  });
  expect(await refunds()).toEqual([3000]);
  await seller.quiet();
  expect(await now(id)).toMatchObject({
    status: 'ended',
    reason: 'withdrawn',
    stripe: { status: 'canceled' },
  });
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false, reason: 'withdrawn' });
  const { data } = await seller.read(`/v1/members/${memberId}/timeline`);
  expect(data.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining([
      'withdrawal_received',
      'withdrawal_accepted',
      'membership_ended',
      'withdrawal_done',
    ]),
  );
  const facts = await rig.db.fact.findMany({ where: { memberId }, orderBy: { sequence: 'asc' } });
  expect(facts.map(({ type }) => type).filter((type) => type.startsWith('withdrawal.'))).toEqual([
    'withdrawal.received',
    'withdrawal.accepted',
    'withdrawal.done',
  ]);
  // Told on a durable medium: received, and what came of it.
  const mails = await rig.db.mail.findMany({
    where: { coachId: seller.coachId, kind: { startsWith: 'withdrawal_' } },
  });
  expect(mails.map(({ kind, memberId: of }) => ({ kind, of }))).toEqual([
    { kind: 'withdrawal_received', of: memberId },
    { kind: 'withdrawal_done', of: memberId },
  ]);
  const after = await ada.open(account());
  expect(after.text).toContain('Your withdrawals');
  expect(after.text).not.toContain(`${id}/withdraw`);
  // Once more is once.
  expect((await ada.open(`${account()}/memberships/${id}/withdraw`)).status).toBe(404);
  expect(await withdrawals()).toHaveLength(1);
});

test('in proportion, of who has asked that it begin: their consent is stored with its words and time', async () => {
  await settings({ withdrawalRefund: 'proportional', purchaseConsent: 'service' });
  const price = await monthly();
  const ada = browser();
  const buy = `/buy/${price.id}?member=${await seller.tokenFor('ada', 'ada@example.com')}`;
  const page = await ada.open(buy);
  expect(page.text).toContain('I ask you to begin before the withdrawal period of 14 days is over.');
  const form = page.forms[0];
  const { consent: _ticked, ...without } = form?.fields ?? {};
  const refused = await ada.open(buy, {
    method: 'POST',
    body: new URLSearchParams(without),
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  });
  expect(refused).toMatchObject({ status: 400 });
  const opened = await ada.press(page, 'Continue to payment');
  expect(opened.status).toBe(303);
  const [checkout] = await rig.db.checkout.findMany({
    where: { coachId: seller.coachId },
    include: { consent: true },
  });
  expect(checkout?.consent).toMatchObject({
    kind: 'service',
    text: expect.stringContaining('I ask you') as string,
  });
  await rig.stripeSide.payWithCard(opened.url, CARDS.test.succeeds);
  const { id } = await seller.boughtBy({ status: 201, body: { id: checkout?.id } });
  await seller.moveBy(3 * DAY);
  await state(await enter('ada'), id);
  const { refundAmount } = await done(id);
  expect(refundAmount).toBeGreaterThanOrEqual(2600);
  expect(refundAmount).toBeLessThan(2800);
  expect(await refunds()).toEqual([refundAmount]);
});

test('scenario 69: when the period is over there is no button, and no way round it', async () => {
  const { id } = await seller.purchase(await monthly(), 'ada');
  const ada = await enter('ada');
  const form = await ada.open(`${account()}/memberships/${id}/withdraw`);
  const review = await ada.press(form, 'Withdraw from the contract here', { name: 'Ada' });
  await seller.moveBy(18 * DAY);
  const again = await enter('ada');
  expect((await again.open(account())).text).not.toContain('Withdraw from the contract here');
  expect((await again.open(`${account()}/memberships/${id}/withdraw`)).status).toBe(404);
  await ada.press(review, 'Confirm withdrawal');
  expect(await withdrawals()).toEqual([]);
});

test('of digital content the right is lost with the consent', async () => {
  const price = await monthly();
  const checkout = await seller.openFor(price, 'ada', {
    consent: { kind: 'digital_content', text: 'I know.' },
  });
  await seller.pay(checkout);
  const { id } = await seller.boughtBy(checkout);
  const ada = await enter('ada');
  const page = await ada.open(account());
  expect(page.text).not.toContain('Withdraw from the contract here');
  expect(page.text).toContain('I know.');
  expect((await ada.open(`${account()}/memberships/${id}/withdraw`)).status).toBe(404);
});

test('of a programme with a date everything goes back before it; after it, what is left of its days', async () => {
  await settings({ withdrawalRefund: 'proportional' });
  const accessStartsAt = new Date(((await seller.now()) + 5 * DAY) * 1000).toISOString();
  const price = await seller.offer({ currency: 'eur', unitAmount: 3000, accessDays: 30, accessStartsAt });
  const buy = async (member: string, kind: 'service' | 'digital_content') => {
    const checkout = await seller.openFor(price, member, { consent: { kind, text: 'I know.' } });
    await seller.pay(checkout);
    return seller.boughtBy(checkout);
  };
  const [ada, ben, cleo] = [
    await buy('ada', 'digital_content'),
    await buy('ben', 'service'),
    await buy('cleo', 'digital_content'),
  ];
  await seller.moveBy(4 * DAY);
  await state(await enter('ada'), ada.id);
  expect(await done(ada.id)).toMatchObject({ refundAmount: 3000, rightLost: false });
  const told = await rig.db.fact.findMany({ where: { memberId: ada.memberId } });
  expect(told.map(({ type }) => type).filter((type) => type.startsWith('access.'))).toEqual([]);
  await seller.moveBy(4 * DAY);
  await state(await enter('ben'), ben.id);
  const { refundAmount } = await done(ben.id);
  expect(refundAmount).toBeGreaterThanOrEqual(2600);
  expect(refundAmount).toBeLessThan(2800);
  const lost = await (await enter('cleo')).open(`${account()}/memberships/${cleo.id}/withdraw`);
  expect(lost.status).toBe(404);
});

test('off by setting, and by country', async () => {
  const { id } = await seller.purchase(await monthly(), 'ada');
  const ada = await enter('ada');
  for (const withdrawal of ['off', 'by_country']) {
    await settings({ withdrawal });
    expect((await ada.open(`${account()}/memberships/${id}/withdraw`)).status).toBe(404);
    expect((await browser().open(withdraw())).status).toBe(404);
  }
  await rig.db.connection.updateMany({ where: { coachId: seller.coachId }, data: { country: 'DE' } });
  expect((await ada.open(`${account()}/memberships/${id}/withdraw`)).status).toBe(200);
});

describe('without signing in', () => {
  const stated = async (contract: string, email = 'ada@example.com') => {
    const visitor = browser();
    const form = await visitor.open(withdraw());
    const typed = { name: 'Ada', contract, email };
    const review = await visitor.press(form, 'Withdraw from the contract here', typed);
    return visitor.press(review, 'Confirm withdrawal');
  };

  test('scenario 70: it is received whoever it is of, waits for the member, and counts from when it was stated', async () => {
    const { id } = await seller.purchase(await monthly(), 'ada');
    const ada = await enter('ada');
    const known = await stated('my subscription');
    const unknown = await stated('my subscription', 'nobody@example.com');
    const plain = ({ text }: Shown) => text.replaceAll(/nonce="[^"]+"|nobody@|ada@|received on [^.]+\./g, '');
    expect(plain(known)).toBe(plain(unknown));
    const rows = await withdrawals();
    expect(rows).toHaveLength(2);
    const first = rows.find((one) => one['membershipId'] === id);
    expect(first).toMatchObject({ status: 'unproven', inTime: true, provenAt: null });
    expect(await now(id)).toMatchObject({ status: 'active' });
    await seller.moveBy(2 * DAY);
    await state(ada, id);
    expect(await done(id)).toMatchObject({ statedAt: first?.['statedAt'], name: 'Ada Lovelace' });
    expect(await refunds()).toEqual([3000]);
  });

  test('the coach says which purchase is meant, and what goes back', async () => {
    const { id } = await seller.purchase(await monthly(), 'ada');
    await stated('The yoga thing', 'other@example.com');
    const [row] = await withdrawals();
    const path = `/v1/withdrawals/${String(row?.['id'])}`;
    expect((await seller.coach.call('POST', `${path}/accept`, { refund: 'full' })).status).toBe(400);
    const accepted = await seller.coach.call('POST', `${path}/accept`, { refund: 'full', membershipId: id });
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted', refundAmount: 3000 } });
    await eventually('its end', async () => (await seller.read(path)).status === 'done');
    expect(await refunds()).toEqual([3000]);
    expect(await seller.coach.call('POST', `${path}/refuse`, { because: 'no' })).toMatchObject({
      status: 409,
      body: { code: 'withdrawal_settled' },
    });
  });

  test('what the coach has refused of a stranger, the member may state all the same', async () => {
    const { id } = await seller.purchase(await monthly(), 'ada');
    const ada = await enter('ada');
    await stated('my subscription');
    const path = `/v1/withdrawals/${withdrawalIdOf(id)}`;
    await seller.coach.call('POST', `${path}/refuse`, { because: 'Ada knows nothing of it.' });
    await state(ada, id);
    expect(await done(id)).toMatchObject({ name: 'Ada Lovelace', refusedBecause: null, refund: 'full' });
    expect(await refunds()).toEqual([3000]);
    // What a stranger was told is no mail of the member's, and keeps none of theirs from being sent.
    const mails = await rig.db.mail.findMany({
      where: { coachId: seller.coachId, kind: { startsWith: 'withdrawal_' } },
      orderBy: { createdAt: 'asc' },
    });
    const { memberId } = await now(id);
    expect(mails.map(({ kind, memberId: of }) => [kind, of])).toEqual([
      ['withdrawal_received', null],
      ['withdrawal_done', null],
      ['withdrawal_received', memberId],
      ['withdrawal_done', memberId],
    ]);
  });

  test('and also where they state it just as its run ends with the refusal', async () => {
    const { id } = await seller.purchase(await monthly(), 'ada');
    const ada = await enter('ada');
    await stated('my subscription');
    const path = `/v1/withdrawals/${withdrawalIdOf(id)}`;
    let isHeld = false;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await eventually('the first look', async () => (await seller.read(path)).status === 'unproven');
    rig.hooks.lookAtWithdrawal = {
      after: async () => {
        const { status } = await rig.db.withdrawal.findUniqueOrThrow({ where: { id: withdrawalIdOf(id) } });
        if (status !== 'refused' || isHeld) return;
        isHeld = true;
        await held;
      },
    };
    await seller.coach.call('POST', `${path}/refuse`, { because: 'Ada knows nothing of it.' });
    await eventually('the look that sees the refusal', () => isHeld);
    await state(ada, id);
    letGo();
    expect(await done(id)).toMatchObject({ refund: 'full' });
    delete rig.hooks.lookAtWithdrawal;
  });

  test('the coach refuses', async () => {
    await stated('Nothing that is sold here');
    const [row] = await withdrawals();
    const path = `/v1/withdrawals/${String(row?.['id'])}`;
    const refused = await seller.coach.call('POST', `${path}/refuse`, { because: 'Nobody bought anything.' });
    expect(refused).toMatchObject({ status: 200, body: { status: 'refused' } });
    expect(await refunds()).toEqual([]);
  });
});

test('what was bought once: access ends, and the payment goes back', async () => {
  const price = await seller.offer({ currency: 'eur', unitAmount: 9900 });
  const { id } = await seller.purchase(price, 'ada');
  await state(await enter('ada'), id);
  await done(id);
  expect(await refunds()).toEqual([9900]);
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
});

test('where the coach keeps access after refunds, a withdrawal ends it all the same', async () => {
  await settings({ keepAfterRefund: true, honourPaidPeriod: true });
  const price = await monthly();
  const { id } = await seller.purchase(price, 'ada');
  await state(await enter('ada'), id);
  await done(id);
  await seller.quiet();
  expect(await seller.accessOf('ada', price)).toMatchObject({ access: false });
  expect(await now(id)).toMatchObject({ status: 'ended', reason: 'withdrawn' });
});
