import { Client } from 'pg';
import Stripe from 'stripe';
import { createDb } from '../../src/db/client';
import { eventually } from '../support/eventually';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres';
import {
  connect,
  CONNECT_SECRET,
  createCoach,
  createPrice,
  startApi,
  type ApiTest,
  type Answer,
  type TestCoach,
} from './api-support';

/**
 * A database that is down, frozen, starting, full or locked, as the API meets it over HTTP: whoever asks is told within
 * five seconds that it cannot be done now and when to come again, and nothing has to be started anew afterwards.
 */

/** Milliseconds within which whoever waits has an answer, whatever the database does. */
const PROMISED = 5000;
const ROOM = 12;

let postgres: OwnPostgres;
let api: ApiTest;
let coach: TestCoach;
let price: { productId: string; priceId: string };

beforeAll(async () => {
  postgres = await startOwnPostgres(`max_connections=${ROOM}`, 'superuser_reserved_connections=0');
  api = await startApi({ DATABASE_URL: postgres.url });
  coach = await createCoach(api);
  price = await createPrice(api, coach, await connect(api, coach));
});
afterAll(async () => {
  await api.close();
  await postgres.stop();
});

let events = 0;
let purchases = 0;
const webhook = () => {
  const payload = JSON.stringify({
    id: `evt_${++events}`,
    object: 'event',
    type: 'checkout.session.completed',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    account: 'acct_1',
    data: { object: { id: 'cs_1', object: 'checkout.session' } },
  });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: CONNECT_SECRET.test });
  return api.call('POST', '/webhooks/stripe', { body: payload, headers: { 'Stripe-Signature': signature } });
};
const access = () => api.call('GET', `/v1/access?member=mia&product=${price.productId}`, { key: coach.key });
const buyAs = (member: string) =>
  api.call('POST', '/v1/checkouts', {
    key: coach.key,
    body: { priceId: price.priceId, member },
    headers: { 'Idempotency-Key': `buy-${member}` },
  });
const purchase = () => buyAs(`mia-${++purchases}`);
const ready = () => api.call('GET', '/readyz?need=database');

/** What a coach's site shows of a price, which proxies keep for a while. */
const offer = () => api.call('GET', `/buy/${price.priceId}/offer`);

const DOORS = { webhook, access, purchase, offer };

async function timed(ask: () => Promise<Answer>): Promise<Answer & { milliseconds: number }> {
  const start = performance.now();
  const answer = await ask();
  return { ...answer, milliseconds: performance.now() - start };
}

