import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';

/** A request in the form in which it goes over the wire. */
export interface WireRequest {
  method: string;
  /** With its query string. */
  path: string;
  body: string;
  headers?: Record<string, string>;
}

export interface WireAnswer {
  status: number;
  body: string;
}

/** Whoever answers requests: stripe-mock, the emulator, or a stand-in that shows that a check can fail. */
export type Target = (request: WireRequest) => Promise<WireAnswer>;

export interface StripeMock {
  send: Target;
  stop(): Promise<void>;
}

/** Starts stripe-mock in strict version mode on a free port. */
export async function startStripeMock(program: string): Promise<StripeMock> {
  const anyPort = '127.0.0.1:0';
  const child = spawn(program, ['-strict-version-check', '-http-addr', anyPort, '-https-addr', anyPort], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error('stripe-mock ended before it listened')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /HTTP at address: .*:(\d+)$/.exec(line);
      if (match) resolve(Number(match[1]));
    });
  });
  child.stderr.resume();
  const target = targetAt(`http://127.0.0.1:${port}`, 'sk_test_conformance');
  return {
    send: target.send,
    stop: async () => {
      target.close();
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Sends requests to a server, over connections that are kept. */
export function targetAt(url: string, key: string): { send: Target; close(): void } {
  const agent = new http.Agent({ keepAlive: true });
  const send: Target = ({ method, path, body, headers }) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        `${url}${path}`,
        {
          method,
          agent,
          headers: {
            Authorization: `Bearer ${key}`,
            ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
            'Content-Length': Buffer.byteLength(body),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** Does the work for every item, some at a time. */
export async function inParallel<T>(items: T[], work: (item: T) => Promise<void>, width = 16): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
