import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** What stands before the APIs: requests in turn to each that listens, as any load balancer does it. */
export interface Balancer {
  url: string;
  /** Where requests go from now on. Those under way are brought to their end. */
  sendTo(targets: readonly string[]): void;
  /** Requests by the API that answered them. */
  answered(): Record<string, number>;
  /** Requests that were sent to another API, as the first did not listen. */
  passedOn(): number;
  /** Requests whose API went away before it had answered. */
  cutOff(): number;
  close(): Promise<void>;
}

/** Not even connected: nothing of the request has been heard. https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream */
const notHeard = (error: unknown): boolean => (error as { code?: string }).code === 'ECONNREFUSED';

export async function startBalancer(port: number): Promise<Balancer> {
  const { createProxyServer } = await import('httpxy');
  const proxy = createProxyServer({ xfwd: true });
  let targets: readonly string[] = [];
  let turn = 0;
  const answered: Record<string, number> = {};
  let passedOn = 0;
  let cutOff = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const order = [...targets.slice(turn % targets.length), ...targets.slice(0, turn % targets.length)];
    turn += 1;
    for (const target of order)
      try {
        await proxy.web(request, response, { target, buffer: Readable.from([body]) });
        answered[target] = (answered[target] ?? 0) + 1;
        return;
      } catch (error) {
        if (!notHeard(error)) break;
        passedOn += 1;
      }
    cutOff += 1;
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return {
    url: `http://localhost:${port}`,
    sendTo: (next) => {
      targets = next;
    },
    answered: () => ({ ...answered }),
    passedOn: () => passedOn,
    cutOff: () => cutOff,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
