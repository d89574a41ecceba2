import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import Stripe from 'stripe';
import { eventually } from '../support/eventually';
import { apiFor, CONNECT_SECRET, PLATFORM_KEY, startApi } from './api-support';

const api = apiFor('file');

const now = () => Math.floor(Date.now() / 1000);
const event = (over: Record<string, unknown> = {}) =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'checkout.session.completed',
    created: now(),
    livemode: false,
    account: 'acct_1',
    data: { object: { id: 'cs_1', object: 'checkout.session', metadata: { note: 'a\u0000b' } } },
    ...over,
  });
const sign = (payload: string, secret: string, timestamp = now()) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
const deliver = (payload: string, signature: string | null) =>
  api.call('POST', '/webhooks/stripe', {
    body: payload,
    headers: signature === null ? {} : { 'Stripe-Signature': signature },
  });

test('an event becomes one row, however often it is delivered', async () => {
  const payload = event();
  for (let i = 0; i < 3; i++)
    expect((await deliver(payload, sign(payload, CONNECT_SECRET.test))).status).toBe(200);
  const rows = await api.db.inbox.findMany();
  expect(rows).toHaveLength(1);
  expect(rows[0]?.payload).toEqual({
    ...(JSON.parse(event()) as object),
    created: expect.any(Number) as number,
    data: { object: { id: 'cs_1', object: 'checkout.session', metadata: { note: 'ab' } } },
  });
  expect(rows[0]).toMatchObject({
    mode: 'test',
    eventId: 'evt_1',
    accountId: 'acct_1',
    type: 'checkout.session.completed',
    objectId: 'cs_1',
    status: 'waiting',
  });
});

test('the same id in the other mode is another event', async () => {
  const payload = event({ livemode: true });
  expect((await deliver(payload, sign(payload, CONNECT_SECRET.live))).status).toBe(200);
  expect(await api.db.inbox.count({ where: { eventId: 'evt_1' } })).toBe(2);
});

test.each([
  [
    'of a type that nothing here listens to',
    { id: 'evt_foreign', type: 'customer.created' },
    CONNECT_SECRET.test,
  ],
  ['of the platform itself', { id: 'evt_platform', account: undefined }, 'whsec_test_platform'],
])('an event %s is taken, and settled at once without its body', async (_name, over, secret) => {
  const payload = event(over);
  expect((await deliver(payload, sign(payload, secret))).status).toBe(200);
  const row = await api.db.inbox.findFirstOrThrow({ where: { eventId: over.id } });
  expect(row).toMatchObject({ status: 'ignored', note: expect.any(String) as string, payload: {} });
  expect(row.doneAt).not.toBeNull();
});

describe('refused, and nothing written', () => {
  const payload = event({ id: 'evt_bad' });
  test.each<[string, string, () => string | null]>([
    ['unsigned', payload, () => null],
    ['tampered', event({ id: 'evt_bad', account: 'acct_2' }), () => sign(payload, CONNECT_SECRET.test)],
    ['signed with a blank secret', payload, () => sign(payload, ' ')],
    [
      'signed with the other mode’s secret',
      event({ id: 'evt_bad', livemode: true }),
      () => sign(event({ id: 'evt_bad', livemode: true }), CONNECT_SECRET.test),
    ],
    ['old', payload, () => sign(payload, CONNECT_SECRET.test, now() - 310)],
    ['from the future', payload, () => sign(payload, CONNECT_SECRET.test, now() + 310)],
    [
      'of the platform, with the connect secret',
      event({ id: 'evt_bad', account: undefined }),
      () => sign(event({ id: 'evt_bad', account: undefined }), CONNECT_SECRET.test),
    ],
    ['not an event', '{"id":"evt_bad"}', () => sign('{"id":"evt_bad"}', CONNECT_SECRET.test)],
  ])('%s', async (_name, body, signature) => {
    const before = await api.db.inbox.count();
    const answer = await deliver(body, signature());
    expect(answer.status).toBe(400);
    expect(answer.body.code).toMatch(/^webhook_/);
    expect(await api.db.inbox.count()).toBe(before);
  });
});

