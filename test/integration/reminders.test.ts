import { HOUR } from '../../src/domain/time';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { mailReceiverFor } from '../support/mail-receiver';
import { rigFor, sellerFor } from '../support/setup';
import { Visitor } from '../support/visitor';

// A purchase that is left unfinished: one mail with the way back, to who has asked for it.
const mails = mailReceiverFor('file');
const rig = rigFor('file', {
  relayPollSeconds: 1,
  get variables() {
    return { SMTP_URL: mails.url, MAIL_FROM: 'mails@session.example' };
  },
});
const seller = sellerFor('test', rig);
beforeEach(() => {
  mails.behave(() => 'take');
  mails.taken.length = 0;
});

const choose = () => seller.coach.call('PATCH', '/v1/mail-settings', { on: ['checkout_left'] });
const reminders = () => rig.db.checkoutReminder.findMany({ where: { coachId: seller.coachId } });
const mailsOf = () => rig.db.mail.findMany({ where: { coachId: seller.coachId, kind: 'checkout_left' } });
const english = () => new Visitor(rig.api, { 'Accept-Language': 'en' });
/** A buyer begins to buy, and says whether they want to be reminded. */
const begin = (visitor: Visitor, path: string, fields: Record<string, string>) =>
  visitor.send(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: new URL(rig.api).origin },
    body: new URLSearchParams(fields).toString(),
  });
const asking = (remindEmail: string) => ({ remind: 'yes', remindEmail });
/** Stripe closes what nobody pays after two hours. */
const expire = async () => {
  await seller.moveTo((await seller.now()) + 3 * HOUR);
  await eventually('every checkout to be over', async () => {
    const open = { coachId: seller.coachId, status: { in: ['opening' as const, 'open' as const] } };
    return (await rig.db.checkout.count({ where: open })) === 0;
  });
};
const mailThatIs = (status: string) =>
  eventually(`a reminder that is ${status}`, async () =>
    (await mailsOf()).find((mail) => mail.status === status),
  );

test('nobody is asked unless the coach has chosen so, and nobody is reminded who has not ticked the box', async () => {
  const price = await seller.offer({ unitAmount: 4900 });
  const path = `/buy/${price.id}`;
  expect((await english().open(path)).text).not.toContain('Remind me');
  // Whoever sends the field all the same was not asked, and has agreed to nothing.
  expect((await begin(english(), path, asking('mia@example.com'))).status).toBe(303);
  expect(await reminders()).toEqual([]);

  const chosen = await choose();
  expect(chosen.body).toMatchObject({ on: ['checkout_left'], off: [] });
  expect(chosen.body.kinds.find(({ kind }: Answer['body']) => kind === 'checkout_left')).toMatchObject({
    isSent: true,
    isChosen: true,
    canBeUnsubscribed: true,
  });
  for (const wrong of [{ off: ['checkout_left'] }, { on: ['gift'] }])
    expect(await seller.coach.call('PATCH', '/v1/mail-settings', wrong)).toMatchObject({ status: 400 });
  const { text } = await english().open(path);
  expect(text).toMatch(/<input type="checkbox" name="remind" value="yes"\s*\/>Remind me once by e-mail/);
  // An address alone is no consent.
  expect((await begin(english(), path, { remindEmail: 'mia@example.com' })).status).toBe(303);
  const unsure = english();
  expect((await begin(unsure, path, asking('nobody'))).status).toBe(400);
  // Taken back before it is over.
  expect((await begin(unsure, path, asking('tom@example.com'))).status).toBe(303);
  expect(await reminders()).toHaveLength(1);
  expect((await begin(unsure, path, {})).status).toBe(303);
  expect(await reminders()).toEqual([]);
  await expire();
  await seller.quiet();
  expect(await mailsOf()).toEqual([]);
});

test('scenario 106: who has asked for it is reminded once, with the way back; the address is not kept, and however often they leave again, no more comes', async () => {
  await choose();
  const price = await seller.offer({ unitAmount: 4900 });
  const path = `/buy/${price.id}?code=`;
  expect((await begin(english(), path, asking('Mia@Example.com'))).status).toBe(303);
  const [asked] = await reminders();
  expect(asked).toMatchObject({ text: expect.stringContaining('Remind me once'), language: 'en' });
  expect(JSON.stringify(asked)).not.toContain('example.com');
  await expire();
  const sent = await mailThatIs('sent');
  expect(sent).toMatchObject({ memberId: null, sealed: null });
  const [taken] = mails.taken;
  expect(taken?.recipient).toBe('mia@example.com');
  expect(taken?.text).toContain(`${rig.api}/buy/${price.id}`);
  expect(taken?.text).toContain('the only one');
  expect(taken?.html).toContain('/mails/unsubscribe/');
  expect(await reminders()).toMatchObject([{ sealed: null }]);

  await begin(english(), path, asking('mia@example.com'));
  await expire();
  await seller.quiet();
  expect(await mailsOf()).toHaveLength(1);
  expect(mails.taken).toHaveLength(1);
});

test('nobody is reminded of what they have bought meanwhile, or of what is not sold any more', async () => {
  await choose();
  const [first, second] = [await seller.offer({ unitAmount: 4900 }), await seller.offer({ unitAmount: 900 })];
  await begin(english(), `/buy/${first.id}`, asking('mia@example.com'));
  await begin(english(), `/buy/${second.id}`, asking('tom@example.com'));
  // Bought elsewhere, with the same address.
  await seller.coach.call('POST', '/v1/members', { externalId: 'mia', email: 'mia@example.com' });
  await seller.purchase(first, 'mia');
  await seller.coach.call('POST', `/v1/prices/${second.id}/archive`, {});
  await expire();
  const reasons = await eventually('both to be left out', async () => {
    const rows = await mailsOf();
    return (
      rows.length === 2 && rows.every(({ status }) => status === 'stale') && rows.map(({ reason }) => reason)
    );
  });
  expect([...reasons].sort()).toEqual(['bought', 'not_sold']);
  expect(mails.taken.filter(({ subject }) => subject?.includes('reminder'))).toEqual([]);
});

test('a member whom the link names types no address; erasing them takes away what they have asked for', async () => {
  await choose();
  const price = await seller.offer({ unitAmount: 4900 });
  const path = `/buy/${price.id}?member=${await seller.tokenFor('ada', 'ada@example.com')}`;
  const visitor = english();
  const page = await visitor.open(path);
  expect(page.text).toContain('Remind me once');
  expect(page.text).not.toContain('remindEmail');
  await begin(visitor, path, { remind: 'yes' });
  await expire();
  await mailThatIs('sent');
  expect(mails.taken[0]).toMatchObject({ recipient: 'ada@example.com' });
  // The token is for a click: the way back does without.
  expect(mails.taken[0]?.text).not.toContain('member=');
  const { id } = await rig.db.member.findFirstOrThrow({ where: { coachId: seller.coachId } });
  // Somebody had typed their address elsewhere, too.
  await begin(english(), `/buy/${price.id}`, asking('ada@example.com'));
  expect(await reminders()).toHaveLength(2);
  const { reminders: exported } = (await seller.coach.call('GET', `/v1/members/${id}/export`)).body;
  expect(exported).toMatchObject([{ text: expect.stringContaining('Remind me once') }]);
  await seller.coach.call('POST', `/v1/members/${id}/erase`, { delayMinutes: 0 });
  await eventually('the erasure', async () => (await reminders()).length === 0);
});
