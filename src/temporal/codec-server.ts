import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';

/** A payload as JSON has it: bytes in base64. */
const payloadsSchema = z.object({
  payloads: z.array(
    z.object({ metadata: z.record(z.string(), z.string()).default({}), data: z.string().default('') }),
  ),
});

const toBase64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

function payloadOf({ metadata, data }: z.output<typeof payloadsSchema>['payloads'][number]): Payload {
  const entries = Object.entries(metadata).map(([name, value]) => [name, fromBase64(value)] as const);
  return { metadata: Object.fromEntries(entries), data: fromBase64(data) };
}

function written({ metadata, data }: Payload) {
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, toBase64(value)] as const);
  return { metadata: Object.fromEntries(entries), data: toBase64(data) };
}

/** Hosts by which a browser on this machine calls: a name that only resolves to it is somebody else's page. */
const HERE = /^(localhost|127\.0\.0\.1)(:\d+)?$/;

/**
 * Decrypts payloads for the Temporal Web UI in a browser on this machine: `POST /decode`, as Temporal has its tools ask. Only
 * the UI's own origin is answered, and it decrypts for whoever may use this machine, so it listens nowhere else.
 * https://docs.temporal.io/codec-server
 */
export function createCodecServer(codec: PayloadCodec, uiOrigin: string): Server {
  async function decode(req: IncomingMessage, res: ServerResponse): Promise<void> {
    res.setHeader('Vary', 'Origin');
    res.setHeader('Cache-Control', 'no-store');
    if (!HERE.test(req.headers.host ?? '') || req.headers.origin !== uiOrigin) {
      res.writeHead(403).end();
      return;
    }
    res.setHeader('Access-Control-Allow-Origin', uiOrigin);
    res.setHeader('Access-Control-Allow-Methods', 'POST');
    res.setHeader('Access-Control-Allow-Headers', 'content-type, x-namespace, authorization');
    if (req.method === 'OPTIONS') {
      res.writeHead(204).end();
      return;
    }
    if (req.method !== 'POST' || req.url !== '/decode') {
      res.writeHead(404).end();
      return;
    }
    const { payloads } = payloadsSchema.parse(await json(req));
    const decoded = await codec.decode(payloads.map(payloadOf));
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify({ payloads: decoded.map(written) }));
  }
  return createServer((req, res) => {
    decode(req, res).catch(() => {
      if (!res.headersSent) res.writeHead(400);
      res.end();
    });
  });
}
