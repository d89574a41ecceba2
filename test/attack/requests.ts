import { Agent } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type AttackOptions, type Outcome, sideBySide } from './attack';
import type { Stack } from './stack';
import { openBusiness } from './tenant/business';
import { type Headers, type Received, send, sendBytes } from './wire';

/** Somebody with a key of their own, who sends what no client does. */
interface Sender {
  url: string;
  key: string;
  productId: string;
}

/** One request: none of them may be answered with a success, or as two, or with a failure of ours. */
type Hostile = (sender: Sender) => Promise<Received>;

const MANY = 100_000;
const AT_ONCE = 4;
/** Connections that are begun and never finished, while the owner asks. */
const SLOW = 200;

const authorized = ({ key }: Sender): Headers => [['Authorization', `Bearer ${key}`]];
const asJson = (sender: Sender, more: Headers = []): Headers => [
  ...authorized(sender),
  ['Content-Type', 'application/json'],
  ...more,
];
const product = (body: Buffer | string, more: Headers = []): Hostile => {
  return (sender) =>
    send(sender.url, {
      path: '/v1/products',
      headers: asJson(sender, more),
      body: Buffer.isBuffer(body) ? body : Buffer.from(body),
    });
};
const get = (path: string, more: Headers = []): Hostile => {
  return (sender) => send(sender.url, { method: 'GET', path, headers: [...authorized(sender), ...more] });
};

const nested = (open: string, inner: string, close: string, depth: number) =>
  open.repeat(depth) + inner + close.repeat(depth);
const named = (more: string) => `{"name":"Yoga",${more}}`;

const FORMS: Record<string, Hostile> = {
  'larger than is taken': product(`{"name":"${'x'.repeat(2 * MANY)}"}`),
  'larger, in blanks': product(`{"name":"Yoga"${' '.repeat(2 * MANY)}}`),
  'a text longer than is taken': product(`{"name":"${'x'.repeat(MANY / 2)}"}`),
  'lists within lists': product(nested('[', '', ']', MANY / 4)),
  'objects within objects': product(nested('{"name":', '1', '}', 10_000)),
  'lists that do not end': product('['.repeat(MANY / 2)),
  'a name that is nested': product(`{"name":${nested('[', '"x"', ']', 20_000)}}`),
  'ten thousand fields': product(`{${Array.from({ length: 8000 }, (_, i) => `"f${i}":1`).join(',')}}`),
  'a field of every object': product(named('"__proto__":{"description":"x","admin":true}')),
  'the maker of every object': product(named('"constructor":{"prototype":{"admin":true}}')),
  'a number without end': product(`{"name":1e400}`),
  'a number of many digits': product(`{"name":${'9'.repeat(50_000)}}`),
  'half a letter': product('{"name":"\\ud800"}'),
  'bytes of no text': product(
    Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
  ),
  'nothing of all letters': product('{"name":"a\\u0000b"}'),
  'no object': product('"name"'),
  'no JSON': product('name=Yoga'),
  'two bodies': product('{"name":"Yoga"}{"name":"Yoga"}'),
  'an alphabet that is not known': (sender) =>
    send(sender.url, {
      path: '/v1/products',
      headers: [...authorized(sender), ['Content-Type', 'application/json; charset=utf-7']],
      body: Buffer.from('{"name":"Yoga"}'),
    }),
  ...Object.fromEntries(
    [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ].map((type) => [
      `JSON called ${type}`,
      (sender: Sender) =>
        send(sender.url, {
          path: '/v1/products',
          headers: [...authorized(sender), ['Content-Type', type]],
          body: Buffer.from('{"name":"Yoga"}'),
        }),
    ]),
  ),
};

const bomb = gzipSync(`{"name":"${'x'.repeat(200 * MANY)}"}`);
const small = Buffer.from('{"name":"Yoga"}');
const COMPRESSED: Record<string, Hostile> = {
  'twenty megabytes in twenty kilobytes': product(bomb, [['Content-Encoding', 'gzip']]),
  'compressed twice': product(gzipSync(gzipSync(small)), [['Content-Encoding', 'gzip, gzip']]),
  'said to be compressed': product(small, [['Content-Encoding', 'gzip']]),
  'cut in the middle': product(gzipSync(small).subarray(0, 20), [['Content-Encoding', 'gzip']]),
  'in a way that nobody knows': product(small, [['Content-Encoding', 'zstd-of-mine']]),
};

