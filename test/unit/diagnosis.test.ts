import { diagnose } from '../../src/domain/diagnosis';
import type { AccountNow, DiagnosisFacts } from '../../src/domain/diagnosis-facts';
import type { FindingStatus } from '../../src/domain/finding';
import type { EndpointFacts } from '../../src/domain/webhook-endpoints';
import { NOW } from '../support/facts';

const HERE = 'https://pay.example/webhooks/stripe';
const ENDPOINT: EndpointFacts = {
  id: 'we_1',
  url: HERE,
  scope: 'connect',
  enabled: true,
  events: ['account.updated', 'invoice.paid'],
  apiVersion: 'v1',
  managed: true,
};
const NOTHING_DUE = {
  currentlyDue: [],
  eventuallyDue: [],
  pastDue: [],
  pendingVerification: [],
  disabledReason: null,
  currentDeadline: null,
};
type Account = Exclude<AccountNow, string>;
const account = (over: Partial<Account> = {}, due: Partial<Account['requirements']> = {}): Account => ({
  accountId: 'acct_1',
  chargesEnabled: true,
  payoutsEnabled: true,
  detailsSubmitted: true,
  defaultCurrency: 'eur',
  country: 'DE',
  platformControlled: false,
  accountName: 'Ada Coaching',
  ...over,
  requirements: { ...NOTHING_DUE, ...due },
});
const connection = (
  over: Partial<NonNullable<DiagnosisFacts['connection']>> = {},
): DiagnosisFacts['connection'] => ({
  status: 'connected',
  flow: 'oauth',
  accountId: 'acct_1',
  chargesEnabled: true,
  requirements: NOTHING_DUE,
  endReason: null,
  ...over,
});
const WELL: DiagnosisFacts = {
  mode: 'test',
  connection: connection(),
  account: account(),
  taxMissing: [],
  endpoints: [ENDPOINT],
  wanted: { url: HERE, scope: 'connect', events: ['account.updated', 'invoice.paid'], apiVersion: 'v1' },
  lastEvent: { ofAccount: { type: 'invoice.paid', at: NOW }, ofAny: { type: 'invoice.paid', at: NOW } },
  undelivered: { count: 0, newest: null },
  inbox: { late: 0, parked: 0 },
  defaultCurrency: 'eur',
  foreignPrices: [],
};
const look = (over: Partial<DiagnosisFacts>) => diagnose({ ...WELL, ...over });
const one = (over: Partial<DiagnosisFacts>, code: string) => {
  const found = look(over).findings.find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`${code} was not looked at`);
  return found;
};
const endpoint = (over: Partial<EndpointFacts>) => ({ endpoints: [{ ...ENDPOINT, ...over }] });
const GONE = { account: 'gone', connection: connection() } as const;
const NONE = { account: null, undelivered: null, lastEvent: { ofAccount: null, ofAny: null } } as const;

test('where all is well everything is looked at, and nothing is to be done', () => {
  const { overall, findings } = look({});
  expect(overall).toBe('ok');
  expect(findings.map(({ code }) => code)).toEqual([
    'connection.link',
    'connection.verification',
    'connection.charges',
    'connection.payouts',
    'connection.checkout',
    'connection.tax',
    'connection.control',
    'webhook.endpoint',
    'webhook.scope',
    'webhook.address',
    'webhook.status',
    'webhook.events',
    'webhook.version',
    'webhook.last_event',
    'webhook.deliveries',
    'webhook.inbox',
    'currency.default',
  ]);
  for (const { status, todo, operatorTodo } of findings)
    expect([status, todo, operatorTodo]).toEqual(['ok', null, null]);
});

