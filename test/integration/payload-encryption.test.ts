import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { ApplicationFailure, type DataConverter } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { backgroundTaskQueue } from '../../src/messages/ids';
import { createCodecServer } from '../../src/temporal/codec-server';
import { dataConverterFor } from '../../src/temporal/data-converter';
import { createPayloadEncryption } from '../../src/temporal/payload-encryption';
import type { retention } from '../../src/workflows';
import { type DevServer, getDevServer } from '../harness/temporal';

const key = () => randomBytes(32);
const SECRET = `canary${randomBytes(6).toString('hex')}`;
const FIRST = { current: '2026', keys: new Map([['2026', key()]]) };
/** The second key encrypts, the first one still reads. */
const ROTATED = { current: '2027', keys: new Map([['2027', key()], ...FIRST.keys]) };

let server: DevServer;
let workflowBundle: { code: string };
beforeAll(async () => {
  server = await getDevServer();
  const folder = join(__dirname, '..', '..', 'src', 'workflows');
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(folder, 'index.ts'),
    failureConverterPath: join(folder, 'encoded-failures.ts'),
    logger: new DefaultLogger('ERROR'),
  });
});
afterAll(() => server.close());

/** Runs the retention with an activity that fails and one that answers with the secret in its words. */
async function run(dataConverter: DataConverter, workflowId: string): Promise<unknown> {
  const taskQueue = `encrypted-${randomUUID()}`;
  const shared = { connection: server.nativeConnection, dataConverter };
  const decides = await Worker.create({ ...shared, taskQueue, workflowBundle });
  const works = await Worker.create({
    ...shared,
    taskQueue: backgroundTaskQueue(taskQueue),
    activities: {
      deleteOld: ({ kind }: { kind: string }) => {
        if (kind === 'events') throw ApplicationFailure.nonRetryable(SECRET, 'secret', { SECRET });
        return SECRET;
      },
    },
  });
  const client = new Client({ connection: server.client.connection, dataConverter });
  const result = () =>
    client.workflow.execute<typeof retention>('retention', { workflowId, taskQueue, args: [] });
  return decides.runUntil(() => works.runUntil(result));
}

async function bytesOf(workflowId: string): Promise<Buffer> {
  const history = await server.client.workflow.getHandle(workflowId).fetchHistory();
  return Buffer.from(temporal.api.history.v1.History.encode(history).finish());
}

test('without keys nothing changes: a history is in the clear', async () => {
  const workflowId = randomUUID();
  await run(dataConverterFor({ payloadKeys: null }), workflowId);
  expect((await bytesOf(workflowId)).includes(SECRET)).toBe(true);
});

test('with a key, no byte of a history has it, failures included; keys rotate', async () => {
  const workflowId = randomUUID();
  expect(await run(dataConverterFor({ payloadKeys: FIRST }), workflowId)).toMatchObject({
    event_bodies: SECRET,
    events: null,
  });
  const bytes = await bytesOf(workflowId);
  expect(bytes.includes(SECRET)).toBe(false);
  expect(bytes.includes('Encoded failure')).toBe(true);

  const rotated = new Client({
    connection: server.client.connection,
    dataConverter: dataConverterFor({ payloadKeys: ROTATED }),
  });
  expect(await rotated.workflow.getHandle(workflowId).result()).toMatchObject({ event_bodies: SECRET });
  const stranger = new Client({
    connection: server.client.connection,
    dataConverter: dataConverterFor({ payloadKeys: { current: '2027', keys: new Map([['2027', key()]]) } }),
  });
  await expect(stranger.workflow.getHandle(workflowId).result()).rejects.toThrow();
});

test('a payload is opened by its own key alone, and not after a change', async () => {
  const codec = createPayloadEncryption(FIRST);
  const clear = {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(JSON.stringify(SECRET)),
  };
  const [sealed] = await codec.encode([clear]);
  if (sealed === undefined) throw new Error('nothing came back');
  expect(Buffer.from(sealed.data ?? []).includes(SECRET)).toBe(false);
  const [opened] = await createPayloadEncryption(ROTATED).decode([sealed]);
  expect(Buffer.from(opened?.data ?? []).toString()).toBe(JSON.stringify(SECRET));
  // What was written before there was a key.
  expect(await codec.decode([clear])).toEqual([clear]);
  const other = createPayloadEncryption({ current: '2026', keys: new Map([['2026', key()]]) });
  await expect(other.decode([sealed])).rejects.toThrow();
  const data = Buffer.from(sealed.data ?? []);
  data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
  await expect(codec.decode([{ ...sealed, data }])).rejects.toThrow();
  const renamed = { ...sealed, metadata: { ...sealed.metadata, 'encryption-key-id': Buffer.from('none') } };
  await expect(codec.decode([renamed])).rejects.toThrow('none');
});

describe('the codec server', () => {
  const UI = 'http://localhost:8233';
  let codecServer: Server;
  let url: string;
  beforeAll(async () => {
    codecServer = createCodecServer(createPayloadEncryption(FIRST), UI);
    await new Promise<void>((resolve) => codecServer.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(codecServer.address() as AddressInfo).port}/decode`;
  });
  afterAll(() => codecServer.close());

  const ask = async (headers: Record<string, string>) => {
    const [sealed] = await createPayloadEncryption(FIRST).encode([
      { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(`"${SECRET}"`) },
    ]);
    const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
    const metadata = Object.fromEntries(
      Object.entries(sealed?.metadata ?? {}).map(([name, value]) => [name, base64(value)]),
    );
    return fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ payloads: [{ metadata, data: base64(sealed?.data) }] }),
    });
  };

  test('decrypts for the Web UI', async () => {
    const answered = await ask({ origin: UI });
    expect(answered.headers.get('access-control-allow-origin')).toBe(UI);
    const { payloads } = (await answered.json()) as { payloads: { data: string }[] };
    expect(Buffer.from(payloads[0]?.data ?? '', 'base64').toString()).toBe(`"${SECRET}"`);
  });

  test.each([{}, { origin: 'http://localhost:9999' }, { origin: 'null' }])(
    'and for no page else: %j',
    async (headers) => {
      const answered = await ask(headers as Record<string, string>);
      expect(answered.status).toBe(403);
      expect(await answered.text()).toBe('');
    },
  );
});