describe('scenario 16: what was signed is what is read', () => {
  const bytesOf = (name: Buffer) =>
    Buffer.concat([Buffer.from(event({ id: 'evt_bytes', name: '' }).slice(0, -2)), name, Buffer.from('"}')]);
  const deliverBytes = (body: Buffer, signature: string) =>
    fetch(`${api.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'Stripe-Signature': signature },
      body: new Uint8Array(body),
    });
  const signBytes = (body: Buffer, at = now()) =>
    `t=${at},v1=${createHmac('sha256', CONNECT_SECRET.test).update(`${at}.`).update(body).digest('hex')}`;
  const outcomeOf = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { code?: string }).code,
  ];

  test('other bytes that decode to the same text are not what was signed', async () => {
    const signature = signBytes(bytesOf(Buffer.from('\ufffd')));
    expect(await outcomeOf(await deliverBytes(bytesOf(Buffer.from([0xff])), signature))).toEqual([
      400,
      'webhook_signature_invalid',
    ]);
  });

  test('bytes that are no text are refused, whoever signed them', async () => {
    const body = bytesOf(Buffer.from([0xff]));
    expect(await outcomeOf(await deliverBytes(body, signBytes(body)))).toEqual([400, 'webhook_body_invalid']);
    expect(await api.db.inbox.count({ where: { eventId: 'evt_bytes' } })).toBe(0);
  });

  test('a header that comes twice says its time twice', async () => {
    const body = event({ id: 'evt_bytes' });
    const answer = await api.call('POST', '/webhooks/stripe', {
      body,
      headers: {
        'Stripe-Signature': `${sign(body, CONNECT_SECRET.test)}, ${sign(body, CONNECT_SECRET.test)}`,
      },
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'webhook_signature_invalid']);
  });

  test('letters of every alphabet are signed and read', async () => {
    const body = bytesOf(Buffer.from('Zoë 😀'));
    expect((await deliverBytes(body, signBytes(body))).status).toBe(200);
  });
});

test('a body of any size that Stripe sends is taken, larger ones are refused', async () => {
  const large = event({ id: 'evt_large', data: { object: { id: 'cs_1', text: 'x'.repeat(500_000) } } });
  expect((await deliver(large, sign(large, CONNECT_SECRET.test))).status).toBe(200);
  const huge = event({ id: 'evt_huge', data: { object: { id: 'cs_1', text: 'x'.repeat(3_000_000) } } });
  expect((await deliver(huge, sign(huge, CONNECT_SECRET.test))).status).toBe(413);
  // Whoever does not say how large it is, is refused all the same.
  const chunked = await fetch(`${api.url}/webhooks/stripe`, {
    method: 'POST',
    headers: { 'Stripe-Signature': sign(huge, CONNECT_SECRET.test) },
    body: new Blob([huge]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(413);
});

describe('a delivery is answered ahead of Express, and as everything is', () => {
  const metricOf = async (series: string): Promise<number> => {
    const { text } = await api.call('GET', '/metrics', { key: PLATFORM_KEY });
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return Number(line?.split(' ')[1] ?? 0);
  };
  const answered = (status: number) =>
    `session_http_request_duration_seconds_count{method="POST",route="/webhooks/stripe",status="${status}"}`;
  const refused = 'session_webhook_events_total{mode="unknown",outcome="webhook_signature_invalid"}';

  test('with the headers of every answer', async () => {
    const payload = event({ id: 'evt_headers' });
    const [delivered, other] = [
      await deliver(payload, sign(payload, CONNECT_SECRET.test)),
      await api.call('GET', '/healthz'),
    ];
    const ofItsOwn = ['date', 'x-request-id', 'content-length'];
    const headersOf = ({ headers }: { headers: Headers }) =>
      Object.fromEntries([...headers].map(([name, value]) => [name, ofItsOwn.includes(name) ? '…' : value]));
    expect(headersOf(delivered)).toEqual(headersOf(other));
    expect(headersOf(delivered)).toMatchObject({ 'content-security-policy': expect.any(String) as string });
    expect(delivered.body).toEqual({ received: true });
  });

  test('it is counted once, whether it is taken or refused', async () => {
    const payload = event({ id: 'evt_counted' });
    const before = [
      await metricOf(answered(200)),
      await metricOf(answered(400)),
      await metricOf(refused),
    ] as const;
    await deliver(payload, sign(payload, CONNECT_SECRET.test));
    await deliver(payload, sign(payload, 'whsec_of_nobody'));
    await eventually('both to be counted', async () => (await metricOf(answered(400))) > before[1]);
    expect([await metricOf(answered(200)), await metricOf(answered(400)), await metricOf(refused)]).toEqual(
      before.map((count) => count + 1),
    );
  });

  test.each(['/webhooks/stripe?from=stripe', '/webhooks/stripe/', '/Webhooks/Stripe'])(
    'at %s it is taken as well',
    async (path) => {
      const payload = event({ id: `evt_at_${path.replaceAll(/\W/g, '')}_${path.length}` });
      const headers = { 'Stripe-Signature': sign(payload, CONNECT_SECRET.test) };
      const answer = await api.call('POST', path, { body: payload, headers });
      expect([answer.status, answer.body]).toEqual([200, { received: true }]);
    },
  );

  test.each(['gzip', 'GZIP, identity', 'br'])('what is compressed (%s) is refused', async (encoding) => {
    const payload = event({ id: 'evt_compressed' });
    const headers = {
      'Stripe-Signature': sign(payload, CONNECT_SECRET.test),
      'Content-Encoding': encoding,
    };
    const answer = await api.call('POST', '/webhooks/stripe', { body: payload, headers });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  test('another method is told which one it is', async () => {
    const answer = await api.call('GET', '/webhooks/stripe');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('who hangs up in the middle of it has delivered nothing, and the next one is taken', async () => {
    const payload = event({ id: 'evt_half' });
    const before = await metricOf(answered(499));
    const { hostname, port } = new URL(api.url);
    const socket = connectTo({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    const head = [
      'POST /webhooks/stripe HTTP/1.1',
      `Host: ${hostname}`,
      `Stripe-Signature: ${sign(payload, CONNECT_SECRET.test)}`,
      `Content-Length: ${payload.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${payload.slice(0, -10)}`);
    socket.end();
    await once(socket.resume(), 'close');
    await eventually('its end to be counted', async () => (await metricOf(answered(499))) > before);
    expect(await api.db.inbox.count({ where: { eventId: 'evt_half' } })).toBe(0);
    expect((await deliver(payload, sign(payload, CONNECT_SECRET.test))).status).toBe(200);
  });
});

test('while the database is down Stripe is asked to come back', async () => {
  const payload = event({ id: 'evt_down' });
  const down = await startApi({ DATABASE_URL: 'postgresql://nobody:x@127.0.0.1:1/none' });
  try {
    const answer = await down.call('POST', '/webhooks/stripe', {
      body: payload,
      headers: { 'Stripe-Signature': sign(payload, CONNECT_SECRET.test) },
    });
    expect(answer.status).toBe(503);
    expect(answer.body.code).toBe('temporarily_unavailable');
  } finally {
    await down.close();
  }
});
