import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neededPorts, settingsFrom } from '../../src/local/settings';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { DYNAMIC_CONFIG } from '../../src/local/temporal/settings';

const needed = (env: Record<string, string>): string[] =>
  neededPorts(settingsFrom(env)).map(({ variable }) => variable);

describe('what npm start was asked for', () => {
  test('without any variable everything is embedded, on the usual ports', () => {
    expect(settingsFrom({})).toMatchObject({
      dataFolder: join(PROJECT_ROOT, '.data'),
      publicUrl: 'http://localhost:4000',
      databaseUrl: null,
      temporalAddress: null,
      stripeEmulator: true,
    });
    expect(neededPorts(settingsFrom({})).map(({ number }) => number)).toEqual([
      4000, 4002, 4001, 4004, 4005, 4003, 7233, 8233,
    ]);
  });

  test('blank variables are absent ones', () => {
    const blank = {
      API_PORT: '',
      DATABASE_URL: '',
      TEMPORAL_ADDRESS: '',
      STRIPE_TEST_SECRET_KEY: '',
      PUBLIC_URL: '',
    };
    expect(settingsFrom(blank)).toEqual(settingsFrom({}));
  });

  test('each part is replaced by its variable, and its port is then not needed', () => {
    expect(needed({ DATABASE_URL: 'postgresql://me@db.example.com/session' })).not.toContain('POSTGRES_PORT');
    const withTemporal = needed({ TEMPORAL_ADDRESS: 'temporal.example.com:7233' });
    expect(withTemporal).not.toContain('TEMPORAL_PORT');
    expect(withTemporal).not.toContain('TEMPORAL_UI_PORT');
    expect(needed({ SMTP_URL: 'smtp://mail.example.com' })).not.toContain('MAIL_PORT');
  });

  test.each(['STRIPE_TEST_SECRET_KEY', 'STRIPE_LIVE_SECRET_KEY'])(
    'a real %s switches the emulator and the demo off, in both modes',
    (variable) => {
      expect(settingsFrom({ [variable]: 'sk_something' }).stripeEmulator).toBe(false);
      expect(needed({ [variable]: 'sk_something' })).toEqual([
        'API_PORT',
        'MAIL_PORT',
        'MAIL_SMTP_PORT',
        'POSTGRES_PORT',
        'TEMPORAL_PORT',
        'TEMPORAL_UI_PORT',
      ]);
    },
  );

  test('the public address follows the port of the API, and loses its trailing slash', () => {
    expect(settingsFrom({ API_PORT: '5000' }).publicUrl).toBe('http://localhost:5000');
    expect(settingsFrom({ PUBLIC_URL: 'https://pay.example.com/' }).publicUrl).toBe(
      'https://pay.example.com',
    );
  });

  test.each([
    [{ API_PORT: '0' }, 'API_PORT has to be a port number'],
    [{ API_PORT: '4.5' }, 'API_PORT has to be a port number'],
    [{ POSTGRES_PORT: '7233' }, 'POSTGRES_PORT and TEMPORAL_PORT are both 7233'],
    [{ PUBLIC_URL: 'pay.example.com' }, 'PUBLIC_URL has to be an address'],
    [{ DATABASE_URL: 'localhost' }, 'DATABASE_URL has to be an address'],
    [{ TEMPORAL_ADDRESS: 'http://localhost:7233' }, 'TEMPORAL_ADDRESS has to be host:port'],
  ])('%j is refused in one sentence', (env, sentence) => {
    expect(() => settingsFrom(env as Record<string, string>)).toThrow(sentence);
  });
});

test('the Temporal server of docker-compose gets the same settings against latency as ours, and is fair between coaches', () => {
  const file = readFileSync(join(PROJECT_ROOT, 'docker', 'temporal-dynamic-config.yml'), 'utf8');
  const shipped = [...file.matchAll(/^([\w.]+):\n {2}- value: (\d+|true)$/gm)].map(([, key, value]) => [
    key,
    JSON.parse(value ?? ''),
  ]);
  expect(Object.fromEntries(shipped)).toEqual({ ...DYNAMIC_CONFIG, 'matching.enableFairness': true });
});
