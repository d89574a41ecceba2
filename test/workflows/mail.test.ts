import { MAIL_TRIES } from '../../src/domain/mail-delivery';
import { DAY, HOUR } from '../../src/domain/time';
import { mailWorkflowId } from '../../src/messages/ids';
import { queueMail } from '../../src/store/mails';
import { eventually } from '../support/eventually';
import { mailReceiverFor } from '../support/mail-receiver';
import { coachUiFor, rigFor } from '../support/setup';

const mails = mailReceiverFor('test');
const rig = rigFor('test', {
  temporal: 'skipping',
  get variables() {
    return { SMTP_URL: mails.url, MAIL_FROM: 'mails@session.example' };
  },
});
const coach = coachUiFor('test', rig);

const rows = () => rig.db.mail.findMany({ orderBy: { createdAt: 'asc' } });
const memberWith = async (email: string) =>
  (await coach.call('POST', '/v1/members', { externalId: email, email })).body.id as string;
const gift = async (memberId: string, name: string) => {
  const { body: product } = await coach.call('POST', '/v1/products', { name });
  const given = await coach.call('POST', '/v1/grants', { member: { id: memberId }, productId: product.id });
  expect(given.status).toBe(201);
};
const ended = (mailId: string) => {
  const handle = rig.client.workflow.getHandle(mailWorkflowId(mailId));
  return eventually('the end of the run', async () => (await handle.describe()).status.name === 'COMPLETED');
};
/** The newest mail, once it has been tried or has ended. */
const settled = (status: string) =>
  eventually(`a mail that is ${status}`, async () => {
    const newest = (await rows()).at(-1);
    return newest?.status === status && newest;
  });

test('a gift is told to the member, with text and HTML, from the coach', async () => {
  const memberId = await memberWith('mia@example.com');
  await gift(memberId, 'Breathing & Being');
  const mail = await settled('sent');
  await ended(mail.id);
  expect(mail).toMatchObject({
    kind: 'gift',
    memberId,
    tries: 1,
    reason: null,
    answer: expect.stringMatching(/^250/),
  });
  expect(mails.taken).toHaveLength(1);
  const [taken] = mails.taken;
  expect(taken).toMatchObject({
    recipient: 'mia@example.com',
    from: { address: 'mails@session.example' },
    messageId: `<${mail.id}@session.example>`,
  });
  expect(taken?.subject).toContain('Breathing & Being');
  expect(taken?.text).toContain('There is nothing to pay');
  expect(taken?.html).toContain('Breathing &amp; Being');
  expect(taken?.headers.find(({ key }) => key === 'list-unsubscribe-post')?.value).toBe(
    'List-Unsubscribe=One-Click',
  );
});

test('scenario 64: two members, ten facts each, the worker and the API killed in between, and half of all tries failing', async () => {
  // Every second try fails, each time in another way; one in ten is taken without a word.
  const failures = ['not now', 'hang up', 'not now, after all', 'take it and hang up', 'not now'] as const;
  mails.behave((tries) => (tries % 2 === 1 ? 'take' : (failures[(tries / 2) % failures.length] ?? 'take')));
  const members = [
    { address: 'mia@example.com', id: await memberWith('mia@example.com') },
    { address: 'tom@example.com', id: await memberWith('tom@example.com') },
  ];
  for (let i = 1; i <= 10; i++) {
    for (const { id } of members) await gift(id, `Course ${i}`);
    if (i === 3) await rig.stopWorker();
    if (i === 5) await rig.replaceApi();
    if (i === 6) await rig.startWorker();
  }
  await eventually('a try of each', async () => {
    const all = await rows();
    return all.length === 20 && all.every(({ status, tries }) => status !== 'queued' && tries > 0);
  });
  await rig.skip?.(4 * DAY);
  await eventually('an end of each', async () =>
    (await rows()).every(({ status }) => status === 'sent' || status === 'unclear'),
  );
  for (const { address } of members) {
    const subjects = mails.taken
      .filter(({ recipient }) => recipient === address)
      .map(({ subject }) => subject);
    // Each once, none missing: what it took without a word is left at that.
    expect(subjects).toHaveLength(10);
    expect(new Set(subjects).size).toBe(10);
  }
  const unclear = (await rows()).filter(({ status }) => status === 'unclear');
  expect(unclear.length).toBeGreaterThan(0);
  expect(unclear).toHaveLength(mails.taken.filter(({ accepted }) => !accepted).length);
});

