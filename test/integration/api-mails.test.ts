import { unsubscribeUrlOf } from '../../src/mail/unsubscribe';
import { eventually } from '../support/eventually';
import { mailReceiverFor } from '../support/mail-receiver';
import { coachUiFor, rigFor } from '../support/setup';
import { Visitor } from '../support/visitor';

// What a coach chooses about mails, reads of them, and what members choose.
const mails = mailReceiverFor('file');
const rig = rigFor('file', {
  get variables() {
    return { SMTP_URL: mails.url, MAIL_FROM: 'mails@session.example' };
  },
});
const coach = coachUiFor('test', rig);
beforeEach(() => {
  mails.behave(() => 'take');
  mails.taken.length = 0;
});

const gift = async (email: string, name = 'Course') => {
  const member = (await coach.call('POST', '/v1/members', { externalId: email, email })).body;
  const product = (await coach.call('POST', '/v1/products', { name })).body;
  await coach.call('POST', '/v1/grants', { member: { id: member.id }, productId: product.id });
  return member.id as string;
};
const mailOf = (memberId: string, status: string) =>
  eventually(`a mail that is ${status}`, async () => {
    const { body } = await coach.call('GET', `/v1/mails?member=${memberId}`);
    return body.data[0]?.status === status && body.data[0];
  });
const patch = (body: object) => coach.call('PATCH', '/v1/mail-settings', body);

test('mails look and speak as the coach says, and what is switched off is not sent', async () => {
  const changed = await patch({
    language: 'de',
    colour: '#f2c14e',
    replyTo: 'Ada@Coaching.example',
    texts: [{ kind: 'gift', language: 'de', before: 'Hallo!\n\nSchön.', after: '<b>Bis bald</b>' }],
  });
  expect(changed).toMatchObject({
    status: 200,
    body: { sends: true, language: 'de', replyTo: 'ada@coaching.example', off: [], sales: 'each' },
  });
  await mailOf(await gift('mia@example.com'), 'sent');
  const [taken] = mails.taken;
  expect(taken?.subject).toContain('schenkt Ihnen');
  expect(taken?.replyTo).toMatchObject([{ address: 'ada@coaching.example' }]);
  expect(taken?.html).toContain('#f2c14e');
  expect(taken?.html).toContain('&lt;b&gt;Bis bald&lt;/b&gt;');
  expect(taken?.text).toContain('Schön.');

  // What is left out stays.
  expect((await patch({ off: ['gift'] })).body).toMatchObject({ language: 'de', off: ['gift'] });
  const off = await mailOf(await gift('tom@example.com'), 'suppressed');
  expect(off).toMatchObject({
    reason: 'switched_off',
    reasonInWords: expect.stringContaining('switched off'),
  });
  expect(mails.taken).toHaveLength(1);
});

test.each([
  [{ colour: 'red' }, 'colour'],
  [{ replyTo: 'nobody' }, 'replyTo'],
  [{ off: ['sign_in_link'] }, 'off'],
  [{ off: ['nothing'] }, 'off'],
  [{ texts: [{ kind: 'gift', language: 'fr', before: '', after: '' }] }, 'texts'],
])('what cannot be chosen is refused: %j', async (body, field) => {
  const answer = await patch(body);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toContain(field);
});

