import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Resolve, send } from '../../src/webhooks-out/send';
import { TRICKY_URLS } from '../support/tricky-urls';

// Nobody who enters an address, or owns its name, gets us to speak to anything but the public internet.
const PUBLIC = { thisMachine: false };
const HERE = { thisMachine: true };
const letter = (url: string) => ({ url, body: '{}', headers: {} });

let reached: string[] = [];
const server = createServer((request, response) => {
  reached.push(`${request.method} ${request.headers.host}${request.url}`);
  switch (String(request.url)) {
    case '/moved':
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    case '/long':
      response.writeHead(200).end(`a\u0000${'x'.repeat(5000)}`);
      return;
    case '/busy':
      response.writeHead(503, { 'retry-after': '120' }).end('later');
      return;
    default:
      response.writeHead(204).end();
  }
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  reached = [];
});

/** A resolver that says what it is told to, one answer after the other. */
const resolver = (...answers: string[][]): Resolve =>
  // The signature has overloads; the socket uses this one.
  ((_name: string, options: { all?: boolean }, callback: (...args: unknown[]) => void) => {
    const addresses = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    const rows = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() =>
      options.all === true ? callback(null, rows) : callback(null, rows[0]?.address, rows[0]?.family),
    );
  }) as unknown as Resolve;

const TRICKY_ADDRESSES = [
  ['127.0.0.1'],
  ['127.8.8.8'],
  ['0.0.0.0'],
  ['::1'],
  ['::'],
  ['::ffff:127.0.0.1'],
  ['::ffff:7f00:1'],
  ['64:ff9b::7f00:1'],
  ['64:ff9b:1::7f00:1'],
  ['2002:7f00:1::'],
  ['10.0.0.1'],
  ['172.16.0.1'],
  ['192.168.0.1'],
  ['100.64.0.1'],
  ['169.254.169.254'],
  ['fd00:ec2::254'],
  ['fe80::1'],
  ['::ffff:169.254.169.254'],
  // One that is public does not speak for the others.
  ['8.8.8.8', '127.0.0.1'],
  ['127.0.0.1', '8.8.8.8'],
  ['2606:4700::1111', '::1'],
  [],
];

test('there are sixty of them at least', () => {
  expect(TRICKY_URLS.length + TRICKY_ADDRESSES.length).toBeGreaterThanOrEqual(60);
});

test.each(TRICKY_URLS)('%s is not spoken to', async (url) => {
  const at = URL.canParse(url) ? new URL(url) : null;
  if (at !== null && at.port === '' && at.protocol !== 'file:') at.port = String(port);
  const receipt = await send(letter(at?.href ?? url), PUBLIC);
  expect(receipt).toMatchObject({ status: null, error: 'address_not_allowed' });
  expect(reached).toEqual([]);
});

test.each(TRICKY_ADDRESSES.map((addresses) => ({ addresses })))(
  'scenario 63: a name that leads to $addresses is not spoken to',
  async ({ addresses }) => {
    const receipt = await send(letter(`https://receiver.example:${port}/`), PUBLIC, resolver(addresses));
    expect(receipt).toMatchObject({ status: null, error: 'address_not_allowed' });
    expect(reached).toEqual([]);
  },
);

test('a name that leads elsewhere the second time is asked once, and that is what is spoken to', async () => {
  // Nothing answers at the first address, which is one of documentation made public for this test alone.
  let asked = 0;
  const rebinding: Resolve = ((...args: Parameters<Resolve>) => {
    asked += 1;
    return (resolver(asked === 1 ? ['10.255.255.1'] : ['127.0.0.1']) as (...all: unknown[]) => void)(...args);
  }) as unknown as Resolve;
  for (let i = 0; i < 2; i++)
    expect(await send(letter(`https://receiver.example:${port}/`), PUBLIC, rebinding)).toMatchObject({
      error: 'address_not_allowed',
    });
  expect(asked).toBe(2);
  expect(reached).toEqual([]);
});

test('this machine is spoken to beside an emulator, and no redirect is followed', async () => {
  const receipt = await send(letter(`http://127.0.0.1:${port}/moved`), HERE);
  expect(receipt).toMatchObject({ status: 302, error: null });
  expect(reached).toEqual([`POST 127.0.0.1:${port}/moved`]);
});

test('of an answer the first kilobyte is kept, as Postgres can store it, and what it asks for', async () => {
  const { answer, status } = await send(letter(`http://127.0.0.1:${port}/long`), HERE);
  expect(status).toBe(200);
  expect(answer).toBe(`a${'x'.repeat(1022)}`);
  expect(await send(letter(`http://127.0.0.1:${port}/busy`), HERE)).toMatchObject({
    status: 503,
    answer: 'later',
    retryAfter: '120',
  });
});

test('nobody there, and no such name, are said as what they are', async () => {
  expect(await send(letter('http://127.0.0.1:1/'), HERE)).toMatchObject({ error: 'connection_failed' });
  const nowhere = ((_name: string, _options: object, callback: (error: Error) => void) => {
    setImmediate(() => callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })));
  }) as unknown as Resolve;
  expect(await send(letter('https://receiver.example/'), PUBLIC, nowhere)).toMatchObject({
    error: 'name_not_found',
  });
});