const LONG: Record<string, Hostile> = {
  'an address of 100 kB': get(`/v1/products?cursor=${'x'.repeat(MANY)}`),
  'a header of 100 kB': get('/v1/products', [['X-Long', 'x'.repeat(MANY)]]),
  'a cookie of 100 kB': get('/v1/products', [['Cookie', `session_console=${'x'.repeat(MANY)}`]]),
  'three thousand headers': get(
    '/v1/products',
    Array.from({ length: 3000 }, (_, i) => [`X-${i}`, 'x'] as const),
  ),
  'two thousand parameters': get(
    `/v1/products?${Array.from({ length: 2000 }, (_, i) => `p${i}=x`).join('&')}`,
  ),
  'a parameter twice': get('/v1/products?limit=1&limit=2'),
  'a parameter that is a list': get('/v1/products?limit[]=1'),
  'a parameter that is an object': get('/v1/products?limit[gt]=1'),
  'a path upwards': get('/v1/products/../../etc/passwd'),
  'a path upwards, encoded': get('/v1/products/%2e%2e%2f%2e%2e%2fetc%2fpasswd'),
  'half an encoded letter': get('/v1/products/%E0%A4%A'),
  'nothing, encoded': get('/v1/products/%00'),
  'a file of the console upwards': get('/console/assets/..%2f..%2f..%2f..%2fetc%2fpasswd'),
  'a file of the console upwards, twice encoded': get(
    '/console/assets/%252e%252e%252f%252e%252e%252fpackage.json',
  ),
};