test('a server that cannot take it is asked again for three days, and then no more', async () => {
  mails.behave(() => 'not now');
  await gift(await memberWith('mia@example.com'), 'Course');
  const first = await eventually('the first try', async () => (await rows()).find(({ tries }) => tries > 0));
  expect(first).toMatchObject({ status: 'sending', answer: '450 4.2.0 (RCPT TO)' });
  await rig.skip?.(5 * DAY);
  await ended(first.id);
  expect(await rows()).toMatchObject([{ status: 'failed', reason: 'gave_up', tries: MAIL_TRIES }]);
  expect(mails.taken).toHaveLength(0);
});

test('scenario 67: an address that is not known is not written to again, except by a link that somebody asks for', async () => {
  mails.behave((tries) => (tries === 1 ? 'unknown address' : 'take'));
  const memberId = await memberWith('gone@example.com');
  await gift(memberId, 'Course');
  expect(await settled('failed')).toMatchObject({
    reason: 'bounced',
    tries: 1,
    answer: '550 5.1.1 (RCPT TO)',
  });
  await gift(memberId, 'Another');
  expect(await settled('suppressed')).toMatchObject({ reason: 'bounced', tries: 0 });
  expect(mails.taken).toHaveLength(0);

  const url = 'https://session.example/account/sign-in/a-secret-of-the-link';
  const expiresAt = Math.floor(Date.now() / 1000) + HOUR;
  const asked = await rig.db.$transaction((tx) =>
    queueMail(tx, rig.config.encryptionKey, {
      coachId: coach.coachId,
      mode: 'test',
      kind: 'sign_in_link',
      memberId,
      language: 'de',
      data: { url, expiresAt },
    }),
  );
  const row = await rig.db.mail.findFirstOrThrow({ where: { id: asked ?? '' } });
  expect(JSON.stringify(row)).not.toContain('secret-of-the-link');
  const sent = await settled('sent');
  expect(sent).toMatchObject({ id: asked, kind: 'sign_in_link', sealed: null });
  expect(mails.taken[0]?.subject).toContain('Ihr Link zum Anmelden');
  expect(mails.taken[0]?.html).toContain(url);
  await ended(sent.id);
  const history = await rig.client.workflow.getHandle(mailWorkflowId(sent.id)).fetchHistory();
  const told = Buffer.from(JSON.stringify(history)).toString();
  for (const hidden of ['secret-of-the-link', 'gone@example.com'])
    expect(told).not.toContain(Buffer.from(hidden).toString('base64').slice(0, 12));
  // Something has arrived there: it is written to again.
  expect(await rig.db.mailSuppression.count()).toBe(0);
});

test('scenario 65: what is not true any more when its turn comes is not sent', async () => {
  mails.behave((tries) => (tries === 1 ? 'not now' : 'take'));
  const memberId = await memberWith('mia@example.com');
  await gift(memberId, 'Course');
  await eventually('the first try', async () => (await rows()).some(({ tries }) => tries > 0));
  const { body } = await coach.call('GET', `/v1/grants?member=${memberId}`);
  await coach.call('POST', `/v1/grants/${body.data[0].id}/revoke`, {});
  const before = mails.taken.length;
  await rig.skip?.(DAY);
  const [first] = await eventually('its end', async () => {
    const all = await rows();
    return all[0]?.status === 'stale' && all;
  });
  expect(first).toMatchObject({ kind: 'gift', reason: 'over' });
  // The other one, that the access has ended, is true.
  await eventually('the other one', () => mails.taken.length === before + 1);
  expect(mails.taken.map(({ subject }) => subject)).toEqual([expect.stringContaining('has ended')]);
});

test('scenario 66: a mail that a dead worker was handing over may have arrived, and is not sent again unasked', async () => {
  await rig.stopWorker();
  await gift(await memberWith('mia@example.com'), 'Course');
  // Taken as far as the first byte, by somebody of whom nothing more is heard.
  await rig.db.mail.updateMany({
    data: { status: 'sending', handedOverAt: new Date(), leaseUntil: new Date(0) },
  });
  await rig.startWorker();
  const mail = await settled('unclear');
  expect(mail).toMatchObject({ reason: 'no_answer', tries: 1 });
  expect(mails.taken).toHaveLength(0);
  // Asked to, it is.
  const again = await coach.call('POST', `/v1/mails/${mail.id}/send-again`, {});
  expect(again.body).toMatchObject({ status: 'queued', tries: 0 });
  await settled('sent');
  expect(mails.taken).toHaveLength(1);
});
