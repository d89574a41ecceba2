import { type Span, treeOf } from '../support/collector';

const ROW = 26;
const NAMES = 400;
const WIDTH = 460;
const PROCESSES: Record<string, string> = {
  'session-payments-api': '#3b4fd8',
  'session-payments-worker': '#0f8a5f',
};

/** The spans of a trace one below the other, each from its beginning to its end, as an SVG on a white ground. */
export function waterfall(spans: readonly Span[]): string {
  const [first] = spans;
  if (first === undefined) throw new Error('A trace without spans');
  const tree = treeOf(spans, first.traceId);
  const times = spans.flatMap(({ startTimeUnixNano, endTimeUnixNano }) => [
    BigInt(startTimeUnixNano),
    BigInt(endTimeUnixNano),
  ]);
  const begin = times.reduce((one, other) => (other < one ? other : one));
  const end = times.reduce((one, other) => (other > one ? other : one));
  const at = (time: string) => (Number(BigInt(time) - begin) / Number(end - begin)) * WIDTH;
  const rows = tree.map((line, index) => {
    const span = spans.find(({ name }) => name === line.trim());
    if (span === undefined) throw new Error(`No span ${line}`);
    const [x, right] = [at(span.startTimeUnixNano), at(span.endTimeUnixNano)];
    const y = 50 + index * ROW;
    const depth = (line.length - line.trimStart().length) / 2;
    const ms = Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6;
    const words = ms === 0 ? 'reached' : `${ms.toFixed(1)} ms`;
    const labelAt =
      right > WIDTH - 70 ? `x="${NAMES + x - 6}" text-anchor="end"` : `x="${NAMES + right + 6}"`;
    return (
      `<text x="${16 + depth * 18}" y="${y + 14}">${span.name}</text>` +
      `<rect x="${NAMES + x}" y="${y + 3}" width="${Math.max(2, right - x)}" height="14" rx="2" fill="${PROCESSES[span.service] ?? '#888'}"/>` +
      `<text ${labelAt} y="${y + 14}" class="soft">${words}</text>`
    );
  });
  const legend = Object.entries(PROCESSES).map(
    ([service, colour], index) =>
      `<rect x="${16 + index * 200}" y="16" width="12" height="12" rx="2" fill="${colour}"/>` +
      `<text x="${34 + index * 200}" y="26" class="soft">${service}</text>`,
  );
  const [width, height] = [NAMES + WIDTH + 90, 50 + tree.length * ROW + 12];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The trace of a checkout, from the request to Stripe">
<style>text{font:13px system-ui,sans-serif;fill:#1f2937}.soft{fill:#5b6472;font-size:12px}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...legend, ...rows].join('\n')}
</svg>
`;
}
