import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '@session/stripe-emulator';
import type { Config } from '../../src/config/config';
import { openDataFolder } from '../../src/local/data-folder';
import { Secrets } from '../../src/local/secrets';
import { registerWebhookEndpoints } from '../../src/local/webhook-endpoints';
import { createStripeClients } from '../../src/stripe/client';
import { EVENT_TYPES } from '../../src/stripe/event-types';
import { PLATFORM } from '../support/stripe-side';

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let folder: string;
let stripe: Config['stripe'];
beforeEach(async () => {
  emulator = await startEmulator({ port: 0, log: () => undefined });
  folder = mkdtempSync(join(tmpdir(), 'session-webhooks-'));
  stripe = {
    apiBase: emulator.url,
    connectBase: emulator.url,
    limits: null,
    connectFlow: 'oauth',
    modes: PLATFORM,
    webhookSecrets: [],
  };
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const secrets = () => Secrets.open(openDataFolder(folder));
const endpoints = async (mode: 'test' | 'live') =>
  (await createStripeClients(stripe).of(mode).webhookEndpoints.list({ limit: 100 })).data;

test('npm start registers one endpoint a mode and scope, keeps their secrets, and moves them with the port', async () => {
  await registerWebhookEndpoints(stripe, 'http://localhost:4000', secrets());
  const known = secrets().webhookEndpoint('live', 'connect');
  expect(known?.secret).toMatch(/^whsec_/);
  for (const mode of ['test', 'live'] as const) expect(await endpoints(mode)).toHaveLength(2);

  await registerWebhookEndpoints(stripe, 'http://localhost:5000', secrets());
  expect(secrets().webhookEndpoint('live', 'connect')).toEqual(known);
  for (const mode of ['test', 'live'] as const) {
    const present = await endpoints(mode);
    expect(present).toHaveLength(2);
    for (const { url, enabled_events } of present) {
      expect(url).toBe('http://localhost:5000/webhooks/stripe');
      expect(enabled_events).toEqual(EVENT_TYPES);
    }
  }
});

test('an endpoint whose secret was lost is registered afresh', async () => {
  await registerWebhookEndpoints(stripe, 'http://localhost:4000', secrets());
  rmSync(openDataFolder(folder).secrets);
  await registerWebhookEndpoints(stripe, 'http://localhost:4000', secrets());
  const { id } = secrets().webhookEndpoint('test', 'connect') ?? { id: '' };
  expect((await endpoints('test')).map((endpoint) => endpoint.id)).toContain(id);
});