test('a preview has everything but a reader, in either language', async () => {
  for (const language of ['en', 'de'])
    for (const { kind } of (await coach.call('GET', '/v1/mail-settings')).body.kinds) {
      const { status, body } = await coach.call('POST', '/v1/mail-previews', {
        kind,
        language,
        before: 'A word of mine.',
      });
      expect(status).toBe(200);
      expect(body.subject).toMatch(/^\[Test\] ./);
      expect(body.html).toContain(`lang="${language}"`);
      expect(body.text).toContain('A word of mine.');
      expect(body.html).not.toMatch(/undefined|null|NaN|src=|url\(/);
    }
});

test('the link in a mail asks before it unsubscribes; what the contract needs is sent all the same', async () => {
  const memberId = await gift('mia@example.com');
  await mailOf(memberId, 'sent');
  const header = mails.taken[0]?.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '';
  const url = header.slice(1, -1);
  expect(url).not.toContain('mia');
  expect((await fetch(url)).status).toBe(200);
  expect(await rig.db.mailSuppression.count({ where: { coachId: coach.coachId } })).toBe(0);
  expect((await fetch(`${url}x`, { method: 'POST' })).status).toBe(404);
  const done = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  });
  expect(done.status).toBe(200);
  const { body } = await coach.call('GET', '/v1/mail-suppressions');
  expect(body.data).toMatchObject([{ reason: 'unsubscribed', memberId }]);
  expect(JSON.stringify(body)).not.toContain('mia@');
  // A coach cannot take that back.
  expect((await coach.call('POST', `/v1/mail-suppressions/${body.data[0].id}/lift`, {})).status).toBe(404);

  const product = (await coach.call('POST', '/v1/products', { name: 'Another' })).body;
  const grant = (await coach.call('POST', '/v1/grants', { member: { id: memberId }, productId: product.id }))
    .body;
  expect(await mailOf(memberId, 'suppressed')).toMatchObject({ kind: 'gift', reason: 'unsubscribed' });
  await coach.call('POST', `/v1/grants/${grant.id}/revoke`, {});
  expect(await mailOf(memberId, 'sent')).toMatchObject({ kind: 'access_ended' });
});

test('a bounce can be lifted, and the mail sent again', async () => {
  mails.behave((tries) => (tries === 1 ? 'unknown address' : 'take'));
  const memberId = await gift('full@example.com');
  const failed = await mailOf(memberId, 'failed');
  expect(failed).toMatchObject({ reason: 'bounced', answer: '550 5.1.1 (RCPT TO)', tries: 1 });
  const { body } = await coach.call('GET', '/v1/mail-suppressions');
  await coach.call('POST', `/v1/mail-suppressions/${body.data[0].id}/lift`, {});
  expect((await coach.call('GET', '/v1/mail-suppressions')).body.data).toEqual([]);
  expect((await coach.call('POST', `/v1/mails/${failed.id}/send-again`, {})).status).toBe(200);
  const sent = await mailOf(memberId, 'sent');
  expect(sent.id).toBe(failed.id);
  // What is sent is sent.
  expect(await coach.call('POST', `/v1/mails/${failed.id}/send-again`, {})).toMatchObject({
    status: 409,
    body: { code: 'mail_not_sendable' },
  });
});

test('a member signs in by a link that is mailed, in the language of the page', async () => {
  await coach.call('POST', '/v1/members', { externalId: 'mia', email: 'mia@example.com' });
  const visitor = new Visitor(rig.api, { 'Accept-Language': 'de' });
  const page = await visitor.open(`/account/${coach.coachId}/test`);
  const asked = await visitor.press(page, 'Link senden', { email: 'mia@example.com' });
  expect(asked.status).toBe(200);
  const mail = await eventually('the mail', () => mails.taken[0] ?? false);
  expect(mail).toMatchObject({ recipient: 'mia@example.com', subject: expect.stringContaining('Ihr Link') });
  const link = /href="([^"]*\/sign-in\/[^"]+)"/.exec(mail.html ?? '')?.[1] ?? '';
  const signedIn = await visitor.press(await visitor.open(new URL(link).pathname), 'Ja, anmelden');
  expect(signedIn.text).toContain('mia@example.com');
  // Nobody is told whether an address is known.
  const stranger = new Visitor(rig.api, { 'Accept-Language': 'de' });
  const form = await stranger.open(`/account/${coach.coachId}/test`);
  const other = await stranger.press(form, 'Link senden', { email: 'nobody@example.com' });
  expect(other.status).toBe(asked.status);
  expect(await rig.db.mail.count({ where: { coachId: coach.coachId } })).toBe(1);
});

test('the address in a link is readable to us alone', () => {
  const { publicUrl } = rig.config.api;
  const who = { coachId: 'coach_1', mode: 'test' as const, address: 'mia@example.com' };
  const url = unsubscribeUrlOf(publicUrl, rig.config.encryptionKey, who);
  expect(Buffer.from(url.split('/').at(-1) ?? '', 'base64url').toString()).not.toContain('mia');
});
