import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../src/config/environment';
import { loadCodecServerConfig } from '../../src/config/codec-server-config';
import { loadConfig } from '../../src/config/config';
import { loadDatabaseUrl } from '../../src/config/database-url';
import { loadStripeSetupConfig } from '../../src/config/stripe-setup-config';

const ENV = {
  DATABASE_URL: 'postgresql://u:p@localhost:5432/db',
  TEMPORAL_ADDRESS: 'localhost:7233',
  PUBLIC_URL: 'http://localhost:4000/',
  PLATFORM_KEY: 'platform-key-of-the-tests-0123456789',
  ENCRYPTION_KEY: Buffer.from('32 bytes that nobody would guess').toString('base64'),
  STRIPE_API_BASE: 'http://localhost:12111',
  STRIPE_TEST_SECRET_KEY: 'sk_test_1',
  STRIPE_TEST_CLIENT_ID: 'ca_1',
  STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'whsec_1',
};
const LIVE = {
  STRIPE_LIVE_SECRET_KEY: 'rk_live_1',
  STRIPE_LIVE_CLIENT_ID: 'ca_2',
  STRIPE_LIVE_CONNECT_WEBHOOK_SECRET: 'whsec_2,whsec_3',
  STRIPE_LIVE_PLATFORM_WEBHOOK_SECRET: ' whsec_4 ',
};

