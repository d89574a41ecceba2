import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import Stripe from 'stripe';
import { endpointOf } from './metrics';
import type { HttpClient } from './http-client';

/**
 * Stripe's own client of Node, with a span around each request: by its endpoint without ids, with the account and the id
 * that Stripe gives a request. https://docs.stripe.com/api/request_ids
 */
export function tracedHttpClient(): HttpClient {
  const tracer = trace.getTracer('session-payments');
  const client = Stripe.createNodeHttpClient();
  const send = client.makeRequest.bind(client);
  client.makeRequest = (...request: Parameters<HttpClient['makeRequest']>) => {
    const [, , path, method, headers] = request;
    const endpoint = endpointOf(path);
    const attributes = {
      'http.request.method': method,
      'url.template': endpoint,
      'stripe.account': String((headers as Record<string, unknown>)['Stripe-Account'] ?? ''),
    };
    return tracer.startActiveSpan(
      `Stripe ${method} ${endpoint}`,
      { kind: SpanKind.CLIENT, attributes },
      async (span) => {
        try {
          const response = await send(...request);
          const status = response.getStatusCode();
          span.setAttribute('http.response.status_code', status);
          span.setAttribute('stripe.request_id', String(response.getHeaders()['request-id'] ?? ''));
          if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
          return response;
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
          throw error;
        } finally {
          span.end();
        }
      },
    );
  };
  return client;
}
