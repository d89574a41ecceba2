import { ConfigError, loadConfig } from '../../src/config/config';

const ENV = {
  DATABASE_URL: 'postgresql://u:p@localhost:5432/db',
  TEMPORAL_ADDRESS: 'localhost:7233',
  PUBLIC_URL: 'http://localhost:4000/',
  PLATFORM_KEY: 'p'.repeat(32),
  ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
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

test('clocks move only against an emulator', () => {
  expect(refusal({ LOCAL_CLOCK: 'true', STRIPE_API_BASE: undefined })).toContain('LOCAL_CLOCK');
  expect(loadConfig({ ...ENV, LOCAL_CLOCK: 'true' }).localClock).toBe(true);
});

test('a refusal does not quote a secret', () => {
  expect(refusal({ STRIPE_TEST_SECRET_KEY: 'sk_live_precious' })).not.toContain('precious');
});