function refusal(over: Record<string, string | undefined>): string {
  try {
    loadConfig({ ...ENV, ...over });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('it started');
}

test('a complete environment starts, with the defaults', () => {
  expect(loadConfig(ENV)).toMatchObject({
    temporal: { namespace: 'default', taskQueue: 'session-payments', uiUrl: null },
    api: { publicUrl: 'http://localhost:4000' },
    stripe: {
      modes: { test: { secretKey: 'sk_test_1', clientId: 'ca_1' } },
      webhookSecrets: [{ secret: 'whsec_1', scope: 'connect', mode: 'test' }],
    },
    localClock: false,
    relayPollSeconds: 5,
    checkoutPollSeconds: 120,
  });
});

test('each mode has its own secrets, several of each during a rotation', () => {
  const { stripe } = loadConfig({ ...ENV, ...LIVE });
  expect(stripe.modes).toMatchObject({ test: { clientId: 'ca_1' }, live: { clientId: 'ca_2' } });
  expect(stripe.webhookSecrets).toEqual([
    { secret: 'whsec_1', scope: 'connect', mode: 'test' },
    { secret: 'whsec_2', scope: 'connect', mode: 'live' },
    { secret: 'whsec_3', scope: 'connect', mode: 'live' },
    { secret: 'whsec_4', scope: 'platform', mode: 'live' },
  ]);
});

test('coaches connect by OAuth unless told; account links lead back over HTTPS in live mode', () => {
  const links = { CONNECT_FLOW: 'account_links', ...LIVE };
  expect(loadConfig(ENV).stripe.connectFlow).toBe('oauth');
  expect(loadConfig({ ...ENV, ...links }).stripe.connectFlow).toBe('account_links');
  const atStripe = { ...links, STRIPE_API_BASE: undefined };
  expect(refusal(atStripe)).toContain('PUBLIC_URL');
  const { stripe } = loadConfig({ ...ENV, ...atStripe, PUBLIC_URL: 'https://pay.example' });
  expect(stripe.connectFlow).toBe('account_links');
  expect(refusal({ CONNECT_FLOW: 'express' })).toContain('CONNECT_FLOW');
});

test('the checkout asks Stripe within 5 minutes of a payment unless told otherwise', () => {
  expect(loadConfig(ENV).checkoutPollSeconds).toBeLessThanOrEqual(300);
});

test.each([
  ['empty', ''],
  ['blank', '   '],
  ['one of two blank', 'whsec_1,'],
  ['only commas', ','],
])('scenario 16: a webhook secret that is %s refuses to start', (_name, secret) => {
  for (const scope of ['CONNECT', 'PLATFORM'])
    expect(refusal({ [`STRIPE_TEST_${scope}_WEBHOOK_SECRET`]: secret })).toContain(
      `STRIPE_TEST_${scope}_WEBHOOK_SECRET`,
    );
});

test('scenario 16: a mode without a webhook secret refuses to start', () => {
  expect(refusal({ STRIPE_TEST_CONNECT_WEBHOOK_SECRET: undefined })).toContain(
    'STRIPE_TEST_CONNECT_WEBHOOK_SECRET',
  );
});

test.each([
  ['DATABASE_URL', undefined],
  ['DATABASE_URL', 'mysql://localhost/db'],
  ['TEMPORAL_ADDRESS', ''],
  ['PUBLIC_URL', 'localhost'],
  ['PLATFORM_KEY', 'short'],
  ['ENCRYPTION_KEY', Buffer.alloc(16).toString('base64')],
  ['STRIPE_TEST_SECRET_KEY', 'sk_live_1'],
  ['STRIPE_LIVE_SECRET_KEY', 'sk_test_1'],
  ['STRIPE_TEST_CLIENT_ID', undefined],
  ['STRIPE_TEST_SECRET_KEY', undefined],
  ['API_PORT', '70000'],
  ['CHECKOUT_POLL_SECONDS', '0'],
  ['LOG_LEVEL', 'loud'],
])('%s = %j is refused by name', (name, value) => {
  expect(refusal({ [name]: value })).toContain(name);
});

test('what is old goes by setting, never before Stripe has forgotten it', () => {
  expect(loadConfig(ENV).retention).toEqual({
    eventBodyDays: 30,
    eventDays: 90,
    idempotencyHours: 24,
    factDays: 90,
    auditDays: 730,
  });
  expect(
    loadConfig({ ...ENV, RETENTION_EVENT_BODY_DAYS: '7', RETENTION_EVENT_DAYS: '35' }).retention,
  ).toEqual({
    eventBodyDays: 7,
    eventDays: 35,
    idempotencyHours: 24,
    factDays: 90,
    auditDays: 730,
  });
  for (const [name, value] of [
    ['RETENTION_EVENT_DAYS', '34'],
    ['RETENTION_EVENT_BODY_DAYS', '0'],
    ['RETENTION_IDEMPOTENCY_HOURS', '23'],
    ['RETENTION_FACT_DAYS', '0'],
    ['RETENTION_AUDIT_DAYS', '89'],
    ['RETENTION_MINUTES', '0'],
  ] as const)
    expect(refusal({ [name]: value })).toContain(name);
});

test('receivers are on this machine only against an emulator', () => {
  expect(refusal({ WEBHOOKS_TO_THIS_MACHINE: 'true', STRIPE_API_BASE: undefined })).toContain(
    'WEBHOOKS_TO_THIS_MACHINE',
  );
  expect(loadConfig(ENV).receivers).toEqual({ thisMachine: false });
  expect(loadConfig({ ...ENV, WEBHOOKS_TO_THIS_MACHINE: 'true' }).receivers).toEqual({ thisMachine: true });
});

test('clocks move only against an emulator', () => {
  expect(refusal({ LOCAL_CLOCK: 'true', STRIPE_API_BASE: undefined })).toContain('LOCAL_CLOCK');
  expect(loadConfig({ ...ENV, LOCAL_CLOCK: 'true' }).localClock).toBe(true);
});

test('a refusal does not quote a secret', () => {
  expect(refusal({ STRIPE_TEST_SECRET_KEY: 'sk_live_precious' })).not.toContain('precious');
});

const REAL = { STRIPE_API_BASE: undefined, PUBLIC_URL: 'https://pay.example' };
const ALL_SECRETS = {
  STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'whsec_1,whsec_2',
  STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: 'whsec_3',
  STRIPE_LIVE_CONNECT_WEBHOOK_SECRET: 'whsec_4',
  STRIPE_LIVE_PLATFORM_WEBHOOK_SECRET: 'whsec_5',
};

test.each<[string, string, Record<string, string | undefined>, string]>([
  ['a key of one letter', 'PLATFORM_KEY', { PLATFORM_KEY: 'p'.repeat(40) }, 'easy to guess'],
  ['a key of two letters', 'PLATFORM_KEY', { PLATFORM_KEY: 'ab'.repeat(20) }, 'easy to guess'],
  ['a key of blanks', 'PLATFORM_KEY', { PLATFORM_KEY: ' '.repeat(40) }, 'blank'],
  ['a key with a blank', 'PLATFORM_KEY', { PLATFORM_KEY: `${ENV.PLATFORM_KEY} x` }, 'blank'],
  ['a key with a line break', 'PLATFORM_KEY', { PLATFORM_KEY: `${ENV.PLATFORM_KEY}\n` }, 'blank'],
  ['a key that no header carries', 'PLATFORM_KEY', { PLATFORM_KEY: `${ENV.PLATFORM_KEY}ä` }, 'header'],
  ['the encryption key again', 'PLATFORM_KEY', { PLATFORM_KEY: ENV.ENCRYPTION_KEY }, 'of its own'],
  ['zeros', 'ENCRYPTION_KEY', { ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') }, 'easy to guess'],
  ['one byte', 'ENCRYPTION_KEY', { ENCRYPTION_KEY: Buffer.alloc(32, 255).toString('base64') }, 'easy to'],
  ['33 bytes', 'ENCRYPTION_KEY', { ENCRYPTION_KEY: Buffer.alloc(33, 7).toString('base64') }, '32 bytes'],
  ['ftp', 'PUBLIC_URL', { PUBLIC_URL: 'ftp://pay.example' }, 'http or https'],
  ['a script', 'PUBLIC_URL', { PUBLIC_URL: 'javascript:alert(1)' }, 'http or https'],
  ['no slashes', 'PUBLIC_URL', { PUBLIC_URL: 'https:pay.example' }, 'http or https'],
  ['a line break', 'PUBLIC_URL', { PUBLIC_URL: 'https://pay.\nexample' }, 'http or https'],
  ['credentials', 'PUBLIC_URL', { PUBLIC_URL: 'https://u:p@pay.example' }, 'credentials'],
  ['a user', 'PUBLIC_URL', { PUBLIC_URL: 'https://u@pay.example' }, 'credentials'],
  ['a query', 'PUBLIC_URL', { PUBLIC_URL: 'https://pay.example/?a=1' }, 'query'],
  ['an empty query', 'PUBLIC_URL', { PUBLIC_URL: 'https://pay.example/?' }, 'query'],
  ['a fragment', 'PUBLIC_URL', { PUBLIC_URL: 'https://pay.example/#a' }, 'fragment'],
  ['plain http', 'PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'http://pay.example' }, 'https://'],
  ['HTTP in capitals', 'PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'HTTP://pay.example' }, 'https://'],
  ['a name like ours', 'PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'http://localhost.evil.example' }, 'https://'],
  ['a number like ours', 'PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'http://127.0.0.1.evil.example' }, 'https://'],
  ['every address', 'PUBLIC_URL', { ...LIVE, PUBLIC_URL: 'http://0.0.0.0:4000' }, 'https://'],
  [
    'a letter',
    'STRIPE_TEST_CONNECT_WEBHOOK_SECRET',
    { STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'x' },
    'begins with whsec_',
  ],
  [
    'the beginning alone',
    'STRIPE_TEST_PLATFORM_WEBHOOK_SECRET',
    { STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: 'whsec_' },
    'begins with whsec_',
  ],
  [
    'one good and one bad',
    'STRIPE_TEST_CONNECT_WEBHOOK_SECRET',
    { STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'whsec_1,sk_test_1' },
    'begins with whsec_',
  ],
  [
    'a secret with a blank in it',
    'STRIPE_TEST_CONNECT_WEBHOOK_SECRET',
    { STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'whsec_1 whsec_2' },
    'begins with whsec_',
  ],
  [
    'one secret of two scopes',
    'STRIPE_TEST_PLATFORM_WEBHOOK_SECRET',
    { ...LIVE, ...ALL_SECRETS, STRIPE_TEST_PLATFORM_WEBHOOK_SECRET: 'whsec_2' },
    'STRIPE_TEST_CONNECT_WEBHOOK_SECRET',
  ],
  [
    'one secret of two modes',
    'STRIPE_LIVE_CONNECT_WEBHOOK_SECRET',
    { ...LIVE, ...ALL_SECRETS, STRIPE_LIVE_CONNECT_WEBHOOK_SECRET: 'whsec_9,whsec_1' },
    'STRIPE_TEST_CONNECT_WEBHOOK_SECRET',
  ],
  [
    'the beginning of a key',
    'STRIPE_LIVE_SECRET_KEY',
    { ...LIVE, STRIPE_LIVE_SECRET_KEY: 'sk_live_' },
    'only',
  ],
  [
    'a key with a line break',
    'STRIPE_LIVE_SECRET_KEY',
    { ...LIVE, STRIPE_LIVE_SECRET_KEY: 'sk_live_1\n' },
    'line break',
  ],
  ['a line break', 'STRIPE_LIVE_SECRET_KEY', { ...LIVE, STRIPE_LIVE_SECRET_KEY: 'sk_live_\n' }, 'line break'],
  ['a blank', 'STRIPE_TEST_SECRET_KEY', { STRIPE_TEST_SECRET_KEY: 'sk_test_1 2' }, 'blank'],
  ['a publishable key', 'STRIPE_TEST_SECRET_KEY', { STRIPE_TEST_SECRET_KEY: 'pk_test_1' }, 'not a test key'],
  ['a client id of nobody', 'STRIPE_TEST_CLIENT_ID', { STRIPE_TEST_CLIENT_ID: ' ' }, 'begins with ca_'],
  [
    'a live key for somebody else',
    'STRIPE_API_BASE',
    { ...LIVE, STRIPE_API_BASE: 'https://stripe.evil.example' },
    'no live key',
  ],
  [
    'a name that ends like Stripe’s',
    'STRIPE_API_BASE',
    { ...LIVE, STRIPE_API_BASE: 'https://evilstripe.com' },
    'no live key',
  ],
  ['Stripe in the open', 'STRIPE_API_BASE', { ...LIVE, STRIPE_API_BASE: 'http://api.stripe.com' }, 'no live'],
  [
    'coaches sent to somebody else',
    'STRIPE_CONNECT_BASE',
    { ...LIVE, STRIPE_CONNECT_BASE: 'https://connect.evil.example' },
    'no live key',
  ],
  [
    'an API base with credentials',
    'STRIPE_API_BASE',
    { STRIPE_API_BASE: 'http://a:b@localhost' },
    'credentials',
  ],
])('%s: %s is refused in a sentence', (_name, variable, over, why) => {
  const message = refusal(over);
  expect(message).toContain(variable);
  expect(message).toContain(why);
});

test.each<[string, Record<string, string | undefined>]>([
  ['Stripe itself, with every secret there is', { ...LIVE, ...ALL_SECRETS, ...REAL }],
  ['Stripe by its address', { ...LIVE, ...REAL, STRIPE_API_BASE: 'https://api.stripe.com' }],
  ['an emulator on this machine', { ...LIVE, STRIPE_API_BASE: 'http://[::1]:12111' }],
  ['test mode over plain http', { PUBLIC_URL: 'http://pay.example' }],
  ['live mode on this machine', { ...LIVE, PUBLIC_URL: 'http://console.localhost:4000' }],
  [
    'a secret as the Stripe CLI writes them',
    { STRIPE_TEST_CONNECT_WEBHOOK_SECRET: `whsec_${'0a'.repeat(32)}` },
  ],
  ['a secret twice at one endpoint', { STRIPE_TEST_CONNECT_WEBHOOK_SECRET: 'whsec_1,whsec_1' }],
])('%s starts', (_name, over) => {
  expect(() => loadConfig({ ...ENV, ...over })).not.toThrow();
});

test('the public address is kept as browsers write it', () => {
  expect(loadConfig({ ...ENV, PUBLIC_URL: 'HTTPS://Pay.Example:443/' }).api.publicUrl).toBe(
    'https://pay.example',
  );
});

test('the setup of Stripe is as strict about where live keys go', () => {
  const setup = (over: object) => () => loadStripeSetupConfig({ ...ENV, ...LIVE, ...over });
  expect(setup({ STRIPE_API_BASE: 'https://stripe.evil.example' })).toThrow('STRIPE_API_BASE');
  expect(setup({ PUBLIC_URL: 'http://pay.example' })).toThrow('PUBLIC_URL');
  expect(setup({})).not.toThrow();
});

describe('secrets that are files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const { PLATFORM_KEY, STRIPE_TEST_SECRET_KEY: _key, ...without } = ENV;

  test('stand for the variables of their names, without the line break at the end', () => {
    const { PLATFORM_KEY: _none, ...rest } = ENV;
    expect(loadConfig({ ...rest, PLATFORM_KEY_FILE: file('key', `${PLATFORM_KEY}\n`) }).platformKey).toBe(
      PLATFORM_KEY,
    );
  });

  test('a password of the database is put into its address', () => {
    const of = { DATABASE_URL: 'postgresql://session_api@db:5432/session' };
    const DATABASE_PASSWORD_FILE = file('password', 'p@ss/w%rd\n');
    const { databaseUrl } = loadConfig({ ...ENV, ...of, DATABASE_PASSWORD_FILE });
    expect(databaseUrl).toBe('postgresql://session_api:p%40ss%2Fw%25rd@db:5432/session');
    expect(loadDatabaseUrl({ ...of, DATABASE_PASSWORD_FILE })).toBe(databaseUrl);
  });

  test('an empty one is no secret; one that is not there, or given twice, is a mistake', () => {
    const off = { ...without, PLATFORM_KEY, STRIPE_TEST_SECRET_KEY_FILE: file('empty', '') };
    expect(() => loadConfig(off)).toThrow('at least one is needed');
    expect(refusal({ TEMPORAL_PAYLOAD_KEYS_FILE: join(folder, 'none') })).toMatch(
      /TEMPORAL_PAYLOAD_KEYS_FILE: .*ENOENT/,
    );
    expect(refusal({ PLATFORM_KEY_FILE: file('key', PLATFORM_KEY) })).toContain('PLATFORM_KEY_FILE as well');
  });
});

test('a worker is versioned by the name of its deployment and the id of its build, never by one of them', () => {
  const [name, build] = ['TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID'];
  expect(loadConfig(ENV).temporal.deployment).toBeNull();
  const both = { [name]: 'payments', [build]: '1.4.0+a1b2c3' };
  expect(loadConfig({ ...ENV, ...both }).temporal.deployment).toEqual({
    deploymentName: 'payments',
    buildId: '1.4.0+a1b2c3',
  });
  expect(refusal({ [name]: 'payments' })).toContain(build);
  expect(refusal({ [build]: '1' })).toContain(name);
  for (const wrong of ['', 'a.b', 'a b', 'a'.repeat(65)])
    expect(refusal({ ...both, [name]: wrong })).toContain(name);
  for (const wrong of ['', 'a:b', 'a b']) expect(refusal({ ...both, [build]: wrong })).toContain(build);
});

test('keys for Temporal’s payloads have ids; the first one encrypts', () => {
  const [one, two] = [1, 2].map((seed) =>
    Buffer.from(Array.from({ length: 32 }, (_, i) => i * seed)).toString('base64'),
  );
  expect(loadConfig(ENV).temporal.payloadKeys).toBeNull();
  const { payloadKeys } = loadConfig({ ...ENV, TEMPORAL_PAYLOAD_KEYS: `new:${one}, old:${two}` }).temporal;
  expect(payloadKeys?.current).toBe('new');
  expect([...(payloadKeys?.keys.keys() ?? [])]).toEqual(['new', 'old']);
  for (const wrong of [
    '',
    'new',
    `new:${one},`,
    `:${one}`,
    'new:c2hvcnQ=',
    `a b:${one}`,
    `new:${one}:x`,
    `new:${one},new:${two}`,
  ])
    expect(refusal({ TEMPORAL_PAYLOAD_KEYS: wrong })).toContain('TEMPORAL_PAYLOAD_KEYS');
});

test('the codec server knows none of the product’s own secrets', () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64');
  expect(loadCodecServerConfig({ TEMPORAL_PAYLOAD_KEYS: `new:${key}` })).toMatchObject({
    payloadKeys: { current: 'new' },
    uiUrl: 'http://localhost:8233',
    port: 8235,
  });
  expect(() => loadCodecServerConfig({})).toThrow('TEMPORAL_PAYLOAD_KEYS');
});

test.each([
  [
    { SMTP_URL: 'mail.example.com', MAIL_FROM: 'a@example.com' },
    'SMTP_URL: has to begin with smtp:// or smtps://',
  ],
  [{ SMTP_URL: 'smtp://', MAIL_FROM: 'a@example.com' }, /^SMTP_URL: names no host/],
  [
    { SMTP_URL: 'smtp://user@mail.example.com', MAIL_FROM: 'a@example.com' },
    /^SMTP_URL: has a user without a password/,
  ],
  [
    { SMTP_URL: 'smtp://mail.example.com' },
    'MAIL_FROM: is missing, and SMTP_URL needs an address that mails are from',
  ],
  [{ MAIL_FROM: 'a@example.com' }, 'SMTP_URL: is missing, and MAIL_FROM is of no use without a mail server'],
  [
    { SMTP_URL: 'smtp://mail.example.com', MAIL_FROM: 'Ada <a@example.com>' },
    /^MAIL_FROM: is not an e-mail address/,
  ],
])('a mail server that cannot be used is refused: %j', (variables, sentence) => {
  const said = refusal(variables);
  if (typeof sentence === 'string') expect(said).toBe(sentence);
  else expect(said).toMatch(sentence);
});

test('mails are handed over where they say, and without a mail server nowhere', () => {
  const server = { SMTP_URL: 'smtps://user:a%2Fsecret@mail.example.com', MAIL_FROM: 'mails@example.com' };
  expect(loadConfig({ ...ENV, ...server }).mailServer).toEqual({
    url: server.SMTP_URL,
    from: server.MAIL_FROM,
  });
  expect(loadConfig(ENV).mailServer).toBeNull();
  // A password is never repeated.
  expect(refusal({ SMTP_URL: 'http://user:hidden-word@mail', MAIL_FROM: 'a@b.example' })).not.toContain(
    'hidden-word',
  );
});
