import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send } from '../src/webhooks/send';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function endpoint(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const post = (url: string) => send(url, '{}', 't=1,v1=a', 5000, new AbortController().signal);

test('a kept connection that the endpoint closes is replaced, and the payload is sent again', async () => {
  const used = new Set<unknown>();
  const url = await endpoint((request, response) => {
    if (used.has(request.socket)) request.socket.resetAndDestroy();
    else response.end('{}');
    used.add(request.socket);
  });
  expect(await post(url)).toEqual({ status: 200, error: null });
  expect(await post(url)).toEqual({ status: 200, error: null });
  expect(used.size).toBe(2);
});

test('an endpoint that closes every connection has refused, after one try', async () => {
  let tries = 0;
  const url = await endpoint((request) => {
    tries += 1;
    request.socket.resetAndDestroy();
  });
  const { status, error } = await post(url);
  expect(status).toBeNull();
  expect(error).toMatch(/ECONNRESET|socket hang up/);
  expect(tries).toBe(1);
});
