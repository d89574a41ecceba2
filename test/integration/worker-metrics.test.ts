import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { createWorkerHttp } from '../../src/worker/http-server';
import { createWorkerMetrics } from '../../src/worker/metrics';
import { late } from '../../packages/stripe-emulator/test/support/late';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';

// Nobody answers there; what waits is not noted as never to be sent.
const rig = rigFor('file', {
  variables: { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'mails@session.example' },
});
const shop = shopFor('file', rig);

/** What the SDK would hand out, on a port of its own. */
const sdk = late(
  'file',
  async () => {
    const server = createServer((_, res) => res.end('temporal_num_pollers{poller_type="x"} 5\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  },
  (server) => void server.close(),
);
const at = (server: { address(): unknown }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function startHttp(db: typeof rig.db, state: () => 'RUNNING' | 'DRAINING' | null) {
  const { registry } = createWorkerMetrics({ db, stripe: rig.stripe });
  const server = createWorkerHttp({ registry, sdkMetricsUrl: `${at(sdk)}/metrics`, state });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const get = async (path: string) => {
    const response = await fetch(`${at(server)}${path}`);
    return { status: response.status, text: await response.text() };
  };
  return { get, close: () => server.close() };
}

const valueOf = (text: string, series: string) => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
};

test('a worker says whether it polls', async () => {
  let state: 'RUNNING' | 'DRAINING' | null = null;
  const http = await startHttp(rig.db, () => state);
  try {
    expect((await http.get('/healthz')).status).toBe(200);
    expect(await http.get('/readyz')).toEqual({ status: 503, text: '{"status":"starting"}' });
    state = 'RUNNING';
    expect((await http.get('/readyz?verbose')).status).toBe(200);
    state = 'DRAINING';
    expect(await http.get('/readyz')).toEqual({ status: 503, text: '{"status":"draining"}' });
    expect((await http.get('/')).status).toBe(404);
  } finally {
    http.close();
  }
});

test('what waits, is parked, is given and is asked of Stripe is counted; Temporal’s own stands behind', async () => {
  const http = await startHttp(rig.db, () => 'RUNNING');
  try {
    const before = (await http.get('/metrics')).text;
    expect(valueOf(before, 'session_inbox_rows{mode="test",status="parked"}')).toBe(0);
    expect(valueOf(before, 'session_inbox_rows{mode="live",status="waiting"}')).toBe(0);
    expect(before).toContain('\ntemporal_num_pollers{poller_type="x"} 5\n');

    await rig.db.inbox.create({
      data: {
        mode: 'test',
        eventId: 'evt_old',
        type: 'invoice.paid',
        payload: {},
        status: 'parked',
        receivedAt: new Date(Date.now() - 3_600_000),
      },
    });
    await shop.buy(await shop.sell(), await shop.newMember());
    await eventually('access that is counted', async () => {
      const { text } = await http.get('/metrics');
      return valueOf(text, 'session_access_changes_total{mode="test",effect="given"}') === 1;
    });
    const { text } = await http.get('/metrics');
    expect(valueOf(text, 'session_inbox_rows{mode="test",status="parked"}')).toBe(1);
    expect(valueOf(text, 'session_inbox_oldest_seconds{mode="test",status="parked"}')).toBeGreaterThan(3500);
    const session = 'mode="test",method="POST",endpoint="/v1/checkout/sessions"';
    expect(valueOf(text, `session_stripe_requests_total{${session}}`)).toBe(1);
    expect(valueOf(text, `session_stripe_request_duration_seconds_count{${session},status="200"}`)).toBe(1);
    expect(text).not.toMatch(/\b(acct|sub|coach|member|cs)_\w/);
  } finally {
    http.close();
  }
});

test('a database that is away takes its own figures away, and no others', async () => {
  const away = { $queryRaw: () => Promise.reject(new Error('away')) } as unknown as typeof rig.db;
  const http = await startHttp(away, () => 'RUNNING');
  try {
    const { status, text } = await http.get('/metrics');
    expect(status).toBe(200);
    expect(text).not.toMatch(/^session_inbox_rows\{/m);
    expect(text).toContain('temporal_num_pollers');
  } finally {
    http.close();
  }
});

test('what is told, and what is not, is counted: mails and deliveries, by how they stand and since when', async () => {
  const http = await startHttp(rig.db, () => 'RUNNING');
  const { coachId, mode } = shop;
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const mail = (id: string, data: object) =>
    rig.db.mail.create({
      data: {
        coachId,
        mode,
        id: `mail_${id}`,
        kind: 'bought',
        key: id,
        createdAt: ago(600),
        leaseUntil: ago(-900),
        ...data,
      },
    });
  try {
    const counts = async (name: string, of: string) =>
      valueOf((await http.get('/metrics')).text, `${name}{mode="test",status="${of}"}`);
    await rig.db.mail.deleteMany();
    expect(await counts('session_mails', 'unclear')).toBe(0);
    expect(await counts('session_webhook_deliveries', 'failed')).toBe(0);
    await mail('waits', {});
    await mail('later', { dueAt: ago(-900) });
    await mail('tried', { status: 'sending', nextTryAt: ago(-900), createdAt: ago(9000) });
    await mail('failed', { status: 'failed', reason: 'gave_up', endedAt: ago(60) });
    await mail('bounced', { status: 'failed', reason: 'bounced', endedAt: ago(60) });
    await mail('long-ago', { status: 'unclear', reason: 'no_answer', endedAt: ago(90_000) });
    await mail('unclear', { status: 'unclear', reason: 'no_answer', endedAt: ago(60) });
    expect(await counts('session_mails', 'queued')).toBe(1);
    expect(await counts('session_mails', 'sending')).toBe(1);
    expect(await counts('session_mails', 'failed')).toBe(1);
    expect(await counts('session_mails', 'unclear')).toBe(1);
    expect(await counts('session_mails_oldest_seconds', 'queued')).toBeGreaterThanOrEqual(600);
    expect(await counts('session_mails_oldest_seconds', 'queued')).toBeLessThan(900);
    expect(await counts('session_mails_oldest_seconds', 'sending')).toBeGreaterThanOrEqual(9000);
    await rig.db.webhookEndpoint.create({
      data: {
        coachId,
        mode,
        id: 'whe_1',
        url: 'https://example.com',
        sealed: 'x',
        types: [],
        status: 'disabled',
      },
    });
    const fact = await rig.db.fact.findFirstOrThrow({ where: { coachId, mode } });
    await rig.db.webhookDelivery.create({
      data: { coachId, mode, endpointId: 'whe_1', factId: fact.id, status: 'failed', endedAt: ago(60) },
    });
    expect(await counts('session_webhook_deliveries', 'failed')).toBe(1);
    expect(await counts('session_webhook_deliveries', 'waiting')).toBe(0);
  } finally {
    http.close();
  }
});
