import { useQueryClient } from '@tanstack/react-query';
import { Skeleton, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Problem } from '../api/problem';
import { useTexts } from '../texts/texts';
import { ProblemAlert } from './ProblemAlert';

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
  children,
}: {
  query: Query<T>;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  const queryClient = useQueryClient();
  const retry = () =>
    void queryClient.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) return <ProblemAlert problem={query.error} takeFocus={false} onRetry={retry} />;
  return <Loading lines={lines} />;
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

export function Loading({ lines = 3 }: { lines?: number }) {
  const { common } = useTexts();
  return (
    <div role="status" className="loading">
      <VisuallyHidden>{common.loading}</VisuallyHidden>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={18} width={line === lines - 1 ? '60%' : '100%'} />
      ))}
    </div>
  );
}
