import { startEmulator } from '@session/stripe-emulator';
import { newId } from '../../src/domain/ids';
import { setUpStripe } from '../../src/setup/stripe-setup';
import { createStripeClients, STRIPE_API_VERSION } from '../../src/stripe/client';
import { EVENT_TYPES } from '../../src/stripe/event-types';
import { createStripeSide, PLATFORM, type StripeSide } from '../support/stripe-side';
import { type ApiTest, createCoach, createPrice, startApi, type TestCoach } from './api-support';

interface Finding {
  code: string;
  helpPageRow: string;
  status: string;
  detail: string;
  todo: string | null;
  operatorTodo: string | null;
}
type Events = Parameters<ReturnType<typeof stripe>['webhookEndpoints']['create']>[0]['enabled_events'];

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let side: StripeSide;
let api: ApiTest;
let coach: TestCoach;
let accountId: string;
let here: string;

beforeAll(async () => {
  emulator = await startEmulator({ port: 0, log: () => undefined });
  side = createStripeSide(emulator.url);
  api = await startApi({
    STRIPE_API_BASE: emulator.url,
    STRIPE_CONNECT_BASE: emulator.url,
    STRIPE_TEST_SECRET_KEY: PLATFORM.test.secretKey,
    STRIPE_TEST_CLIENT_ID: PLATFORM.test.clientId,
    STRIPE_LIVE_SECRET_KEY: PLATFORM.live.secretKey,
    STRIPE_LIVE_CLIENT_ID: PLATFORM.live.clientId,
  });
  here = `${api.config.api.publicUrl}/webhooks/stripe`;
});
afterAll(async () => {
  await api.close();
  await emulator.close();
});
beforeEach(async () => {
  await side.control('POST', '/reset');
  coach = await createCoach(api);
  accountId = await connect(coach);
});

const stripe = () => createStripeClients(api.config.stripe).of('test');
const setUp = () =>
  setUpStripe({ publicUrl: api.config.api.publicUrl, stripe: api.config.stripe }, { check: false });

/** A coach whose account is connected at Stripe, and whose run has noted that. */
async function connect(whose: TestCoach, account: object = {}): Promise<string> {
  const id = await side.newAccount({ verified: true, country: 'DE', ...account });
  await side.connect(id, whose.mode);
  await api.db.connection.create({
    data: {
      id: newId('connection'),
      coachId: whose.coachId,
      mode: whose.mode,
      status: 'connected',
      accountId: id,
      chargesEnabled: true,
      defaultCurrency: 'eur',
      connectedAt: new Date(Date.now() - 60_000),
    },
  });
  return id;
}

async function diagnosis(whose: TestCoach = coach) {
  const { status, body } = await api.call('GET', '/v1/connection/diagnosis', { key: whose.key });
  expect(status).toBe(200);
  const findings = body['findings'] as Finding[];
  const one = (code: string): Finding => {
    const found = findings.find((finding) => finding.code === code);
    if (found === undefined) throw new Error(`${code} was not looked at`);
    return found;
  };
  return { overall: body['overall'], findings, one };
}
const notOk = ({ findings }: { findings: Finding[] }) =>
  findings.filter(({ status }) => status !== 'ok').map(({ code }) => code);

function arrived(
  type: string,
  over: { accountId?: string; status?: 'parked' | 'waiting'; at?: number } = {},
) {
  return api.db.inbox.create({
    data: {
      mode: 'test',
      eventId: `evt_${newId('hint')}`,
      accountId: over.accountId ?? accountId,
      type,
      payload: {},
      status: over.status ?? 'done',
      receivedAt: new Date(over.at ?? Date.now()),
    },
  });
}
const endpointAt = (url: string, over: object = {}) =>
  stripe().webhookEndpoints.create({
    url,
    connect: true,
    enabled_events: EVENT_TYPES as Events,
    api_version: STRIPE_API_VERSION,
    ...over,
  });

test('a connected account behind a webhook as npm run stripe:setup makes it: all is well', async () => {
  await setUp();
  const looked = await diagnosis();
  expect(notOk(looked)).toEqual([]);
  expect(looked.overall).toBe('ok');
  expect([...new Set(looked.findings.map(({ helpPageRow }) => helpPageRow))]).toEqual([
    'Connection fails',
    'Payments not creating access',
    'Wrong currency',
    // No mail server here: it is said, and nothing is wrong with it.
    'Mails not arriving',
  ]);
  expect(looked.one('mail.server').status).toBe('ok');
});

test('scenario 02: an endpoint at a wrong address is named', async () => {
  await endpointAt('https://old.example/webhooks/stripe');
  const { overall, one } = await diagnosis();
  expect(overall).toBe('problem');
  expect(one('webhook.address')).toMatchObject({
    status: 'problem',
    helpPageRow: 'Payments not creating access',
  });
  expect(one('webhook.address').detail).toContain('https://old.example/webhooks/stripe');
  expect(one('webhook.address').detail).toContain(here);
  expect(one('webhook.address').operatorTodo).toContain('npm run stripe:setup');

  await setUp();
  expect((await diagnosis()).one('webhook.address').status).toBe('ok');
});

