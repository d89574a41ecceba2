import { randomBytes } from 'node:crypto';
import { encrypt } from '../../src/db/encryption';
import { DAY, HOUR } from '../../src/domain/time';
import { queueMail } from '../../src/store/mails';
import { withdrawalIdOf } from '../../src/store/withdrawals';
import { eventually } from '../support/eventually';
import { mailReceiverFor } from '../support/mail-receiver';
import { rigFor, sellerFor } from '../support/setup';
import { Visitor } from '../support/visitor';

// A member's life with a coach, as it is told by mail.
const mails = mailReceiverFor('file');
const rig = rigFor('file', {
  relayPollSeconds: 1,
  get variables() {
    return { SMTP_URL: mails.url, MAIL_FROM: 'mails@session.example' };
  },
});
const seller = sellerFor('test', rig);
const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);
beforeEach(() => {
  mails.behave(() => 'take');
  mails.taken.length = 0;
});

const rows = () =>
  rig.db.mail.findMany({ where: { coachId: seller.coachId }, orderBy: { createdAt: 'asc' } });
/** The mail of a kind, once it is there as it should be. */
/** Milliseconds: what the mail server does not take at once is tried again after a minute. */
const WITH_ANOTHER_TRY = 100_000;
const mailOf = async (kind: string, status = 'sent') => {
  const ofKind = async () => (await rows()).filter((row) => row.kind === kind);
  const isThere = async () => {
    const last = (await ofKind()).at(-1);
    return last?.status === status && last;
  };
  return eventually(`${kind} to be ${status}`, isThere, WITH_ANOTHER_TRY).catch(async (error: Error) => {
    const present = (await ofKind()).map(({ status: is, tries, answer, reason }) => ({
      is,
      tries,
      answer,
      reason,
    }));
    throw new Error(`${error.message}; there are ${JSON.stringify(present)}`, { cause: error });
  });
};
const subjects = () => mails.taken.map(({ subject }) => subject ?? '');
const seconds = (at: string) => Date.parse(at) / 1000;
const monthly = { unitAmount: 4900, recurring: { interval: 'month' as const } };

test('a trial that begins to cost, a renewal that fails and is paid, a cancellation and its end', async () => {
  await seller.coach.call('PATCH', '/v1/mail-settings', { coachAddress: 'ada@coaching.example' });
  const price = await seller.offer({ ...monthly, trialDays: 14 });
  const { id, paidThrough } = await seller.purchase(price, 'mia');
  await mailOf('bought');
  await mailOf('sale');
  expect(subjects().filter((each) => each.includes('first sale'))).toHaveLength(1);
  expect(mails.taken.find(({ subject }) => subject?.includes('first sale'))?.recipient).toBe(
    'ada@coaching.example',
  );

  await seller.moveTo(seconds(paidThrough) - 3 * DAY + HOUR);
  await mailOf('trial_ends_soon');
  await seller.moveTo(seconds(paidThrough) + 3 * HOUR);
  const { stripe, ...paid } = await seller.read(`/v1/memberships/${id}`);
  await rig.stripeSide.trigger('payment_method_fails', {
    account: seller.accountId,
    subscription: stripe.subscriptionId,
  });
  await seller.moveTo(seconds(paid.paidThrough) + 3 * HOUR);
  const failed = await mailOf('renewal_failed');
  await mailOf('payment_failed');
  const told = mails.taken.find(({ messageId }) => messageId?.includes(failed.id));
  expect(told?.subject).toContain('failed');
  // The way to pay: Stripe's own page.
  expect(told?.html).toMatch(/href="https?:\/\/[^"]*invoice[^"]*"/);

  await seller.end(id);
  await mailOf('access_ended');
  await seller.quiet();
  for (const kind of ['bought', 'sale', 'trial_ends_soon', 'renewal_failed', 'access_ended'])
    expect((await rows()).filter((row) => row.kind === kind && row.status === 'sent')).toHaveLength(1);
  expect((await rows()).filter(({ status }) => !['sent', 'queued'].includes(status))).toEqual([]);
});

test('the end of access is told the day before, and nothing of a trial that was cancelled', async () => {
  const price = await seller.offer({ ...monthly, trialDays: 14 });
  const { id, paidThrough } = await seller.purchase(price, 'mia');
  await post(`/v1/memberships/${id}/cancel`, { at: 'period_end' });
  await mailOf('cancellation_noted');
  await seller.moveTo(seconds(paidThrough) - 3 * DAY + HOUR);
  expect(await mailOf('trial_ends_soon', 'stale')).toMatchObject({ reason: 'over' });
  await seller.moveTo(seconds(paidThrough) - DAY + HOUR);
  await mailOf('access_ends_soon');
  await seller.moveTo(seconds(paidThrough) + HOUR);
  await mailOf('access_ended');
});

