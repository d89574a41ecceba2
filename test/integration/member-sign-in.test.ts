import { unsealMail } from '../../src/store/mails';
import { Visitor } from '../support/visitor';
import { apiFor, coachFor } from './api-support';

// The way into the member's page by an address: a link, mailed to whoever has it.
const api = apiFor('file', {
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'mails@example.com',
  RATE_LIMITS: 'sign_in_link_to=2/900,sign_in_link=1000/60',
});
const coach = coachFor('test', api);
const path = () => `/account/${coach.coachId}/test`;
const browser = () => new Visitor(api.url, { 'Accept-Language': 'en' });
const mails = () => api.db.mail.findMany({ where: { coachId: coach.coachId, kind: 'sign_in_link' } });

async function ask(email: string, visitor = browser()) {
  return visitor.press(await visitor.open(path()), 'Send me a link', { email });
}
const member = (email: string) =>
  api.call('POST', '/v1/members', { key: coach.key, body: { externalId: email, email } });

test('a link is mailed to a member; it signs in once', async () => {
  await member('ada@example.com');
  expect((await ask('Ada@Example.com')).text).toContain('Look into your mail');
  const [mail, ...others] = await mails();
  expect(others).toEqual([]);
  const sealed = mail === undefined ? null : unsealMail(api.config.encryptionKey, mail);
  const { url } = sealed?.data as { url: string };
  const link = url.slice(api.config.api.publicUrl.length);
  expect(link).toMatch(new RegExp(`^${path()}/sign-in/[\\w-]{43}$`));
  const token = link.split('/').at(-1) ?? '';
  const row = await api.db.memberLink.findFirstOrThrow({ where: { coachId: coach.coachId } });
  expect(row.hash).not.toBe(token);
  expect(row.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  const ada = browser();
  const page = await ada.press(await ada.open(link), 'Yes, sign in');
  expect(page.text).toContain('Signed in as ada@example.com.');
  expect((await browser().open(link)).status).toBe(400);
});

test('the answer is the same for an address that nobody has, and nothing is mailed', async () => {
  await member('ada@example.com');
  const plain = (text: string) => text.replaceAll(/nonce="[^"]+"|ada@|eve@/g, '');
  const [known, unknown] = [await ask('ada@example.com'), await ask('eve@example.com')];
  expect(unknown.status).toBe(known.status);
  expect(plain(unknown.text)).toBe(plain(known.text));
  expect(await mails()).toHaveLength(1);
});

test('so many to one address, known or not, and to no other', async () => {
  await member('ada@example.com');
  for (const email of ['ada@example.com', 'eve@example.com']) {
    await ask(email);
    await ask(email);
    const refused = await ask(email);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('Retry-After')).toMatch(/^\d+$/);
  }
  expect(await mails()).toHaveLength(2);
  expect((await ask('mia@example.com')).status).toBe(200);
});

test('a form of another site mails nothing, and what is no address is said', async () => {
  await member('ada@example.com');
  const ada = browser();
  const form = (await ada.open(path())).forms[0];
  const body = new URLSearchParams({ ...form?.fields, email: 'ada@example.com' });
  await ada.send(`${path()}/sign-in`, { method: 'POST', body, headers: { 'Sec-Fetch-Site': 'cross-site' } });
  await browser().send(`${path()}/sign-in`, { method: 'POST', body });
  expect(await mails()).toEqual([]);
  expect(await ask('nobody')).toMatchObject({ status: 400 });
});
