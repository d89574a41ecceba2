import { Counter, Histogram, type Registry } from 'prom-client';
import type Stripe from 'stripe';
import { LONGEST_WAIT_SECONDS } from '../domain/stripe-allowance';
import type { StripeClients } from './client';

/** Words that stand before a resource, such as `/v1/checkout/sessions`. */
const NAMESPACES = new Set(['checkout', 'billing_portal', 'billing', 'tax']);
/** Words that stand where an id would, such as `/v1/invoices/create_preview`. */
const NO_IDS = new Set(['create_preview', 'search']);

/** A path of Stripe's API without ids: as many values as there are kinds of requests. */
export function endpointOf(path: string): string {
  const [version, ...parts] = (path.split('?')[0] ?? '').split('/').filter(Boolean);
  const start = parts[0] !== undefined && NAMESPACES.has(parts[0]) ? 1 : 0;
  const shown = parts.map((part, index) => {
    const isIdPlace = index >= start && (index - start) % 2 === 1;
    return isIdPlace && !NO_IDS.has(part) ? ':id' : part;
  });
  return ['', version, ...shown].join('/');
}

/**
 * Measures every request that the clients send to Stripe. One that is sent and never answered is counted as sent alone.
 * https://github.com/stripe/stripe-node#request-and-response-events
 */
export function measureStripe(clients: StripeClients, registry: Registry): void {
  const labels = ['mode', 'method', 'endpoint'] as const;
  const sent = new Counter({
    name: 'session_stripe_requests_total',
    help: 'Requests that were sent to Stripe',
    labelNames: labels,
    registers: [registry],
  });
  const answered = new Histogram({
    name: 'session_stripe_request_duration_seconds',
    help: "Requests that Stripe answered, by the answer's status",
    labelNames: [...labels, 'status'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [registry],
  });
  measureTurns(clients, registry);
  for (const mode of clients.modes) {
    const of = ({ method, path }: Pick<Stripe.RequestEvent, 'method' | 'path'>) => ({
      mode,
      method: method ?? '',
      endpoint: endpointOf(path ?? ''),
    });
    clients
      .of(mode)
      .on('request', (request: Stripe.RequestEvent) => {
        sent.inc(of(request));
      })
      .on('response', (response: Stripe.ResponseEvent) => {
        answered.observe(
          { ...of(response), status: String(response.status) },
          (response.elapsed ?? 0) / 1000,
        );
      });
  }
}

function measureTurns({ turns }: StripeClients, registry: Registry): void {
  const labels = ['mode', 'lane'] as const;
  const waits = new Histogram({
    name: 'session_stripe_turn_wait_seconds',
    help: 'How long calls to Stripe waited for their turn',
    labelNames: labels,
    buckets: [0.001, 0.05, 0.25, 1, 2.5, LONGEST_WAIT_SECONDS],
    registers: [registry],
  });
  const putOff = new Counter({
    name: 'session_stripe_turns_put_off_total',
    help: 'Calls to Stripe that would have waited too long for their turn, and are tried again',
    labelNames: labels,
    registers: [registry],
  });
  turns.on('turn', (of, seconds) => {
    if (seconds === null) putOff.inc(of);
    else waits.observe(of, seconds);
  });
}
