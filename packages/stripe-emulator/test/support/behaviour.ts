import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** One row of BEHAVIOUR.md. */
export interface Point {
  number: number;
  point: string;
  /** What Stripe's documentation says, with the page; or that it says nothing. */
  says: string;
  /** Path from the root of the repository. */
  file: string;
  title: string;
}

export interface Behaviour {
  points: Point[];
  /** What an assumption costs if it is wrong, by the number of its point. */
  risks: Map<number, string>;
}

const POINT = /^\| *(\d+) *\| *(.+?) *\| *(.+?) *\| *`([^`]+)`: (.+?) *\|$/;
const RISK = /^\| *(\d+) *\| *(.+?) *\|$/;

/** Reads the tables: points have four columns, risks two. A row that has a number and is neither is an error. */
export function readBehaviour(text: string): Behaviour {
  const points: Point[] = [];
  const risks = new Map<number, string>();
  const [before = '', after = ''] = text.split('\n## Risks\n');
  for (const line of before.split('\n')) {
    if (!/^\| *\d/.test(line)) continue;
    const [, number, point, says, file, title] = POINT.exec(line) ?? [];
    if (!number || !point || !says || !file || !title) throw new Error(`cannot be read: ${line}`);
    const folder = file.includes('/') ? '' : 'packages/stripe-emulator/test/';
    points.push({ number: Number(number), point, says, file: folder + file, title });
  }
  for (const line of after.split('\n')) {
    const [, number, risk] = RISK.exec(line) ?? [];
    if (number && risk) risks.set(Number(number), risk);
  }
  return { points, risks };
}

export function isAssumed({ says }: Point): boolean {
  return says === 'not documented, assumed';
}

/** Titles of the tests in a file, as they are written; of a template only what stands before its first value. */
export function titlesIn(source: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ['it', 'test'].includes(calledName(node))) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
      else if (title && ts.isTemplateExpression(title)) titles.push(title.head.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('test.ts', source, ts.ScriptTarget.Latest));
  return titles;
}

/** `it` of `it(…)`, of `it.each(…)(…)`, and of `it.each<…>(…)(…)`. */
function calledName(call: ts.CallExpression): string {
  let callee: ts.Expression = call.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) ? callee.text : '';
}

/** Whether a file has the test; a title that ends in `…` is the beginning of one. */
export function hasTest(titles: string[], title: string): boolean {
  if (!title.endsWith('…')) return titles.includes(title);
  return titles.some((one) => one.startsWith(title.slice(0, -1)));
}

/** Points whose test is not there, as `12: file: title`. */
export function withoutTest(points: Point[], root: string): string[] {
  const known = new Map<string, string[]>();
  return points.flatMap(({ number, file, title }) => {
    let titles = known.get(file);
    if (!titles) known.set(file, (titles = titlesIn(read(`${root}/${file}`))));
    return hasTest(titles, title) ? [] : [`${number}: ${file}: ${title}`];
  });
}

/** A file that is not there has no tests. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