describe('what is wrong is named, with what to do', () => {
  test.each<[string, Partial<DiagnosisFacts>, string, FindingStatus, RegExp, RegExp | null]>([
    [
      'never connected',
      { ...NONE, connection: null },
      'connection.link',
      'attention',
      /No Stripe account/,
      /POST \/v1\/connection/,
    ],
    [
      'an attempt that failed',
      { ...NONE, connection: connection({ status: 'failed', endReason: 'account_in_use', accountId: null }) },
      'connection.link',
      'problem',
      /another coach/,
      /Connect again/,
    ],
    [
      'an attempt that was refused',
      { ...NONE, connection: connection({ status: 'denied', accountId: null }) },
      'connection.control',
      'attention',
      /another platform created and controls/,
      /another account/,
    ],
    ['a link that Stripe cut', GONE, 'connection.link', 'problem', /acct_1 any more/, /Connect again/],
    [
      'a link that Stripe cut earlier',
      { ...NONE, connection: connection({ status: 'disconnected', endReason: 'deauthorized_at_stripe' }) },
      'connection.link',
      'problem',
      /Stripe side/,
      /Connect again/,
    ],
    [
      'verification due',
      { account: account({}, { currentlyDue: ['external_account'], currentDeadline: NOW }) },
      'connection.verification',
      'attention',
      /a bank account for payouts\. It is due by 2027-02-16/,
      /Stripe Dashboard/,
    ],
    [
      'verification overdue, of an account that was created here',
      {
        connection: connection({ flow: 'account_links' }),
        account: account({ platformControlled: true }, { pastDue: ['external_account'] }),
      },
      'connection.verification',
      'problem',
      /a bank account/,
      /POST \/v1\/connection answers/,
    ],
    [
      'verification under way',
      { account: account({}, { pendingVerification: ['individual.id_number'] }) },
      'connection.verification',
      'attention',
      /still checking/,
      /Wait/,
    ],
    [
      'no business name, without which Checkout opens for nobody',
      { account: account({ accountName: null }) },
      'connection.checkout',
      'problem',
      /nobody can buy/,
      /name in your Stripe Dashboard/,
    ],
    [
      'automatic tax without a head office: https://docs.stripe.com/tax/settings-api',
      { taxMissing: ['head_office'] },
      'connection.tax',
      'problem',
      /address of your head office.*nobody can buy/,
      /Stripe Dashboard, or switch automatic tax off/,
    ],
    [
      'Stripe Tax that does not answer',
      { taxMissing: 'unreachable' },
      'connection.tax',
      'unknown',
      /in time/,
      /again/,
    ],
    [
      'no charges',
      { account: account({ chargesEnabled: false }, { disabledReason: 'rejected.fraud' }) },
      'connection.charges',
      'problem',
      /rejected/,
      /support/,
    ],
    [
      'no payouts',
      { account: account({ payoutsEnabled: false }) },
      'connection.payouts',
      'attention',
      /stays at Stripe/,
      /Dashboard/,
    ],
    [
      'no endpoint',
      { endpoints: [] },
      'webhook.endpoint',
      'problem',
      /no webhook endpoint for https:\/\/pay/,
      /Session has to/,
    ],
    [
      'scenario 17: an endpoint for the own account only',
      endpoint({ scope: 'platform' }),
      'webhook.scope',
      'problem',
      /own account only/,
      /Session has to/,
    ],
    [
      'scenario 02: an endpoint of ours at another address',
      endpoint({ url: 'https://old.example/webhooks/stripe' }),
      'webhook.address',
      'problem',
      /sends to https:\/\/old\.example\/webhooks\/stripe, but Session listens at https:\/\/pay/,
      /Session has to/,
    ],
    [
      'scenario 02: somebody’s endpoint at another address',
      endpoint({ url: 'https://typo.example/', managed: false }),
      'webhook.address',
      'problem',
      /https:\/\/typo\.example\//,
      /Session has to/,
    ],
    [
      'scenario 17: an endpoint that is off',
      endpoint({ enabled: false }),
      'webhook.status',
      'problem',
      /disabled/,
      /Session has to/,
    ],
    [
      'scenario 17: a list that lacks events',
      endpoint({ events: ['account.updated'] }),
      'webhook.events',
      'problem',
      /missing: invoice\.paid/,
      /Session has to/,
    ],
    [
      'another version',
      endpoint({ apiVersion: null }),
      'webhook.version',
      'attention',
      /version of the Stripe account/,
      /Session has to/,
    ],
    [
      'scenario 17: nothing ever arrived from the account',
      {
        lastEvent: { ofAccount: null, ofAny: { type: 'x', at: NOW } },
        undelivered: { count: 1, newest: { type: 'invoice.paid', at: NOW } },
      },
      'webhook.last_event',
      'attention',
      /Nothing has arrived from this account yet\. From any connected account, the last one came 2027-02-16/,
      /Session has to/,
    ],
    [
      'events that Stripe has and we have not',
      { undelivered: { count: 2, newest: { type: 'invoice.paid', at: NOW } } },
      'webhook.deliveries',
      'problem',
      /2 events of this account that never arrived here\. The newest is invoice\.paid of 2027-02-16/,
      /Session has to/,
    ],
    [
      'parked events',
      { inbox: { late: 3, parked: 1 } },
      'webhook.inbox',
      'problem',
      /1 event of/,
      /Session has to/,
    ],
    [
      'late events',
      { inbox: { late: 1, parked: 0 } },
      'webhook.inbox',
      'attention',
      /1 event .* waits/,
      /Look again/,
    ],
    [
      'prices in another currency',
      { foreignPrices: Array.from({ length: 7 }, () => ({ name: 'Yoga', currency: 'usd' })) },
      'currency.default',
      'attention',
      /is EUR.*Yoga \(USD\).* and 2 more/,
      /default currency in your Stripe account/,
    ],
    [
      'no default currency',
      { defaultCurrency: null },
      'currency.default',
      'attention',
      /No|names/,
      /default currency/,
    ],
  ])('%s', (_, over, code, status, detail, todo) => {
    const found = one(over, code);
    expect(found.status).toBe(status);
    expect(found.detail).toMatch(detail);
    if (todo !== null) expect(found.todo).toMatch(todo);
  });

  test('what the platform has to repair says so to the coach, and the command to the operator', () => {
    const { findings } = look(endpoint({ enabled: false, events: [], apiVersion: 'v0' }));
    const broken = findings.filter(({ status }) => status !== 'ok');
    expect(broken.map(({ code }) => code)).toEqual(['webhook.status', 'webhook.events', 'webhook.version']);
    for (const { todo, operatorTodo } of broken)
      expect([todo, operatorTodo]).toEqual([
        expect.stringContaining('Session has to repair this'),
        expect.stringContaining('npm run stripe:setup'),
      ]);
  });
});