/** What is sent as bytes: a request of which two readers may see different ends, with another one behind it. */
const smuggled = (headers: string, body: string): Hostile => {
  return (sender) => {
    const behind = `GET /v1/products/${sender.productId} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sender.key}\r\nConnection: close\r\n\r\n`;
    const head = `POST /v1/products HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    return sendBytes(sender.url, Buffer.from(`${head}${headers}\r\n${body}${behind}`, 'latin1'));
  };
};
const CHUNKED = 'Transfer-Encoding: chunked\r\n';
const NO_CHUNK = '0\r\n\r\n';
const SMUGGLED: Record<string, Hostile> = {
  'length and chunks': smuggled(`Content-Length: 5\r\n${CHUNKED}`, NO_CHUNK),
  'chunks and length': smuggled(`${CHUNKED}Content-Length: 5\r\n`, NO_CHUNK),
  'two lengths': smuggled('Content-Length: 0\r\nContent-Length: 5\r\n', ''),
  'two lengths in one line': smuggled('Content-Length: 0, 5\r\n', ''),
  'a length with a sign': smuggled('Content-Length: +0\r\n', ''),
  'a length below nothing': smuggled('Content-Length: -1\r\n', ''),
  'a length in hexadecimal': smuggled('Content-Length: 0x0\r\n', ''),
  'chunks, misspelt': smuggled('Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n', ''),
  'chunks behind a tab': smuggled('Transfer-Encoding:\tchunked\r\nContent-Length: 0\r\n', NO_CHUNK),
  'a blank before the colon': smuggled('Transfer-Encoding : chunked\r\n', NO_CHUNK),
  'chunks, and the same again': smuggled(
    `Transfer-Encoding: identity\r\n${CHUNKED}Content-Length: 0\r\n`,
    NO_CHUNK,
  ),
  'chunks, but not last': smuggled('Transfer-Encoding: chunked, identity\r\n', NO_CHUNK),
  'a line that goes on': smuggled('Transfer-Encoding:\r\n chunked\r\nContent-Length: 0\r\n', NO_CHUNK),
  'lines that end by half': smuggled('X: y\nContent-Length: 0\n', ''),
  'a return in a header': smuggled('X: y\rContent-Length: 5\r\nContent-Length: 0\r\n', ''),
  'nothing in a header': smuggled('X: a\0b\r\nContent-Length: 0\r\n', ''),
  'a name with a blank': smuggled('Content Length: 5\r\nContent-Length: 0\r\nX Y: z\r\n', ''),
  'a chunk of no number': smuggled(CHUNKED, 'zz\r\n\r\n0\r\n\r\n'),
  'a chunk of a negative size': smuggled(CHUNKED, '-1\r\n\r\n0\r\n\r\n'),
  'a chunk larger than numbers': smuggled(CHUNKED, `${'f'.repeat(17)}\r\n\r\n0\r\n\r\n`),
  'a chunk that ends elsewhere': smuggled(CHUNKED, '1\r\n{}\r\n0\r\n\r\n'),
  'a chunk with half a line in its extension': smuggled(CHUNKED, '1;\n{\r\n0\r\n\r\n'),
};

const CLASSES: Record<string, Hostile> = {
  ...prefixed('form', FORMS),
  ...prefixed('compressed', COMPRESSED),
  ...prefixed('long', LONG),
  ...prefixed('smuggled', SMUGGLED),
};
function prefixed(prefix: string, classes: Record<string, Hostile>): Record<string, Hostile> {
  return Object.fromEntries(Object.entries(classes).map(([name, one]) => [`${prefix}: ${name}`, one]));
}

/**
 * Oversized, nested, compressed, ambiguous and unfinished requests of somebody who has a key. Accepted is one that is answered
 * with a success, with a failure of ours, or twice; and an owner who is not answered while connections hang.
 */
export async function attackRequests(stack: Stack, { progress }: AttackOptions): Promise<Outcome> {
  const { keys, ids } = await openBusiness(stack);
  const sender: Sender = { url: stack.api, key: keys.test, productId: ids['pdt_'] ?? '' };
  const agent = new Agent({ keepAlive: false });
  const opened: string[] = [];
  const tried = Object.keys(CLASSES).length + SLOW;
  try {
    await expectOwner(sender, agent);
    const products = await stack.db.product.count();
    await sideBySide(Object.entries(CLASSES), AT_ONCE, async ([name, hostile]) => {
      const wrong = wrongWith(await hostile(sender).catch(ended));
      if (wrong !== null) opened.push(`${name}: ${wrong}`);
    });
    if ((await stack.db.product.count()) !== products) opened.push('one of them has made a product');
    const ends = await Promise.all(Array.from({ length: SLOW }, () => unfinished(sender)));
    await expectOwner(sender, agent);
    for (const end of ends) end();
  } finally {
    agent.destroy();
  }
  progress(`requests: ${tried}, of ${Object.keys(CLASSES).length} classes`);
  return { figures: { tried, accepted: opened.length }, opened };
}

/** A connection that was ended while the rest was on its way: nothing was taken. */
function ended(error: NodeJS.ErrnoException): Received {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return { status: 0, text: '' };
  throw error;
}

/** What is wrong with an answer; null: nothing. Status 0 is a connection that was ended, as it may be. */
export function wrongWith({ status, text }: Received): string | null {
  const answers = text.match(/^HTTP\/1\.1 \d{3}/gm)?.map((line) => Number(line.slice(-3))) ?? [status];
  const success = answers.find((one) => one >= 200 && one < 300);
  if (success !== undefined) return `a success (${answers.join(', ')})`;
  const failure = answers.find((one) => one >= 500);
  return failure === undefined ? null : `a failure of ours (${failure})`;
}

/** Half a request on a connection that stays open. */
function unfinished({ url, key }: Sender): Promise<() => void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.write(
        `POST /v1/products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"name":`,
        () => resolve(() => socket.destroy()),
      );
    });
    socket.once('close', () => resolve(() => undefined));
  });
}

/** @throws Error where somebody who asks for their own is not answered: then no refusal proves anything. */
async function expectOwner(sender: Sender, agent: Agent): Promise<void> {
  const path = `/v1/products/${sender.productId}`;
  const { status, text } = await send(
    sender.url,
    { method: 'GET', path, headers: authorized(sender) },
    agent,
  );
  if (status !== 200) throw new Error(`The owner was answered with ${status}: ${text}`);
}