/** Every door at once says that it cannot be done now, in time. */
async function expectUnavailable(): Promise<void> {
  const answers = await Promise.all(
    Object.entries(DOORS).map(async ([door, ask]) => ({ door, ...(await timed(ask)) })),
  );
  for (const { door, status, body, headers, milliseconds } of answers) {
    expect({ door, status, code: body.code }).toEqual({ door, status: 503, code: 'temporarily_unavailable' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect({ door, late: milliseconds > PROMISED }).toEqual({ door, late: false });
  }
  const health = await ready();
  expect(health.status).toBe(503);
  expect(health.headers.get('retry-after')).not.toBeNull();
  expect(health.body).toMatchObject({ status: 'not_ready', database: 'unreachable' });
}

/** The same process goes on by itself. */
async function expectBack(): Promise<void> {
  await eventually('the database, again', async () => (await ready()).status === 200);
  for (const [door, ask] of Object.entries(DOORS)) {
    const { status } = await eventually(`the ${door}, again`, async () => {
      const answer = await ask();
      return answer.status < 500 && answer;
    });
    expect({ door, status }).toEqual({ door, status: door === 'purchase' ? 201 : 200 });
  }
}

test('all is well before', expectBack);

test('a database that hangs is answered for within five seconds, and gone on with when it wakes', async () => {
  postgres.freeze();
  try {
    await expectUnavailable();
    // New connections hang like old ones.
    await expectUnavailable();
    // However many wait behind each other.
    const burst = await Promise.all(Array.from({ length: 40 }, () => timed(webhook)));
    expect(new Set(burst.map(({ status }) => status))).toEqual(new Set([503]));
    expect(burst.filter(({ milliseconds }) => milliseconds > PROMISED)).toEqual([]);
  } finally {
    postgres.thaw();
  }
  await expectBack();
});

test('a person who meets it in a browser is told in words, and the page looks again by itself', async () => {
  const browse = (path: string, accept: string) =>
    api.call('GET', path, { headers: { Accept: accept }, key: coach.key });
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const page = `/buy/${price.priceId}?member=a"b`;
  await postgres.stop();
  try {
    const shown = await browse(page, browser);
    expect(shown.status).toBe(503);
    expect(shown.headers.get('content-type')).toContain('text/html');
    expect(shown.headers.get('retry-after')).toBe('2');
    expect(shown.text).toContain('Nothing that you have done is lost');
    expect(shown.text).toContain('http-equiv="refresh"');
    expect(shown.text).not.toContain('a"b');
    // A program is answered as one, whatever its client says that it takes.
    for (const [path, accept] of [
      [page, '*/*'],
      ['/v1/products', browser],
    ] as const)
      expect((await browse(path, accept)).body).toMatchObject({ code: 'temporarily_unavailable' });
  } finally {
    await postgres.start();
  }
  await expectBack();
});

test('a transaction whose answer did not come is nobody else’s: what is written next is committed', async () => {
  const timeouts = { connect: 3000, lock: 500, statement: 700, answer: 1000, idleInTransaction: 60_000 };
  // One connection, so that whoever comes next gets the one that was frozen if it is given back.
  const db = createDb(postgres.url, 1, timeouts);
  try {
    const frozen = db.$transaction(async (tx) => {
      await tx.coach.create({ data: { id: 'coach_frozen', name: 'Never committed' } });
      postgres.freeze();
      await tx.coach.count();
    });
    await expect(frozen).rejects.toThrow('Query read timeout');
    postgres.thaw();
    await eventually('a connection', () =>
      db.coach.create({ data: { id: 'coach_next', name: 'Committed' } }).then(
        () => true,
        () => false,
      ),
    );
    const seen = await postgres.sql(`SELECT id FROM coach WHERE id IN ('coach_frozen', 'coach_next')`);
    expect(seen).toEqual([{ id: 'coach_next' }]);
  } finally {
    postgres.thaw();
    await db.$disconnect();
  }
});

test('a purchase that was frozen half-way is repeated with its key as soon as the database wakes', async () => {
  api.fake.set('openCheckout', () => {
    postgres.freeze();
    return Promise.reject(new Error('a mistake, while nobody can write down what became of it'));
  });
  try {
    const frozen = await timed(() => buyAs('ada'));
    expect(frozen.status).toBeGreaterThanOrEqual(500);
    expect(frozen.milliseconds).toBeLessThan(PROMISED);
  } finally {
    postgres.thaw();
    api.fake.reset();
  }
  const repeated = await eventually('the purchase', async () => {
    const answer = await buyAs('ada');
    return answer.body.code !== 'idempotency_in_progress' && answer.status !== 503 && answer;
  });
  // It finds the checkout that the first try left.
  expect(repeated.status).toBe(200);
  expect(repeated.headers.get('idempotent-replayed')).toBeNull();
  // The same purchase went on: there is one checkout, and no other member.
  expect(await api.db.checkout.findMany({ where: { member: { externalId: 'ada' } } })).toHaveLength(1);
});

test('what somebody keeps locked is given up in time, and another statement goes on', async () => {
  const holder = new Client({ connectionString: postgres.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE inbox, member');
  try {
    for (const ask of [webhook, access, purchase]) {
      const answer = await timed(ask);
      expect(answer.body).toMatchObject({ status: 503, code: 'temporarily_unavailable' });
      expect(answer.milliseconds).toBeLessThan(PROMISED);
    }
    expect((await ready()).status).toBe(200);
  } finally {
    await holder.end();
  }
  await expectBack();
});

test('a database without a connection to spare is unavailable, not broken', async () => {
  const taken: Client[] = [];
  const takeAll = () =>
    eventually('no connection to spare', async () => {
      const client = new Client({ connectionString: postgres.url });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch {
        return true;
      }
      taken.push(client);
      return false;
    });
  try {
    await takeAll();
    // Those that the API has left are ended, and taken before it asks for others.
    const ours = taken.map((client) => (client as Client & { processID: number }).processID);
    await taken[0]?.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> ALL($1)`,
      [ours],
    );
    await takeAll();
    await expectUnavailable();
  } finally {
    await Promise.all(taken.map((client) => client.end()));
  }
  await expectBack();
});

test('a database that is down, then starting, is unavailable until it is up', async () => {
  await postgres.stop();
  await expectUnavailable();

  // A standby that nobody may read yet is starting for ever: 57P03.
  const stopUnready = await postgres.startUnready();
  await expectUnavailable();
  await stopUnready();

  await postgres.start();
  await expectBack();
});
