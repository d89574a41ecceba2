import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attackSignatures, type WebhookTarget } from '../attack/signatures/signatures';
import { CONNECT_SECRET, startApi } from './api-support';

const options = { seed: 1, share: 0.012, progress: () => undefined };

test('no forged delivery is taken', async () => {
  const api = await startApi({ STRIPE_LIVE_PLATFORM_WEBHOOK_SECRET: 'whsec_live_platform' });
  try {
    const { figures, opened } = await attackSignatures(
      { url: api.url, secrets: api.config.stripe.webhookSecrets, taken: () => api.db.inbox.count() },
      options,
    );
    expect(opened).toEqual([]);
    expect(figures['accepted']).toBe(0);
    expect(figures['classes']).toBeGreaterThanOrEqual(60);
    expect(figures['tried']).toBe(3 * (figures['classes'] ?? 0));
  } finally {
    await api.close();
  }
});

/** Somebody's endpoint, with their own idea of what a signature is. */
async function withEndpoint(
  isTaken: (body: Buffer, header: string, request: IncomingMessage) => boolean,
  work: (target: WebhookTarget) => Promise<void>,
): Promise<void> {
  let taken = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const header = String(request.headers['stripe-signature'] ?? '');
      const isFine = isTaken(Buffer.concat(chunks), header, request);
      if (isFine) taken += 1;
      response.writeHead(isFine ? 200 : 400).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const secrets = [{ secret: CONNECT_SECRET.test, scope: 'connect', mode: 'test' } as const];
  try {
    const { port } = server.address() as AddressInfo;
    await work({ url: `http://127.0.0.1:${port}`, secrets, taken: () => Promise.resolve(taken) });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const now = () => Math.floor(Date.now() / 1000);
const valuesOf = (header: string, name: string) =>
  header.split(',').flatMap((part) => {
    const [key, value = ''] = part.trim().split('=');
    return key === name ? [value] : [];
  });
const macOf = (at: string, body: Buffer | string) =>
  createHmac('sha256', CONNECT_SECRET.test).update(`${at}.`).update(body).digest('hex');
const isSigned = (body: Buffer | string, header: string, at = valuesOf(header, 't')[0] ?? '') =>
  valuesOf(header, 'v1').includes(macOf(at, body));
const isRecent = (at: string) => Math.abs(now() - Number(at)) <= 300;

describe('an endpoint with a hole is found out', () => {
  test.each<[string, Parameters<typeof withEndpoint>[0], string]>([
    ['takes everything', () => true, 'header: no header'],
    [
      'signs the text that the bytes decode to',
      (body, header) => isSigned(body.toString(), header) && isRecent(valuesOf(header, 't')[0] ?? ''),
      'body: a byte of no text for the letter that stands for it',
    ],
    [
      'reads the age from the first time, and the signature from the last',
      (body, header) =>
        isSigned(body, header, valuesOf(header, 't').at(-1)) && isRecent(valuesOf(header, 't')[0] ?? ''),
      'header: now, and a time long ago that was signed',
    ],
    ['never asks for the age', (body, header) => isSigned(body, header), 'header: too old'],
    [
      'takes times to come',
      (body, header) => isSigned(body, header) && now() - Number(valuesOf(header, 't')[0]) <= 300,
      'header: too far ahead',
    ],
    [
      'compares as much as there is',
      (body, header) => {
        const at = valuesOf(header, 't')[0] ?? '';
        const given = valuesOf(header, 'v1')[0] ?? 'x';
        return isRecent(at) && macOf(at, body).startsWith(given);
      },
      'header: a part of it',
    ],
  ])('one that %s', async (_name, isTaken, found) => {
    await withEndpoint(isTaken, async (target) => {
      const { figures, opened } = await attackSignatures(target, options);
      expect(figures['accepted']).toBeGreaterThan(0);
      expect(opened.map((line) => line.slice(0, line.lastIndexOf(':')))).toContain(found);
    });
  });

  test('one that takes nothing proves nothing', async () => {
    await withEndpoint(
      () => false,
      (target) => expect(attackSignatures(target, options)).rejects.toThrow('A genuine event'),
    );
  });
});
