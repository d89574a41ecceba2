import { startEmulator } from '@session/stripe-emulator';
import type Stripe from 'stripe';
import { type EndpointFacts, judgeEndpoints, type WantedEndpoint } from '../../src/domain/webhook-endpoints';
import { main } from '../../src/setup/main';
import type { SetUpReport } from '../../src/setup/stripe-setup';
import { createStripeClients, STRIPE_API_VERSION } from '../../src/stripe/client';
import { RESOLVERS } from '../../src/worker/resolve-event';

const NEEDED = Object.keys(RESOLVERS).sort();
const URL_HERE = 'https://pay.example/webhooks/stripe';
const CREATE = { url: URL_HERE, api_version: STRIPE_API_VERSION } as const;

type Events = Stripe.WebhookEndpointCreateParams.EnabledEvent[];

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let env: Record<string, string>;
let stripe: Stripe;
beforeEach(async () => {
  emulator = await startEmulator({ port: 0, log: () => undefined });
  env = {
    PUBLIC_URL: 'https://pay.example/',
    STRIPE_API_BASE: emulator.url,
    STRIPE_TEST_SECRET_KEY: 'sk_test_emulator',
    STRIPE_LIVE_SECRET_KEY: 'sk_live_emulator',
  };
  stripe = createStripeClients({
    apiBase: emulator.url,
    modes: { test: { secretKey: 'sk_test_emulator', clientId: '' } },
  }).of('test');
});
afterEach(() => emulator.close());

