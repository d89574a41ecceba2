import { GUIDES } from '../../src/api/platform/guides';
import { apiFor, createCoach, PLATFORM_KEY, startApi } from './api-support';

const api = apiFor('file');

const platform = (method: string, path: string) => api.call(method, path, { key: PLATFORM_KEY });

test('health needs nothing, readiness says what is missing', async () => {
  expect((await api.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
  const ready = await api.call('GET', '/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body).toEqual({ status: 'not_ready', database: 'ok', temporal: 'unreachable' });
  expect((await api.call('GET', '/readyz?need=database')).status).toBe(200);
});

test('metrics take the platform key and name no address', async () => {
  expect((await api.call('GET', '/metrics')).status).toBe(401);
  await api.call('GET', '/v1/access?member=mia@example.com&product=pdt_1', {
    key: (await createCoach(api)).key,
  });
  const metrics = await platform('GET', '/metrics');
  expect(metrics.text).toContain(
    'session_http_request_duration_seconds_count{method="GET",route="/v1/access",status="404"} 1',
  );
  expect(metrics.text).not.toContain('mia@');
});

test('coaches and keys are listed', async () => {
  const { coachId, keyId } = await createCoach(api);
  const coaches = await platform('GET', '/v1/coaches');
  expect((coaches.body.data as { id: string }[]).map(({ id }) => id)).toContain(coachId);
  const keys = await platform('GET', `/v1/coaches/${coachId}/api-keys`);
  expect(keys.body.data).toEqual([expect.objectContaining({ id: keyId, mode: 'test', revokedAt: null })]);
  expect((await platform('GET', '/v1/coaches/coach_unknown/api-keys')).status).toBe(404);
});

test('a parked event is shown, driven again once, and announced', async () => {
  const event = (eventId: string, status: 'parked' | 'waiting' | 'done') =>
    api.db.inbox.create({
      data: {
        mode: 'test',
        eventId,
        type: 'invoice.paid',
        payload: { secret: 'x' },
        status,
        attempts: 9,
        note: 'Tried too often.',
      },
    });
  const parked = await event('evt_1', 'parked');
  await event('evt_2', 'waiting');
  await event('evt_3', 'done');
  expect((await platform('GET', '/local/inbox?waiting')).body).toEqual({ waiting: 1, parked: 1 });
  const list = await platform('GET', '/v1/inbox?status=parked');
  expect(list.body.data).toEqual([
    expect.objectContaining({ eventId: 'evt_1', attempts: 9, note: 'Tried too often.' }),
  ]);
  expect(list.text).not.toContain('secret');
  const driven = await platform('POST', `/v1/inbox/${parked.id}/redrive`);
  expect(driven.body).toMatchObject({ status: 'waiting', attempts: 0, note: null });
  expect((await platform('POST', `/v1/inbox/${parked.id}/redrive`)).body.code).toBe('not_parked');
  expect((await platform('POST', '/v1/inbox/999999/redrive')).status).toBe(404);
});

interface Operation {
  summary?: string;
  security?: unknown[];
  responses: Record<string, unknown>;
}

test('the documentation is complete and served from here', async () => {
  const { body } = await api.call('GET', '/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  const paths = body.paths as unknown as Record<string, Record<string, Operation>>;
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods)) {
      expect([path, method, operation.summary]).toEqual([path, method, expect.stringMatching(/\w/)]);
      if (path.startsWith('/v1/')) {
        expect(operation.security).toHaveLength(1);
        expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '500']));
      }
    }
  for (const path of ['/v1/checkouts', '/v1/access', '/v1/connection', '/buy/{priceId}', '/webhooks/stripe'])
    expect(Object.keys(paths)).toContain(path);
  const docs = await api.call('GET', '/docs/');
  expect(docs.status).toBe(200);
  expect(docs.text).not.toMatch(/(src|href)="https?:/);
  expect((await api.call('GET', '/problems')).text).toContain('id="charges_not_enabled"');
});

test('the file behind the page that has the document is there before anybody asks for the page', async () => {
  const url = 'https://another.example';
  const another = await startApi({ PUBLIC_URL: url });
  const { text } = await another.call('GET', '/docs/swagger-ui-init.js');
  await another.close();
  expect(text).toContain(JSON.stringify(url));
});

test('the guides are pages beside it, without a script, and lead to each other', async () => {
  const index = await api.call('GET', '/docs/guides');
  expect(index.headers.get('location')).toBe('/docs/guides/quickstart');
  for (const { name, title } of GUIDES) {
    const { status, text, headers } = await api.call('GET', `/docs/guides/${name}`);
    expect([name, status]).toEqual([name, 200]);
    expect(text).toContain(`aria-current="page">${title}</a>`);
    expect(text).not.toMatch(/<script|style="|<img/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'nonce-/);
    for (const [, own = ''] of text.matchAll(/href="(\/docs\/guides\/[^"#]+)/g))
      expect([name, own, (await api.call('GET', own)).status]).toEqual([name, own, 200]);
  }
  // What is HTML in a text is shown as it is written.
  expect((await api.call('GET', '/docs/guides/selling')).text).toContain('&lt;session-buy price=');
  expect((await api.call('GET', '/docs/guides/none')).body.code).toBe('route_not_found');
});

test('every answer has a request id and the headers that browsers need', async () => {
  const { headers } = await api.call('GET', '/healthz');
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('x-powered-by')).toBeNull();
});
