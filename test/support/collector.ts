import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it is sent. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  events?: { name: string; attributes: { key: string }[] }[];
  status?: { message?: string };
  /** The process that it is of. */
  service: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Omit<Span, 'service'>[] }[];
  }[];
}

/** A collector of OpenTelemetry's that keeps what it is sent, on a port of its own. */
export async function startCollector() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
      for (const { resource, scopeSpans } of resourceSpans) {
        const named = resource.attributes.find(({ key }) => key === 'service.name');
        const service = named?.value.stringValue ?? '';
        for (const scope of scopeSpans) spans.push(...scope.spans.map((span) => ({ ...span, service })));
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: (): readonly Span[] => spans,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A trace as a tree of names, each as deep as it is: children in the order in which they began. */
export function treeOf(spans: readonly Span[], traceId: string): string[] {
  const ofTrace = spans
    .filter((span) => span.traceId === traceId)
    .sort((one, other) => (BigInt(one.startTimeUnixNano) < BigInt(other.startTimeUnixNano) ? -1 : 1));
  const known = new Set(ofTrace.map(({ spanId }) => spanId));
  const below = (parent: string | null, depth: number): string[] =>
    ofTrace
      .filter(({ parentSpanId: of }) => (of !== undefined && known.has(of) ? of : null) === parent)
      .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...below(span.spanId, depth + 1)]);
  return below(null, 0);
}
