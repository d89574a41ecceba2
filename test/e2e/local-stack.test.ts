import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { LocalJson } from '../../src/local/local-json';
import { query } from '../../src/local/postgres/server';
import { identify, isRunning } from '../../src/local/process/identity';
import type { RecordedProcess } from '../../src/local/process/record';
import { waitFor } from '../../src/local/process/wait';
import {
  newStackPlace,
  startExpectingEnd,
  startLocalStack,
  type LocalStack,
  type StackPlace,
} from '../harness/local-stack';

const OWNER_ONLY = 0o600;
const PERMISSION_BITS = 0o777;

const processesOf = ({ dataFolder }: StackPlace): RecordedProcess[] =>
  JSON.parse(readFileSync(join(dataFolder, 'processes.json'), 'utf8')) as RecordedProcess[];

const statusOf = async (url: string, key?: string): Promise<number> => {
  const response = await fetch(url, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });
  await response.body?.cancel();
  return response.status;
};

/** What stays from start to start; the link is a new one each time. */
const kept = ({ demo, platformKey }: LocalJson) => ({ demo: { ...demo, signInUrl: '' }, platformKey });

describe('npm start', () => {
  let place: StackPlace;
  let stack: LocalStack;
  let firstDay: LocalJson;

  beforeAll(async () => {
    place = await newStackPlace();
    stack = await startLocalStack(place);
    firstDay = stack.info();
  });

  afterAll(async () => {
    if (stack.launcher.exitCode === null && stack.launcher.signalCode === null) await stack.stop();
  });

  test('tells any program where everything is, and only its owner', async () => {
    expect(Object.keys(firstDay)).toEqual([
      'api',
      'temporalUi',
      'temporalAddress',
      'databaseUrl',
      'stripeEmulator',
      'mails',
      'demo',
      'platformKey',
      'pids',
    ]);
    expect(statSync(join(place.dataFolder, 'local.json')).mode & PERMISSION_BITS).toBe(OWNER_ONLY);
    for (const pid of Object.values(firstDay.pids)) expect(identify(pid ?? 0)).toBeDefined();
    expect(await statusOf(`${firstDay.api}/readyz`)).toBe(200);
    expect(await statusOf(firstDay.temporalUi ?? '')).toBe(200);
    expect(await statusOf(`${firstDay.stripeEmulator}/_emulator/health`)).toBe(200);
    expect(await statusOf(firstDay.demo?.siteUrl ?? '')).toBe(200);
    expect(await statusOf(firstDay.mails ?? '')).toBe(200);
  });

  test('the API reads and writes rows as a role of its own, and changes nothing of the schema', async () => {
    expect(new URL(firstDay.databaseUrl).username).toBe('session_api');
    await expect(query(firstDay.databaseUrl, 'CREATE TABLE mine (id int)')).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('histories are readable by their owner only', () => {
    for (const file of ['temporal.db', 'temporal.db-wal', 'temporal.db-shm'].map((name) =>
      join(place.dataFolder, name),
    ))
      if (existsSync(file)) expect(statSync(file).mode & PERMISSION_BITS).toBe(OWNER_ONLY);
    expect(existsSync(join(place.dataFolder, 'temporal.db'))).toBe(true);
  });

  test('seeds a demo coach whose keys work in their modes', async () => {
    expect(await statusOf(`${firstDay.api}/v1/settings`, firstDay.demo?.secretKey)).toBe(200);
    expect(await statusOf(`${firstDay.api}/v1/settings`, firstDay.demo?.liveSecretKey)).toBe(200);
    expect(await statusOf(`${firstDay.api}/v1/coaches`, firstDay.platformKey)).toBe(200);
  });

  test('prints a link to the console that signs in as the demo coach, once', async () => {
    const { api, demo } = firstDay;
    expect(stack.output()).toContain(`\n  ${demo?.signInUrl}\n`);
    const asked = await fetch(demo?.signInUrl ?? '', { redirect: 'manual' });
    expect(asked.status).toBe(200);
    const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const entered = await fetch(demo?.signInUrl ?? '', {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: cookieOf(asked) },
      body: new URLSearchParams({
        token: /name="token" value="([^"]+)"/.exec(await asked.text())?.[1] ?? '',
      }),
    });
    expect(entered.status).toBe(303);
    const cookie = cookieOf(entered);
    const session = await fetch(`${api}/console/api/session`, { headers: { cookie } });
    expect(await session.json()).toMatchObject({ coach: { id: demo?.coachId }, modes: ['test', 'live'] });
    expect(await statusOf(demo?.signInUrl ?? '')).toBe(400);
    // And the app is there, with its script.
    const page = await (await fetch(new URL(entered.headers.get('location') ?? '', api))).text();
    const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? '';
    expect(await statusOf(`${api}${script}`)).toBe(200);
  });

  test('Stripe sends the demo coach back to the console', async () => {
    const { api, demo } = firstDay;
    for (const [mode, key] of [
      ['test', demo?.secretKey],
      ['live', demo?.liveSecretKey],
    ]) {
      const answer = await fetch(`${api}/v1/settings`, { headers: { authorization: `Bearer ${key}` } });
      expect(await answer.json()).toMatchObject({
        connectionReturnUrl: `${api}/console/${mode}/settings/payments/return`,
      });
    }
  });

  test('a second start on the same data says that the first one runs', async () => {
    const { code, output } = await startExpectingEnd(place);
    expect(code).toBe(1);
    expect(output).toContain(`already runs from ${place.dataFolder} (process ${stack.launcher.pid})`);
    expect(output).not.toMatch(/^ {4}at /m);
    expect(await statusOf(`${firstDay.api}/readyz`)).toBe(200);
  });

  test('the API and the worker are started again when they die', async () => {
    const before = stack.info().pids;
    process.kill(before.api as number, 'SIGKILL');
    process.kill(before.worker as number, 'SIGKILL');
    await waitFor(
      'a new API and a new worker',
      () => stack.output().includes('The API is back') && stack.output().includes('The worker is back'),
      { deadlineMs: 60_000 },
    );
    const after = stack.info().pids;
    expect(after.api).not.toBe(before.api);
    expect(after.worker).not.toBe(before.worker);
    expect(after.postgres).toBe(before.postgres);
    expect(identify(after.api ?? 0)?.command).toContain(join('dist', 'api', 'main.js'));
    expect(await statusOf(`${firstDay.api}/readyz`)).toBe(200);
  });

  test('so are Postgres, Temporal and the Stripe emulator, each with its data', async () => {
    const before = stack.info().pids;
    for (const key of ['postgres', 'temporal', 'stripeEmulator'] as const) {
      process.kill(before[key] as number, 'SIGKILL');
    }
    const names = ['Postgres', 'Temporal', 'The Stripe emulator'];
    await waitFor('all three', () => names.every((name) => stack.output().includes(`${name} is back`)), {
      deadlineMs: 60_000,
    });
    await waitFor('a ready API', async () => (await statusOf(`${firstDay.api}/readyz`)) === 200, {
      deadlineMs: 60_000,
    });
    expect(await statusOf(`${firstDay.api}/v1/settings`, firstDay.demo?.secretKey)).toBe(200);
  });

  test('a second copy runs beside the first one, on ports and data of its own', async () => {
    const copy = await startLocalStack();
    const other = copy.info();
    expect(other.api).not.toBe(firstDay.api);
    expect(await statusOf(`${other.api}/v1/settings`, other.demo?.secretKey)).toBe(200);
    expect(await statusOf(`${other.api}/v1/settings`, firstDay.demo?.secretKey)).toBe(401);
    expect(await copy.stop()).toBe(0);
    expect(await statusOf(`${firstDay.api}/readyz`)).toBe(200);
  });

  test('after kill -9 of the launcher and of Postgres, the next start recovers, with all data', async () => {
    stack.launcher.kill('SIGKILL');
    await once(stack.launcher, 'close');
    const orphans = processesOf(place);
    expect(orphans.filter(isRunning)).toHaveLength(orphans.length);
    process.kill(orphans.find(({ name }) => name === 'postgres')?.pid as number, 'SIGKILL');

    stack = await startLocalStack(place);
    expect(stack.output()).toContain('The run before was killed');
    expect(orphans.filter(isRunning)).toEqual([]);
    expect(kept(stack.info())).toEqual(kept(firstDay));
    expect(await statusOf(`${firstDay.api}/v1/settings`, firstDay.demo?.secretKey)).toBe(200);
  });

  test('SIGTERM leaves no process behind, and the next day everything is still there', async () => {
    const processes = processesOf(place);
    expect(await stack.stop('SIGTERM')).toBe(0);
    expect(processes.filter(isRunning)).toEqual([]);

    stack = await startLocalStack(place);
    expect(kept(stack.info())).toEqual(kept(firstDay));
    expect(await statusOf(`${firstDay.api}/v1/settings`, firstDay.demo?.liveSecretKey)).toBe(200);
    expect(await stack.stop('SIGINT')).toBe(0);
  });
});