test('a programme with a date: the purchase says when it begins, and one mail that it has', async () => {
  const at = Math.floor(Date.now() / 1000) + 10 * DAY;
  const { body: other } = await post('/v1/products', { name: 'Community' });
  const price = await seller.offer({
    unitAmount: 9900,
    accessDays: 84,
    accessStartsAt: new Date(at * 1000).toISOString(),
    alsoGives: [other.id],
  });
  const { memberId } = await seller.purchase(price, 'mia');
  const bought = await mailOf('bought');
  const letterOf = ({ id }: { id: string }) => mails.taken.find(({ messageId }) => messageId?.includes(id));
  expect(letterOf(bought)?.html).toMatch(/your access begins on \d+ \w+ \d{4}/);
  expect(letterOf(bought)?.html).not.toContain('from now on');
  await seller.moveTo(at + 60);
  const begun = await mailOf('access_begins');
  expect(letterOf(begun)?.subject).toContain('begins');
  expect(letterOf(begun)?.html).toContain('from now on you have access');
  await eventually(
    'both products to be told of',
    async () => (await rig.db.fact.count({ where: { memberId, type: 'access.granted' } })) === 2,
  );
  // Of what was bought, not of each product that it gives.
  expect((await rows()).filter(({ kind }) => kind === 'access_begins')).toHaveLength(1);
});

test('a gift to who has bought what begins later is told; its beginning then is not', async () => {
  const at = Math.floor(Date.now() / 1000) + 10 * DAY;
  const price = await seller.offer({ unitAmount: 9900, accessStartsAt: new Date(at * 1000).toISOString() });
  await seller.purchase(price, 'mia');
  await post('/v1/grants', { member: { externalId: 'mia' }, productId: price.productId });
  await mailOf('gift');
  await seller.moveTo(at + 60);
  await eventually(
    'the beginning in the timeline',
    async () =>
      (await rig.db.timelineEntry.count({ where: { coachId: seller.coachId, kind: 'access_begun' } })) === 1,
  );
  expect((await rows()).filter(({ kind }) => kind === 'access_begins')).toEqual([]);
});

test('a year that renews is told a week before, and a refund at once', async () => {
  const price = await seller.offer({ unitAmount: 49_000, recurring: { interval: 'year' } });
  const { paidThrough } = await seller.purchase(price, 'mia');
  await seller.moveTo(seconds(paidThrough) - 7 * DAY + HOUR);
  await mailOf('renewal_soon');
  const { data: charges } = await seller.stripe.charges.list({ limit: 1 }, seller.asAccount);
  await seller.stripe.refunds.create({ charge: charges[0]?.id ?? '', amount: 1000 }, seller.asAccount);
  await mailOf('refunded');
  expect(subjects().some((each) => each.includes('Refund'))).toBe(true);
});

test('sales are told once a day to who wants that', async () => {
  await seller.coach.call('PATCH', '/v1/mail-settings', {
    coachAddress: 'ada@coaching.example',
    sales: 'daily',
  });
  const price = await seller.offer({ unitAmount: 900 });
  await seller.purchase(price, 'mia');
  await seller.purchase(price, 'tom');
  await seller.moveTo(Math.floor(Date.now() / 1000) + 2 * DAY);
  await mailOf('sales_of_the_day');
  expect((await rows()).filter(({ kind }) => kind === 'sale')).toEqual([]);
  expect(mails.taken.find(({ subject }) => subject?.includes('Your sales of'))?.text).toMatch(/Sales\s+2/);
});

test('a withdrawal is acknowledged with its date and content, and told again when it is done', async () => {
  await seller.coach.call('PATCH', '/v1/settings', { withdrawal: 'on', withdrawalRefund: 'full' });
  const price = await seller.offer(monthly);
  const { id } = await seller.purchase(price, 'ada');
  const visitor = new Visitor(rig.api, { 'Accept-Language': 'en' });
  const account = `/account/${seller.coachId}/test`;
  await visitor.open(`${account}?member=${await seller.tokenFor('ada', 'ada@example.com')}`);
  const form = await visitor.open(`${account}/memberships/${id}/withdraw`);
  const review = await visitor.press(form, 'Withdraw from the contract here', { name: 'Ada Lovelace' });
  await visitor.press(review, 'Confirm withdrawal');
  const received = await mailOf('withdrawal_received');
  const done = await mailOf('withdrawal_done');
  const textOf = ({ id: mailId }: { id: string }) =>
    mails.taken.find(({ messageId }) => messageId?.includes(mailId))?.text ?? '';
  expect(textOf(received)).toContain('Ada Lovelace');
  expect(textOf(received)).toMatch(/\d{1,2} \w+ \d{4} at \d\d:\d\d UTC/);
  expect(textOf(done)).toMatch(/49\.00 goes back/);
  // What it said is gone once it is sent.
  expect([received.sealed, done.sealed]).toEqual([null, null]);
});

