import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What an operator counts. No label carries an id: a coach's number of series must not grow with their members. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'session_http_request_duration_seconds',
    help: 'HTTP requests by route, from the first byte to the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const webhooks = new Counter({
    name: 'session_webhook_events_total',
    help: "Stripe's events by what became of them: stored, repeated, or the code of the refusal",
    labelNames: ['mode', 'outcome'],
    registers: [registry],
  });
  const forwarded = new Counter({
    name: 'session_http_forwarded_unread_total',
    help: 'Requests that a proxy has passed on which TRUSTED_PROXIES does not count: everybody has the address of the proxy',
    registers: [registry],
  });
  return { registry, requests, webhooks, forwarded };
}

export type Metrics = ReturnType<typeof createMetrics>;
