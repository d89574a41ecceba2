import { useQueryClient } from '@tanstack/react-query';
import { Skeleton, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problem';
import { useTexts } from '../texts/texts';
import { ProblemAlert } from './ProblemAlert';

/** What the answer will look like: text, the rows of a list, a table, a chart. */
interface ToCome {
  lines?: number;
  shape?: 'text' | 'rows' | 'table' | 'chart';
}

interface Query<T> {
  data: T | undefined;
  error: Problem | null;
}

/**
 * Shows what a query answers; until then that it is being loaded, or what went wrong. Trying again is for all of the page that
 * went wrong: what broke one of its parts broke the others, as a rule.
 */
export function Loaded<T>({
  query,
  lines = 3,
  shape = 'text',
  children,
}: {
  query: Query<T>;
  children: (data: T) => ReactNode;
} & ToCome) {
  const queryClient = useQueryClient();
  const retry = () =>
    void queryClient.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ProblemAlert problem={query.error} takeFocus={false} onRetry={retry} />;
  return <Loading lines={lines} shape={shape} />;
}

type DataOf<Q> = Q extends { data: infer T } ? Exclude<T, undefined> : never;

/** Several queries as one: all of their answers, or what went wrong with the first of them. */
export function together<Q extends Query<unknown>[]>(...queries: Q) {
  type All = { [K in keyof Q]: DataOf<Q[K]> };
  const isComplete = queries.every(({ data }) => data !== undefined);
  const failed = queries.find(({ error, data }) => error !== null && data === undefined);
  return {
    data: isComplete ? (queries.map(({ data }) => data) as All) : undefined,
    error: failed?.error ?? null,
  };
}

/** Grey where an answer will be, in its shape: little moves when it comes. */
export function Loading({ lines = 3, shape = 'text' }: ToCome) {
  const { common } = useTexts();
  return (
    <div role="status" className={`loading loading-${shape}`}>
      <VisuallyHidden>{common.loading}</VisuallyHidden>
      {SHAPES[shape](lines).map((widths, line) => (
        <div key={line} className="loading-line">
          {widths.map((width, i) => (
            <Skeleton key={i} {...width} />
          ))}
        </div>
      ))}
    </div>
  );
}

const BARS = [40, 64, 52, 88, 72, 100, 84, 112];
/** The grey pieces of each line. */
const SHAPES: Record<
  NonNullable<ToCome['shape']>,
  (lines: number) => { width?: string | number; height: number }[][]
> = {
  text: (lines) => repeated(lines, (line) => [{ width: line === lines - 1 ? '60%' : '100%', height: 18 }]),
  rows: (lines) =>
    repeated(lines, () => [
      { width: '55%', height: 18 },
      { width: 72, height: 22 },
    ]),
  table: (lines) =>
    repeated(lines + 1, (line) =>
      ['30%', '15%', '15%', '15%'].map((width) => ({ width, height: line === 0 ? 12 : 18 })),
    ),
  chart: () => [BARS.map((height) => ({ height }))],
};

function repeated<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}
