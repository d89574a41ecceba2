import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { clientOf, expectData, type Mode } from '../api/client';

/** Milliseconds between two looks at whether anything has happened; none while the page is not seen. */
const LOOK = 4000;

/**
 * Has everything on the page read again when something became true elsewhere: a member paid, Stripe told of a change,
 * somebody else works in the same account. One small question tells; what is shown is asked for only then.
 * @param mode null: nobody is signed in there
 */
export function useLiveFacts(mode: Mode | null): void {
  const queryClient = useQueryClient();
  const { data } = useQuery({
    queryKey: ['newest fact', mode],
    enabled: mode !== null,
    queryFn: async ({ signal }) => {
      const asked = clientOf(mode ?? 'test').GET('/v1/events', { params: { query: { limit: 1 } }, signal });
      return (await expectData(asked)).data[0]?.id ?? null;
    },
    retry: false,
    refetchInterval: LOOK,
  });
  const known = useRef<{ mode: Mode | null; id: string | null | undefined }>({ mode, id: undefined });
  useEffect(() => {
    const before = known.current;
    known.current = { mode, id: data };
    if (before.mode !== mode || before.id === undefined || data === undefined || before.id === data) return;
    void queryClient.invalidateQueries({ queryKey: [mode] });
  }, [mode, data, queryClient]);
}
