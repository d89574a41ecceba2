import { type Agent, request } from 'node:http';
import { connect } from 'node:net';

/** Headers as they go over the wire: in this order, and as often as they stand here. */
export type Headers = readonly (readonly [string, string])[];

export interface Sent {
  method?: string;
  path: string;
  headers?: Headers;
  body?: Buffer;
}

/** What came back. Status 0: the connection ended without an answer. */
export interface Received {
  status: number;
  text: string;
}

/** An answer that takes longer is none: what hangs is told apart from what refuses. */
const PATIENCE_MS = 20_000;

/** Sends a request as it is written down, also with a header twice. */
export function send(url: string, { method = 'POST', path, headers = [], body }: Sent, agent?: Agent) {
  const { hostname, port, host } = new URL(url);
  return new Promise<Received>((resolve, reject) => {
    const lines = [
      ['Host', host],
      ...headers,
      ...(body === undefined ? [] : [['Content-Length', String(body.length)]]),
    ];
    const asked = request(
      {
        hostname,
        port,
        method,
        path,
        headers: lines.flat(),
        timeout: PATIENCE_MS,
        ...(agent === undefined ? {} : { agent }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    asked.once('timeout', () => asked.destroy(new Error(`${method} ${path} was not answered`)));
    asked.once('error', reject);
    asked.end(body);
  });
}

/** Writes bytes to a connection of its own, which no HTTP client would: what is answered until the other side ends it. */
export function sendBytes(url: string, bytes: Buffer | readonly Buffer[], pauseMs = 0): Promise<Received> {
  const { hostname, port } = new URL(url);
  const parts = Buffer.isBuffer(bytes) ? [bytes] : bytes;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    const end = () => {
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    socket.setTimeout(PATIENCE_MS, () =>
      socket.destroy(new Error('A connection was neither answered nor ended')),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('close', end);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // Ended by the other side, before or after it had answered.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') end();
      else reject(error);
    });
    socket.once('connect', () => {
      const write = (rest: readonly Buffer[]) => {
        const [part, ...more] = rest;
        if (part === undefined || socket.destroyed) return;
        socket.write(part);
        if (pauseMs === 0) write(more);
        else setTimeout(() => write(more), pauseMs).unref();
      };
      write(parts);
    });
  });
}