test('what cannot be made is tried no longer than what cannot be handed over, says why, and goes out once that is mended', async () => {
  const member = (await post('/v1/members', { externalId: 'mia', email: 'mia@example.com' })).body;
  const link = (key: Buffer) =>
    rig.db.$transaction((tx) =>
      queueMail(tx, key, {
        ...{ coachId: seller.coachId, mode: 'test', kind: 'sign_in_link', memberId: member.id },
        data: { url: 'https://session.example/link', expiresAt: Math.floor(Date.now() / 1000) + 900 },
      }),
    );
  await link(randomBytes(32));
  const put = await eventually('a try', async () => {
    const [row] = (await rows()).filter(({ kind }) => kind === 'sign_in_link');
    return row?.tries === 1 && row;
  });
  expect(put).toMatchObject({ status: 'sending', reason: 'unreadable', handedOverAt: null });
  expect(put.nextTryAt?.getTime()).toBeGreaterThan(Date.now());
  // The last try: it fails, with the reason, and what it says is kept.
  const key = { coachId_mode_id: { coachId: put.coachId, mode: put.mode, id: put.id } };
  const { sealed } = put;
  await rig.db.mail.update({
    where: key,
    data: { tries: 8, nextTryAt: null, status: 'queued', leaseUntil: new Date() },
  });
  const run = { coachId: put.coachId, mode: put.mode, mailId: put.id };
  await rig.workflows.mailChanged(run, member.id);
  const failed = await mailOf('sign_in_link', 'failed');
  expect(failed).toMatchObject({ reason: 'unreadable', tries: 9, sealed, answer: null });
  expect(await seller.read(`/v1/mails/${put.id}`)).toMatchObject({
    status: 'failed',
    reasonInWords: expect.stringContaining('ENCRYPTION_KEY') as string,
  });
  expect(mails.taken.filter(({ messageId }) => messageId?.includes(put.id))).toEqual([]);
  // The key is the right one again, as it were.
  const other = await link(rig.config.encryptionKey);
  await eventually(
    'the other',
    async () => (await rig.db.mail.findFirst({ where: { id: other ?? '' } }))?.status === 'sent',
  );
  const data = { url: 'https://session.example/link', expiresAt: Math.floor(Date.now() / 1000) + 900 };
  const readable = encrypt(rig.config.encryptionKey, JSON.stringify({ data }), `mail/${put.id}`);
  await rig.db.mail.update({ where: key, data: { sealed: readable } });
  expect((await post(`/v1/mails/${put.id}/send-again`)).status).toBe(200);
  await eventually('it to be sent', async () => {
    const row = await rig.db.mail.findUniqueOrThrow({ where: key });
    return row.status === 'sent' && row.sealed === null && row.reason === null;
  });
  expect((await post(`/v1/mails/${put.id}/send-again`)).status).toBe(409);
});

describe('a card that expires', () => {
  const DAYS = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  /** Good until the end of the next month. */
  const expires = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 2) / 1000;
  const last = new Date((expires - 1) * 1000);
  const card_expiry = `${last.getUTCMonth() + 1}/${last.getUTCFullYear()}`;

  test('is told two weeks before its last day, once, by what the last charge says', async () => {
    const { id } = await seller.purchase(await seller.offer(monthly), 'mia', { form: { card_expiry } });
    const row = await rig.db.membership.findUniqueOrThrow({ where: { id } });
    expect(row.cardExpiresAt?.getTime()).toBe(expires * 1000);
    await seller.moveTo(expires - 14 * DAY + HOUR);
    const told = await mailOf('card_expires');
    const text = mails.taken.find(({ messageId }) => messageId?.includes(told.id))?.text;
    expect(text).toContain(last.toLocaleDateString('en-GB', DAYS));
    await seller.moveTo(expires - 7 * DAY);
    expect((await rows()).filter(({ kind }) => kind === 'card_expires')).toHaveLength(1);
  });

  test('and not to whom nothing is charged any more', async () => {
    const { id } = await seller.purchase(await seller.offer(monthly), 'mia', { form: { card_expiry } });
    await post(`/v1/memberships/${id}/cancel`, { at: 'period_end' });
    await seller.moveTo(expires - 14 * DAY + HOUR);
    expect(await mailOf('card_expires', 'stale')).toMatchObject({ reason: 'over' });
  });

  test('nor where another was chosen meanwhile', async () => {
    const { id, stripe } = await seller.purchase(await seller.offer(monthly), 'mia', {
      form: { card_expiry },
    });
    const { customer } = await seller.stripe.subscriptions.retrieve(
      stripe.subscriptionId,
      {},
      seller.asAccount,
    );
    const other = await seller.stripe.paymentMethods.attach(
      'pm_card_visa',
      { customer: String(customer) },
      seller.asAccount,
    );
    await seller.stripe.subscriptions.update(
      stripe.subscriptionId,
      { default_payment_method: other.id },
      seller.asAccount,
    );
    await eventually('a look', async () => {
      const row = await rig.db.membership.findUniqueOrThrow({ where: { id } });
      return row.cardExpiresAt === null;
    });
    await rig.db.mail.updateMany({
      where: { coachId: seller.coachId, kind: 'card_expires' },
      data: { dueAt: new Date() },
    });
    expect(await mailOf('card_expires', 'stale')).toMatchObject({ reason: 'over' });
  });
});

