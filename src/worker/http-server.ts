import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';

/** Milliseconds in which the SDK has to hand out its own metrics. */
const SDK_TIMEOUT_MS = 5000;

/** What a worker tells whoever runs it. */
export interface WorkerHttpOptions {
  registry: Registry;
  /** Where the SDK's native part hands out its own metrics. */
  sdkMetricsUrl: string;
  /** Null before there is one. */
  state: () => ReturnType<Worker['getState']> | null;
}

/**
 * `/healthz`: the process runs. `/readyz`: it polls Temporal; 503 before, and while it shuts down. `/metrics` for Prometheus: the
 * product's and those of Temporal's SDK together, as the two share no name. Nothing of it has an id in it, and nobody is
 * asked for a key: it is for the network of those who run it.
 */
export function createWorkerHttp({ registry, sdkMetricsUrl, state }: WorkerHttpOptions): Server {
  const metrics = async (): Promise<string> => {
    const [ours, sdk] = await Promise.all([
      registry.metrics(),
      fetch(sdkMetricsUrl, { signal: AbortSignal.timeout(SDK_TIMEOUT_MS) }).then((answer) => answer.text()),
    ]);
    return `${ours.trimEnd()}\n${sdk}`;
  };
  const answer = async (path: string, res: ServerResponse): Promise<void> => {
    switch (path) {
      case '/healthz':
        return json(res, 200, { status: 'ok' });
      case '/readyz': {
        const present = state() ?? 'STARTING';
        return json(res, present === 'RUNNING' ? 200 : 503, { status: present.toLowerCase() });
      }
      case '/metrics': {
        const text = await metrics();
        res.setHeader('Content-Type', registry.contentType);
        res.end(text);
        return;
      }
      default:
        return json(res, 404, { status: 'not_found' });
    }
  };
  return createServer((req, res) => {
    answer(req.url?.split('?')[0] ?? '', res).catch(() => json(res, 503, { status: 'not_available' }));
  });
}

function json(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify(body));
}