test.each<[FindingStatus, Partial<DiagnosisFacts>]>([
  ['problem', { ...endpoint({ enabled: false }), inbox: { late: 1, parked: 0 }, account: 'unreachable' }],
  ['attention', { inbox: { late: 1, parked: 0 }, account: 'unreachable' }],
  ['unknown', { account: 'unreachable' }],
])('the gravest finding speaks for all: %s', (overall, over) => {
  expect(look(over).overall).toBe(overall);
});

test('what Stripe does not answer is unknown, and the rest is said all the same', () => {
  const { findings } = look({
    account: 'unreachable',
    endpoints: 'unreachable',
    undelivered: 'unreachable',
    defaultCurrency: null,
  });
  const unknown = findings.filter(({ status }) => status === 'unknown').map(({ code }) => code);
  expect(unknown).toEqual([
    'connection.account',
    'webhook.endpoint',
    'webhook.deliveries',
    'currency.default',
  ]);
  expect(findings.find(({ code }) => code === 'webhook.inbox')?.status).toBe('ok');
});

test('an account that nothing happened on yet lacks no event', () => {
  expect(one({ lastEvent: { ofAccount: null, ofAny: null } }, 'webhook.last_event').status).toBe('ok');
  expect(one({ ...NONE, connection: null }, 'webhook.last_event').status).toBe('ok');
});