test('the coach hears of a withdrawal, is reminded on day ten, and not of one that was decided', async () => {
  await seller.coach.call('PATCH', '/v1/mail-settings', { coachAddress: 'ada@coaching.example' });
  await seller.coach.call('PATCH', '/v1/settings', { withdrawal: 'on', withdrawalRefund: 'coach_decides' });
  const price = await seller.offer({ unitAmount: 49_000 });
  const state = async (who: string) => {
    const { id } = await seller.purchase(price, who);
    const visitor = new Visitor(rig.api, { 'Accept-Language': 'en' });
    const account = `/account/${seller.coachId}/test`;
    await visitor.open(`${account}?member=${await seller.tokenFor(who, `${who}@example.com`)}`);
    const form = await visitor.open(`${account}/memberships/${id}/withdraw`);
    const review = await visitor.press(form, 'Withdraw from the contract here', { name: who });
    await visitor.press(review, 'Confirm withdrawal');
    return withdrawalIdOf(id);
  };
  const first = await state('ada');
  const told = await mailOf('withdrawal_in');
  const sent = mails.taken.find(({ messageId }) => messageId?.includes(told.id));
  expect(sent?.recipient).toBe('ada@coaching.example');
  expect(sent?.text).toMatch(/Please decide by \d+ \w+ \d{4}/);
  await state('bea');
  await post(`/v1/withdrawals/${first}/accept`, { refund: 'full' });
  await seller.moveTo(Math.floor(Date.now() / 1000) + 10 * DAY + HOUR);
  await mailOf('withdrawal_waits');
  const events = await rig.db.fact.findMany({ where: { coachId: seller.coachId } });
  expect(events.filter(({ type }) => type === 'withdrawal.due_soon')).toHaveLength(1);
  expect((await rows()).filter(({ kind }) => kind === 'withdrawal_waits')).toHaveLength(1);
  expect(mails.taken.filter(({ subject }) => subject?.includes('waits for your decision'))).toHaveLength(1);
});

test('events that could not be worked on are told once a day, and not once they are driven again', async () => {
  await seller.coach.call('PATCH', '/v1/mail-settings', { coachAddress: 'ada@coaching.example' });
  const park = async (eventId: string, status: 'parked' | 'done' = 'parked') => {
    const event = { mode: 'test', eventId, accountId: seller.accountId } as const;
    const { id } = await rig.db.inbox.create({
      data: { ...event, type: 'invoice.paid', payload: {}, status: 'done' },
    });
    await rig.db.$transaction(async (tx) => {
      await tx.inbox.update({ where: { id }, data: { status: 'parked' } });
      await tx.inbox.update({ where: { id }, data: { status } });
    });
  };
  await park(`evt_${seller.coachId}_1`);
  await mailOf('event_parked');
  await park(`evt_${seller.coachId}_2`);
  expect((await rows()).filter(({ kind }) => kind === 'event_parked')).toHaveLength(1);
  const parked = (await rig.db.fact.findMany({ where: { coachId: seller.coachId } })).filter(
    ({ type }) => type === 'connection.event_parked',
  );
  expect(parked).toHaveLength(2);
  expect(parked[0]).toMatchObject({ ids: { connectionId: expect.any(String) as string } });
  await rig.db.mail.deleteMany({ where: { coachId: seller.coachId, kind: 'event_parked' } });
  await park(`evt_${seller.coachId}_3`, 'done');
  expect(await mailOf('event_parked', 'stale')).toMatchObject({ reason: 'over' });
});
