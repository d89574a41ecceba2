import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

/**
 * Has the process's spans sent to a collector, by the variables that OpenTelemetry has for that (`OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_TRACES_SAMPLER` and so on).
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * Spans have ids, kinds and times alone: of an exception its words are left out, which may quote what a person typed.
 * @param service the process's name in traces
 */
export function startTracing(service: string): { stop(): Promise<void> } {
  const resource = Resource.default().merge(new Resource({ 'service.name': service }));
  const processor = wordless(new BatchSpanProcessor(new OTLPTraceExporter()));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  return {
    /** Sends what is left. */
    stop: () => provider.shutdown(),
  };
}

/** What an event of a span says of an exception in words. https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/ */
const WORDS = ['exception.message', 'exception.stacktrace'];

function wordless(next: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, parent) => next.onStart(span, parent),
    onEnd(span: ReadableSpan) {
      delete span.status.message;
      for (const { attributes } of span.events) for (const word of WORDS) delete attributes?.[word];
      next.onEnd(span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}
