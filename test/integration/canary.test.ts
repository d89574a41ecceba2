import { type SigningSecret, signMemberToken } from '@session/sdk';
import { hashToken } from '../../src/domain/ids';
import { createLog } from '../../src/log';
import { logSdkTo } from '../harness/temporal';
import { columnsWith, needlesIn, newCanary, runsWith } from '../support/canary';
import type { Answer } from '../support/coach-ui';
import { eventually } from '../support/eventually';
import { type Rig, startRig } from '../support/rig';
import { openSeller, type Seller } from '../support/seller';
import { PLATFORM } from '../support/stripe-side';

// What a person is called, and what opens a door, stands in no log line, metric, workflow id, search attribute, memo or
// history, least of all when something fails.

const lines: string[] = [];
const log = createLog('canary', 'trace', { write: (line: string) => void lines.push(line) });

let rig: Rig;
let seller: Seller;
let course: Answer['body'];
beforeAll(async () => {
  logSdkTo(log);
  rig = await startRig({ temporal: 'dev', log });
  seller = await openSeller(rig);
  course = await seller.offer({ unitAmount: 4900 });
});
afterAll(async () => {
  await rig.close();
  logSdkTo(null);
});

const post = (path: string, body: object = {}) => seller.coach.call('POST', path, body);

/** Everything that must stand nowhere. */
function secrets(): string[] {
  const { platformKey, encryptionKey, stripe } = rig.config;
  return [
    seller.coach.key,
    hashToken(seller.coach.key),
    platformKey,
    encryptionKey.toString('base64'),
    PLATFORM.test.secretKey,
    ...stripe.webhookSecrets.map(({ secret }) => secret),
  ];
}

/** Where any of the needles was written down, apart from the tables that hold it. */
async function leaks(needles: string[]): Promise<string[]> {
  const metrics = await fetch(`${rig.api}/metrics`, {
    headers: { authorization: `Bearer ${rig.config.platformKey}` },
  });
  return [
    ...lines.filter((line) => needlesIn(line, needles).length > 0),
    ...needlesIn(await metrics.text(), needles).map((needle) => `metrics: ${needle}`),
    ...(await runsWith(rig.client, rig.seenRuns(), needles)),
  ];
}

/** An error of the database that has the words in its text, as one about a row that breaks a rule has the row. */
async function errorWith(words: string): Promise<Error> {
  try {
    await rig.db.$queryRaw`SELECT CAST(${words}::text AS integer)`;
  } catch (error) {
    if (error instanceof Error && error.message.includes(words)) return error;
  }
  throw new Error('The database did not say the words.');
}

test('a purchase with a signed link, an address, a name', async () => {
  const canary = newCanary();
  const signing = (await post('/v1/signing-secrets')).body as SigningSecret;
  const token = await signMemberToken(
    { externalId: canary.externalId, email: canary.email },
    signing,
    Math.floor(Date.now() / 1000) + 600,
  );
  const page = `${rig.api}/buy/${course.id}?member=${token}`;
  const answered = await fetch(page, { method: 'POST', redirect: 'manual' });
  expect(answered.status).toBe(303);
  const paid = await rig.stripeSide.payWithCard(answered.headers.get('location') ?? '', '4242424242424242', {
    email: canary.email,
    billing_name: canary.name,
  });
  expect(paid.status).toBe(303);
  await eventually('the membership', async () => {
    const member = await rig.db.member.findFirst({ where: { email: canary.email } });
    return member !== null && (await rig.db.membership.count({ where: { memberId: member.id } })) > 0;
  });
  await seller.quiet();
  const needles = [canary.trace, token, token.split('.')[2] ?? '', signing.secret, ...secrets()];
  expect(await columnsWith(rig.db, [canary.trace])).toContain('member.email');
  expect(await leaks(needles)).toEqual([]);
  // The search would see it.
  expect(lines.some((line) => line.includes('/buy/:priceId'))).toBe(true);
});

test('Stripe refuses, with the address in its words', async () => {
  const canary = newCanary();
  const path = '/v1/checkout/sessions';
  await rig.stripeSide.faults({
    match: { method: 'POST', path, account: seller.accountId },
    fault: { kind: 'status', status: 400, message: `Invalid email address: ${canary.email}`, when: 'before' },
  });
  await post('/v1/members', { externalId: canary.externalId, email: canary.email });
  const refused = await seller.openFor(course, canary.externalId);
  expect(refused).toMatchObject({ status: 502, body: { code: 'stripe_refused' } });
  expect(JSON.stringify(refused.body)).not.toContain(canary.trace);
  // Tried again for a while, with the words in every try.
  await rig.stripeSide.faults({
    match: { method: 'POST', path, account: seller.accountId },
    times: 2,
    fault: { kind: 'status', status: 503, message: `${canary.name} is not served now`, when: 'before' },
  });
  expect((await seller.openFor(course, canary.externalId)).status).toBe(201);
  await rig.stripeSide.faults();
  expect(await leaks([canary.trace, ...secrets()])).toEqual([]);
});

test('requests that are not valid', async () => {
  const canary = newCanary();
  const { key } = seller.coach;
  const answers = [
    await post('/v1/members', { email: `${canary.trace} at birds` }),
    await post('/v1/members', { externalId: canary.externalId, [canary.trace]: 1 }),
    await post(`/v1/members/${canary.trace}/erase`),
    await post('/v1/grants', { member: { externalId: canary.externalId }, productId: canary.trace }),
    await seller.coach.call('GET', `/v1/members?search=${canary.trace}&cursor=${canary.trace}`),
    await seller.coach.call('GET', `/v1/access?member=${canary.email}&product=nothing`),
  ];
  for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
  const malformed = await fetch(`${rig.api}/v1/members`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: `{"email": "${canary.email}"`,
  });
  expect(malformed.status).toBe(400);
  const forged = `${key.slice(0, -4)}${canary.trace.slice(-4)}`;
  for (const header of [`Bearer ${forged}`, `Basic ${canary.trace}`])
    expect(
      (await fetch(`${rig.api}/v1/members`, { headers: { authorization: header, cookie: canary.trace } }))
        .status,
    ).toBe(401);
  expect(await leaks([canary.trace, forged, ...secrets()])).toEqual([]);
});

test('the database fails with the row in its words, in an activity and in a request', async () => {
  const canary = newCanary();
  const error = await errorWith(canary.email);
  let tries = 0;
  rig.hooks.openSession = {
    before: () => (++tries <= 2 ? Promise.reject(error) : Promise.resolve()),
  };
  expect((await seller.openFor(course, `${canary.externalId}-1`)).status).toBe(201);
  expect(tries).toBeGreaterThan(2);
  delete rig.hooks.openSession;

  await rig.db.$executeRaw`ALTER TABLE member RENAME COLUMN email TO gone`;
  const failed = await post('/v1/members', { externalId: canary.externalId, email: canary.email });
  await rig.db.$executeRaw`ALTER TABLE member RENAME COLUMN gone TO email`;
  expect(failed.status).toBe(500);
  expect(JSON.stringify(failed.body)).not.toContain(canary.trace);

  expect(await leaks([canary.trace, ...secrets()])).toEqual([]);
  // Which error it was, and where, is there for whoever has to find it.
  const told = lines.filter((line) => line.includes('request failed') || line.includes('Activity failed'));
  expect(told.filter((line) => line.includes('PrismaClientKnownRequestError')).length).toBeGreaterThanOrEqual(
    2,
  );
  expect(told.every((line) => line.includes('frames'))).toBe(true);
});