describe('npm start says in one sentence what is wrong', () => {
  const endsWith = async (more: Record<string, string>, sentence: RegExp): Promise<void> => {
    const { code, output } = await startExpectingEnd(await newStackPlace(more));
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(output).not.toMatch(/^ {4}at /m);
  };

  test('a busy port, and the variable that moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      await endsWith({ POSTGRES_PORT: String(port) }, new RegExp(`Port ${port}, .* set POSTGRES_PORT`));
    } finally {
      server.close();
    }
  });

  test.each([
    [{ API_PORT: 'soon' }, /API_PORT has to be a port number/],
    [{ TEMPORAL_PORT: '70000' }, /TEMPORAL_PORT has to be a port number/],
    [{ API_PORT: '4100', DEMO_SITE_PORT: '4100' }, /API_PORT and DEMO_SITE_PORT are both 4100/],
    [{ DATABASE_URL: 'mysql://localhost/session' }, /DATABASE_URL has to be an address/],
    [{ DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/session' }, /database of DATABASE_URL does not answer/],
    [{ TEMPORAL_ADDRESS: '127.0.0.1:1' }, /Temporal does not answer at TEMPORAL_ADDRESS/],
    [{ STRIPE_TEST_SECRET_KEY: 'sk_live_123' }, /STRIPE_TEST_SECRET_KEY.* not a test key/],
    [{ STRIPE_LIVE_SECRET_KEY: 'sk_test_123' }, /STRIPE_LIVE_SECRET_KEY.* not a live key/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
    [{ SESSION_DATA_DIR: '/proc/session' }, /SESSION_DATA_DIR moves it/],
  ])('%j', (more, sentence) => endsWith(more as Record<string, string>, sentence));
});
