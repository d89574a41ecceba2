import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { routeOf } from './route-name';

/**
 * A span for each request, in which everything happens that it asks for; it goes on a trace that the caller has begun.
 * Named by the route, never by the address, which may name a person or hold a secret.
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export function traceRequests(): RequestHandler {
  const tracer = trace.getTracer('session-payments');
  return (req, res, next) => {
    const begun = propagation.extract(context.active(), req.headers);
    const attributes = { 'http.request.method': req.method };
    const span = tracer.startSpan(req.method, { kind: SpanKind.SERVER, attributes }, begun);
    res.on('close', () => {
      const route = routeOf(req, res);
      span.updateName(`${req.method} ${route}`);
      span.setAttributes({
        'http.route': route,
        'http.response.status_code': res.statusCode,
        'session.request_id': String(res.locals.requestId),
      });
      if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(begun, span), next);
  };
}