async function setUp(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await main(args, env, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
}
async function report(...args: string[]): Promise<SetUpReport & { code: number }> {
  const { code, text } = await setUp('--json', ...args);
  return { ...(JSON.parse(text) as SetUpReport), code };
}
const endpoints = async () => (await stripe.webhookEndpoints.list({ limit: 100 })).data;
const outcomes = ({ endpoints: steps }: SetUpReport) =>
  steps.map(({ mode, scope, outcome }) => `${mode} ${scope} ${outcome}`);
const inTest = (scope: string) => (step: { mode: string; scope: string }) =>
  step.mode === 'test' && step.scope === scope;

describe('npm run stripe:setup', () => {
  test('creates what is missing, in both modes and scopes, with exactly the events that are resolved', async () => {
    const first = await report();
    expect(outcomes(first)).toEqual([
      'test connect created',
      'test platform created',
      'live connect created',
      'live platform created',
    ]);
    expect(first).toMatchObject({ code: 0, changed: 4, wrong: 0, modesOff: [] });
    const made = await endpoints();
    expect(made.map(({ application }) => application).sort()).toEqual(['ca_test_emulator', null].sort());
    for (const endpoint of made)
      expect(endpoint).toMatchObject({ url: URL_HERE, status: 'enabled', api_version: STRIPE_API_VERSION });
    for (const { enabled_events } of made) expect([...enabled_events].sort()).toEqual(NEEDED);
  });

  test('the second run changes nothing, and shows no secret', async () => {
    await report();
    const before = await endpoints();
    const second = await report();
    expect(second).toMatchObject({ code: 0, changed: 0, wrong: 0 });
    expect(second.endpoints.map(({ secret }) => secret)).toEqual([null, null, null, null]);
    expect(await endpoints()).toEqual(before);
  });

  test('says once where the secret of a new endpoint goes, and which modes are off', async () => {
    delete env['STRIPE_LIVE_SECRET_KEY'];
    const { code, text } = await setUp();
    expect(code).toBe(0);
    expect(text).toMatch(/shown only now: whsec_\w+\n {2}Put it into STRIPE_TEST_CONNECT_WEBHOOK_SECRET/);
    expect(text).toContain('STRIPE_TEST_PLATFORM_WEBHOOK_SECRET');
    expect(text).toContain('live mode: off');
    expect((await setUp()).text).not.toContain('whsec_');
  });

  test.each<[string, Stripe.WebhookEndpointCreateParams, Stripe.WebhookEndpointUpdateParams | null, string]>([
    [
      'disabled',
      { ...CREATE, connect: true, enabled_events: NEEDED as Events },
      { disabled: true },
      'disabled',
    ],
    [
      'with too few events',
      { ...CREATE, connect: true, enabled_events: ['account.updated'] },
      null,
      'wrong_events',
    ],
    ['with too many', { ...CREATE, connect: true, enabled_events: ['*'] }, null, 'wrong_events'],
    [
      'that was made here and moved',
      {
        ...CREATE,
        url: 'https://old.example/webhooks/stripe',
        connect: true,
        enabled_events: NEEDED as Events,
        metadata: { managed_by: 'session-payments' },
      },
      null,
      'wrong_address',
    ],
  ])('repairs an endpoint %s, and keeps its secret', async (_, params, then, fault) => {
    const { id } = await stripe.webhookEndpoints.create(params);
    if (then !== null) await stripe.webhookEndpoints.update(id, then);

    const checked = await report('--check');
    expect(checked.code).toBe(1);
    expect(checked.endpoints.find(inTest('connect'))).toMatchObject({
      outcome: 'wrong',
      id,
      faults: [fault],
    });
    expect((await endpoints()).map((endpoint) => endpoint.id)).toEqual([id]);

    const repaired = await report();
    expect(repaired.endpoints.find(inTest('connect'))).toMatchObject({
      outcome: 'repaired',
      id,
      secret: null,
    });
    expect(await stripe.webhookEndpoints.retrieve(id)).toMatchObject({ url: URL_HERE, status: 'enabled' });
    expect(await report('--check')).toMatchObject({ code: 0, changed: 0, wrong: 0 });
  });

  test('an endpoint for the own account is none for connected accounts: a scope cannot be changed', async () => {
    const { id } = await stripe.webhookEndpoints.create({ ...CREATE, enabled_events: NEEDED as Events });
    const done = await report();
    expect(done.endpoints.find(inTest('platform'))).toMatchObject({ outcome: 'right', id });
    expect(done.endpoints.find(inTest('connect'))).toMatchObject({ outcome: 'created' });
  });

  test('another version gets another endpoint, and the old one stays until its secret is out of use', async () => {
    const { id } = await stripe.webhookEndpoints.create({
      ...CREATE,
      api_version: '2024-06-20',
      connect: true,
      enabled_events: NEEDED as Events,
    });
    const { text } = await setUp();
    expect(text).toContain('API version');
    const after = await report('--check');
    expect(after.code).toBe(0);
    expect(after.endpoints.find(inTest('connect'))?.duplicates).toMatchObject([{ id }]);
  });

  test('somebody else’s endpoint is left alone', async () => {
    const theirs = await stripe.webhookEndpoints.create({
      url: 'https://other.example/webhooks/stripe',
      connect: true,
      enabled_events: ['*'],
    });
    await report();
    expect(await stripe.webhookEndpoints.retrieve(theirs.id)).toMatchObject({
      url: 'https://other.example/webhooks/stripe',
      enabled_events: ['*'],
    });
  });

  test('--check changes nothing and exits with 1 when something is missing', async () => {
    expect(await report('--check')).toMatchObject({ code: 1, changed: 0, wrong: 4 });
    expect(await endpoints()).toEqual([]);
    expect((await setUp('--check')).text).toContain('npm run stripe:setup repairs them');
  });

  test.each([
    [{ PUBLIC_URL: 'nowhere' }, 'PUBLIC_URL'],
    [{ STRIPE_TEST_SECRET_KEY: 'sk_live_1' }, 'STRIPE_TEST_SECRET_KEY'],
    [{ STRIPE_TEST_SECRET_KEY: 'sk_test_wrong' }, 'Stripe: '],
  ])('says what is wrong with %j', async (over, message) => {
    env = { ...env, ...over };
    const { code, text } = await setUp();
    expect(code).toBe(1);
    expect(text).toContain(message);
  });

  test('an option that it does not know is answered with its usage', async () => {
    expect(await setUp('--force')).toMatchObject({
      code: 1,
      text: expect.stringContaining('--check') as string,
    });
    expect(await setUp('--help')).toMatchObject({ code: 0 });
  });
});

describe('which endpoint is meant for us', () => {
  const wanted: WantedEndpoint = { url: URL_HERE, scope: 'connect', events: ['a', 'b'], apiVersion: 'v' };
  const endpoint = (over: Partial<EndpointFacts>): EndpointFacts => ({
    id: 'we_1',
    url: URL_HERE,
    scope: 'connect',
    enabled: true,
    events: ['b', 'a'],
    apiVersion: 'v',
    managed: false,
    ...over,
  });

  test.each<[string, EndpointFacts[], string | null, string[]]>([
    ['none', [], null, []],
    [
      'the right one, however its address and events are spelled',
      [endpoint({ url: `${URL_HERE}/` })],
      'we_1',
      [],
    ],
    ['one of the other scope is none', [endpoint({ scope: 'platform' })], null, []],
    ['a stranger elsewhere is none', [endpoint({ url: 'https://x.example/' })], null, []],
    ['ours elsewhere', [endpoint({ url: 'https://x.example/', managed: true })], 'we_1', ['wrong_address']],
    [
      'the better of two at the address',
      [endpoint({ id: 'we_0', enabled: false, apiVersion: null }), endpoint({})],
      'we_1',
      [],
    ],
    [
      'one at the address before one of ours elsewhere',
      [endpoint({ id: 'we_0', url: 'https://x.example/', managed: true }), endpoint({ events: ['a'] })],
      'we_1',
      ['wrong_events'],
    ],
  ])('%s', (_, found, id, faults) => {
    const judgement = judgeEndpoints(wanted, found);
    expect(judgement.endpoint?.id ?? null).toBe(id);
    expect(judgement.faults).toEqual(faults);
  });

  test('names the missing types, of which everything has none', () => {
    expect(judgeEndpoints(wanted, [endpoint({ events: ['b'] })]).missingEvents).toEqual(['a']);
    expect(judgeEndpoints(wanted, [endpoint({ events: ['*'] })]).missingEvents).toEqual([]);
  });
});
