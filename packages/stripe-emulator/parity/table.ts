import type { Difference } from './compare';
import { passed, type SelfCheck } from './self';

const WIDEST = 44;

/** Every difference, those that are alike in one row: a field that all customers lack is one thing, not forty. */
export function differenceTable(differences: Difference[], left: string, right: string): string {
  const groups = new Map<string, { first: Difference; times: number }>();
  for (const difference of differences) {
    const { kind, at, left: a, right: b } = difference;
    const key = JSON.stringify([
      difference.subject.replace(/<.*?>/g, ''),
      kind,
      at.replace(/\d+/g, ''),
      a,
      b,
    ]);
    const group = groups.get(key);
    if (group) group.times += 1;
    else groups.set(key, { first: difference, times: 1 });
  }
  const rows = [...groups.values()].map(({ first, times }) => [
    `${first.story}: ${first.step}`,
    first.subject,
    first.kind,
    first.at,
    first.left,
    first.right,
    times === 1 ? '' : `${times} times`,
  ]);
  return table(['story: step', 'what', 'kind', 'where', left, right, ''], rows);
}

/** Which alterations were found, and what was found besides. */
export function selfTable(check: SelfCheck): string {
  const rows = check.alterations.map(({ name, found }) => [
    found.length > 0 ? 'found' : 'NOT FOUND',
    name,
    found[0] ? `${found[0].story}: ${found[0].step}` : '',
    found[0] ? [found[0].kind, found[0].at].filter(Boolean).join(' ') : '',
    found[0]?.left ?? '',
    found[0]?.right ?? '',
  ]);
  const found = check.alterations.filter((one) => one.found.length > 0).length;
  const lines = [
    table(['', 'alteration', 'story: step', 'difference', 'emulator', 'altered'], rows),
    '',
    `${found} of ${check.alterations.length} alterations found, ${check.unexplained.length} false differences; ` +
      `${check.unaltered.length} between two emulators that are alike.`,
  ];
  const wrong = [...check.unexplained, ...check.unaltered];
  if (wrong.length > 0) lines.push('', differenceTable(wrong, 'emulator', 'other'));
  if (passed(check)) lines.push('The comparison sees what it should, and nothing else.');
  return lines.join('\n');
}

function table(head: string[], rows: string[][]): string {
  const cells = [head, ...rows].map((row) => row.map(short));
  const widths = head.map((_name, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('-+-'));
  return lines.join('\n');
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > WIDEST ? `${line.slice(0, WIDEST - 1)}…` : line;
}