test('a stranger’s endpoint is not judged by what else it is like', () => {
  const { findings } = look(
    endpoint({ url: 'https://x.example/', managed: false, enabled: false, events: [] }),
  );
  expect(findings.filter(({ area, status }) => area === 'webhook' && status !== 'ok')).toMatchObject([
    { code: 'webhook.address' },
  ]);
});

test('an account that was created here says what becomes of it', () => {
  const found = one({ account: account({ platformControlled: true }) }, 'connection.control');
  expect(found).toMatchObject({ status: 'ok' });
  expect(found.detail).toContain('yours alone');
});

describe('a coach who is no engineer reads', () => {
  const ACCOUNT_CONTROLLED = { account: account({ platformControlled: true }) };
  const SILENT = { lastEvent: { ofAccount: null, ofAny: null } };
  test.each<[string, Partial<DiagnosisFacts>, string, string]>([
    ['connection.link', {}, 'A Stripe account is connected', 'acct_1 is connected in test mode.'],
    [
      'connection.link',
      GONE,
      'The link was removed at Stripe',
      'Stripe does not let Session read the account acct_1 any more: the access was taken back there.',
    ],
    ['connection.verification', {}, 'The verification is complete', 'Stripe wants nothing more.'],
    [
      'connection.verification',
      { account: account({}, { eventuallyDue: ['external_account'] }) },
      'The verification is complete',
      'Nothing is due now; one day Stripe will want: a bank account for payouts.',
    ],
    [
      'connection.verification',
      { account: account({}, { currentlyDue: ['external_account'] }) },
      'Stripe still wants something',
      'Stripe wants: a bank account for payouts.',
    ],
    ['connection.payouts', {}, 'Stripe pays out', 'What is earned is paid out to the bank account.'],
    [
      'connection.payouts',
      { account: account({ payoutsEnabled: false }) },
      'Stripe does not pay out',
      'Members can pay, if payments are accepted, but the money stays at Stripe for now.',
    ],
    [
      'connection.control',
      {},
      'The account is free to be connected',
      'No other platform controls the account.',
    ],
    [
      'connection.control',
      { ...NONE, connection: null },
      'The account is free to be connected',
      'Nothing is known to stand in the way of a connection.',
    ],
    [
      'connection.control',
      { ...NONE, connection: connection({ flow: 'account_links', status: 'failed' }) },
      'The account is free to be connected',
      'Nothing is known to stand in the way of a connection.',
    ],
    [
      'connection.control',
      GONE,
      'Some accounts cannot be connected',
      'An account that another platform created and controls cannot be connected here: on its page, Stripe offers to create a separate one instead.',
    ],
    [
      'connection.control',
      ACCOUNT_CONTROLLED,
      'The account was created here',
      'Session administers the link. After disconnecting, the account is yours alone; connecting again then creates another, or takes it by OAuth.',
    ],
    ['webhook.endpoint', {}, 'A webhook is configured', 'Stripe has the endpoint we_1 in test mode.'],
    [
      'webhook.endpoint',
      { endpoints: [] },
      'No webhook is configured',
      `In test mode, the platform’s Stripe account has no webhook endpoint for ${HERE}.`,
    ],
    [
      'webhook.scope',
      {},
      'The webhook hears of connected accounts',
      'It listens to events on connected accounts.',
    ],
    [
      'webhook.scope',
      endpoint({ scope: 'platform' }),
      'The webhook hears of the wrong account',
      'The endpoint we_1 listens to the platform’s own account only, so nothing that happens on a coach’s account arrives.',
    ],
    ['webhook.address', {}, 'The webhook goes to the right address', `Stripe sends to ${HERE}.`],
    [
      'webhook.address',
      endpoint({ url: 'https://old.example/' }),
      'The webhook goes to a wrong address',
      `Stripe sends to https://old.example/, but Session listens at ${HERE}.`,
    ],
    ['webhook.status', {}, 'The webhook is switched on', 'Stripe delivers to it.'],
    [
      'webhook.status',
      endpoint({ enabled: false }),
      'The webhook is switched off',
      'Stripe has the endpoint we_1, but it is disabled.',
    ],
    ['webhook.events', {}, 'The webhook sends every event', 'Every type of event that is needed is sent.'],
    [
      'webhook.events',
      endpoint({ events: [] }),
      'The webhook does not send every event',
      'These are missing: account.updated, invoice.paid.',
    ],
    ['webhook.version', {}, 'The webhook has the right version', 'Events are written in v1.'],
    [
      'webhook.version',
      endpoint({ apiVersion: 'v0' }),
      'The webhook has another API version',
      'Events are written in v0, not in v1. State is asked for all the same; only the last events of an account that leaves are read.',
    ],
    [
      'webhook.last_event',
      {},
      'The last event that arrived',
      'Of this account: invoice.paid, 2027-02-16T12:00:00.000Z. From any connected account, the last one came 2027-02-16T12:00:00.000Z.',
    ],
    [
      'webhook.last_event',
      SILENT,
      'The last event that arrived',
      'Nothing has arrived from this account yet. Nothing has arrived from any connected account yet.',
    ],
    [
      'webhook.deliveries',
      {},
      'Nothing is missing',
      'Every event that Stripe has of this account has arrived.',
    ],
    [
      'webhook.deliveries',
      { undelivered: { count: 1, newest: null } },
      'Events are missing',
      'Stripe has 1 event of this account that never arrived here.',
    ],
    ['webhook.inbox', {}, 'What arrived is settled', 'No event of this account waits.'],
    [
      'webhook.inbox',
      { inbox: { late: 2, parked: 0 } },
      'Events wait',
      '2 events of this account arrived more than a minute ago and wait to be settled.',
    ],
    [
      'webhook.inbox',
      { inbox: { late: 0, parked: 2 } },
      'Events are parked',
      '2 events of this account arrived, but could not be settled after many attempts.',
    ],
    ['currency.default', {}, 'One currency', 'Every active price is in EUR, the account’s own.'],
    [
      'currency.default',
      { foreignPrices: [{ name: 'Yoga', currency: 'usd' }] },
      'Prices in another currency',
      'The account’s default currency is EUR, and these prices are in another one: Yoga (USD). Stripe converts what is paid, for a fee.',
    ],
  ])('%s: %j', (code, over, title, detail) => {
    expect(one(over, code)).toMatchObject({ title, detail });
  });

  test.each<[string, Partial<DiagnosisFacts>, FindingStatus]>([
    ['of an account that is connected', {}, 'attention'],
    ['of an account that is gone', GONE, 'ok'],
    ['where there is no account', NONE, 'ok'],
  ])('that no default currency is known: %s', (_, over, status) => {
    expect(one({ ...over, defaultCurrency: null }, 'currency.default')).toMatchObject({
      status,
      title: 'No default currency is known',
      detail: 'A price is made in the currency that it names.',
    });
  });

  test.each<[string, DiagnosisFacts['undelivered'], FindingStatus]>([
    ['Stripe has events of it', { count: 1, newest: null }, 'attention'],
    ['Stripe did not say', 'unreachable', 'attention'],
    ['Stripe was not asked', null, 'attention'],
    ['Stripe has none either', { count: 0, newest: null }, 'ok'],
  ])('that nothing arrived from an account: %s', (_, undelivered, status) => {
    const { status: found, operatorTodo } = one({ ...SILENT, undelivered }, 'webhook.last_event');
    expect(found).toBe(status);
    if (status === 'ok') expect(operatorTodo).toBeNull();
    else expect(operatorTodo).toMatch(/deliveries in Stripe’s Dashboard/);
  });
});

test('what Stripe Tax wants is asked only where tax is worked out', () => {
  const codes = look({ taxMissing: null }).findings.map(({ code }) => code);
  expect(codes).not.toContain('connection.tax');
  expect(codes).toContain('connection.checkout');
});