test('scenario 17: diagnosis checks scope, event list, status and the last event received', async () => {
  expect((await diagnosis()).one('webhook.endpoint').status).toBe('problem');

  await endpointAt(here, { connect: false });
  const wrongScope = (await diagnosis()).one('webhook.scope');
  expect(wrongScope.status).toBe('problem');
  expect(wrongScope.detail).toContain('own account only');

  const { id } = await endpointAt(here, { enabled_events: ['account.updated'] });
  await stripe().webhookEndpoints.update(id, { disabled: true });
  const poor = await diagnosis();
  expect(notOk(poor)).toEqual(['webhook.status', 'webhook.events']);
  expect(poor.one('webhook.events').detail).toContain('invoice.paid');
  expect(poor.one('webhook.events').detail).not.toContain('account.updated');

  await setUp();
  await arrived('invoice.paid', { at: Date.parse('2026-01-02T03:04:05.000Z') });
  const well = await diagnosis();
  expect(well.overall).toBe('ok');
  expect(well.one('webhook.last_event').detail).toContain('invoice.paid, 2026-01-02T03:04:05.000Z');
});

test('what Stripe has and never arrived is counted, by asking Stripe', async () => {
  await setUp();
  await side.webhooks(false, { account: accountId });
  await side.trigger('verification_due', { account: accountId, livemode: false });
  await api.db.accountClock.create({ data: { mode: 'test', accountId, offsetSeconds: 120 } });
  const { one } = await diagnosis();
  expect(one('webhook.deliveries')).toMatchObject({ status: 'problem' });
  expect(one('webhook.deliveries').detail).toMatch(/1 event .* The newest is account\.updated/);
  expect(one('webhook.last_event').status).toBe('attention');

  const [event] = (await stripe().events.list({ type: 'account.updated' }, { stripeAccount: accountId }))
    .data;
  const row = await arrived('account.updated');
  await api.db.inbox.update({ where: { id: row.id }, data: { eventId: event?.id ?? '' } });
  expect((await diagnosis()).one('webhook.deliveries').status).toBe('ok');
});

test('what Stripe wants, and what the account may do, is asked of Stripe and not of our row', async () => {
  await setUp();
  await side.trigger('account_restricted', { account: accountId, livemode: false });
  const { one, overall } = await diagnosis();
  expect(overall).toBe('problem');
  expect(one('connection.verification').detail).toContain('an identity document');
  expect(one('connection.charges')).toMatchObject({ status: 'problem' });
  expect(one('connection.payouts')).toMatchObject({ status: 'attention' });
});

test('a business without a name, and tax without a head office, are named before a buyer meets them', async () => {
  await setUp();
  const nameless = await createCoach(api);
  accountId = await connect(nameless, { businessName: null });
  const choice = { origins: [], automaticTax: true };
  const chosen = await api.call('PUT', '/v1/settings', { key: nameless.key, body: choice });
  expect(chosen.status).toBe(200);
  const poor = await diagnosis(nameless);
  expect(notOk(poor)).toEqual(expect.arrayContaining(['connection.checkout', 'connection.tax']));
  expect(poor.overall).toBe('problem');
  expect(poor.one('connection.tax').detail).toContain('head office');

  await stripe().accounts.update(accountId, { business_profile: { name: 'Ada Coaching' } });
  await stripe().tax.settings.update(
    { head_office: { address: { country: 'DE', city: 'Berlin' } } },
    { stripeAccount: accountId },
  );
  const well = await diagnosis(nameless);
  expect(well.one('connection.checkout').detail).toContain('Ada Coaching');
  expect(well.one('connection.tax').status).toBe('ok');
});

test('a link that was removed at Stripe is seen before any event says so', async () => {
  await setUp();
  await side.trigger('deauthorize', { account: accountId, livemode: false });
  expect((await diagnosis()).one('connection.link')).toMatchObject({
    status: 'problem',
    todo: 'Connect again: POST /v1/connection.',
  });
});

test('a price in another currency than the account’s own is named', async () => {
  await setUp();
  await createPrice(api, coach, accountId, { unitAmount: 4900, currency: 'usd' });
  await createPrice(api, coach, accountId);
  const found = (await diagnosis()).one('currency.default');
  expect(found).toMatchObject({ status: 'attention', helpPageRow: 'Wrong currency' });
  expect(found.detail).toContain('Morning yoga (USD)');
});

test('while Stripe does not answer, that is said, and the rest all the same', async () => {
  await setUp();
  await arrived('invoice.paid', { status: 'parked' });
  await side.faults({ match: {}, fault: { kind: 'status', status: 500, when: 'before' } });
  const looked = await diagnosis();
  expect(notOk(looked)).toEqual([
    'connection.account',
    'webhook.endpoint',
    'webhook.deliveries',
    'webhook.inbox',
  ]);
});

test('one coach sees nothing of another', async () => {
  await setUp();
  const other = await createCoach(api);
  const theirs = await connect(other);
  await arrived('invoice.paid', { accountId: theirs, status: 'parked' });
  await createPrice(api, other, theirs, { unitAmount: 4900, currency: 'usd' });
  const { body, text } = await api.call('GET', '/v1/connection/diagnosis', { key: coach.key });
  expect(body['overall']).toBe('ok');
  expect(text).not.toContain(theirs);
  expect((await diagnosis(other)).one('webhook.inbox').status).toBe('problem');
});

test('the modes are looked at apart, and a coach without a connection is told the way', async () => {
  await setUp();
  const live = await api.call('POST', `/v1/coaches/${coach.coachId}/api-keys`, {
    key: api.config.platformKey,
    body: { mode: 'live' },
  });
  const { overall, one } = await diagnosis({ ...coach, mode: 'live', key: live.body['key'] as string });
  expect(overall).toBe('attention');
  expect(one('connection.link')).toMatchObject({
    status: 'attention',
    todo: 'Connect one: POST /v1/connection.',
  });
});
