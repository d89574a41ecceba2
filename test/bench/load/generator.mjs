// The load of a bench, in a process of its own: what it costs is nobody else's. Speaks HTTP/1.1 over sockets that it keeps
// open, each with one request at a time, as Stripe and a coach's server do. Asked by a message, answers by one.
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';

const HEADERS_END = Buffer.from('\r\n\r\n');

/** @param {{ method: string, path: string, headers: Record<string, string>, body?: string }} request */
function bytesOf({ method, path, headers, body }) {
  const own = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ Host: '127.0.0.1', ...headers, ...own }).map(([k, v]) => `${k}: ${v}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
}

/** An event as Stripe writes one, in two and a half kilobytes; signed now. */
function delivery({ secret, accountId, path, type }, id) {
  const created = Math.floor(Date.now() / 1000);
  const lines = Array.from({ length: 3 }, (_, n) => ({
    id: `il_${id}_${n}`,
    object: 'line_item',
    amount: 4900,
    currency: 'eur',
    description: '1 × Morning yoga (at €49.00 / month)',
    metadata: { checkoutId: `cko_${id}` },
    parent: {
      type: 'subscription_item_details',
      subscription_item_details: { subscription: `sub_${id}`, subscription_item: `si_${id}` },
    },
    period: { start: created, end: created + 2_592_000 },
  }));
  const event = {
    id: `evt_${id}`,
    object: 'event',
    account: accountId,
    api_version: '2026-08-26.dahlia',
    created,
    data: {
      object: {
        id: `in_${id}`,
        object: 'invoice',
        amount_due: 4900,
        amount_paid: 4900,
        currency: 'eur',
        customer: `cus_${id}`,
        status: 'paid',
        lines: { object: 'list', has_more: false, data: lines, url: `/v1/invoices/in_${id}/lines` },
        parent: { type: 'subscription_details', subscription_details: { subscription: `sub_${id}` } },
      },
    },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
  };
  const body = JSON.stringify(event, null, 2);
  const mac = createHmac('sha256', secret).update(`${created}.${body}`).digest('hex');
  const headers = { 'Content-Type': 'application/json', 'Stripe-Signature': `t=${created},v1=${mac}` };
  return bytesOf({ method: 'POST', path, headers, body });
}

function requestsOf(work, count) {
  if (work.kind === 'webhooks')
    return Array.from({ length: count }, (_, n) => delivery(work, `${work.name}_${n}`));
  const made = work.paths.map((path) => bytesOf({ method: 'GET', path, headers: work.headers }));
  return Array.from({ length: count }, (_, n) => made[n % made.length]);
}

/** Sends requests over one socket, the next when the one before is answered, until there is none or time is up. */
function drive(port, next, done) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received = Buffer.alloc(0);
  let start = 0;
  const send = () => {
    const request = next();
    if (request === undefined) return socket.end();
    start = performance.now();
    socket.write(request);
  };
  return new Promise((resolve, reject) => {
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = received.indexOf(HEADERS_END);
      if (end === -1) return;
      const head = received.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      received = received.subarray(end + 4 + length);
      done(performance.now() - start, Number(head.slice(9, 12)));
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

async function run({ port, connections, count, seconds, work }) {
  const requests = requestsOf(work, count);
  const times = [];
  let failed = 0;
  let index = 0;
  const start = performance.now();
  const next = () => (performance.now() - start < seconds * 1000 ? requests[index++] : undefined);
  const done = (ms, status) => {
    times.push(ms);
    if (status !== 200) failed++;
  };
  await Promise.all(Array.from({ length: connections }, () => drive(port, next, done)));
  const elapsed = (performance.now() - start) / 1000;
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { answered: times.length, failed, perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

process.on('message', (order) => {
  run(order).then(
    (result) => process.send(result),
    (error) => process.send({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
