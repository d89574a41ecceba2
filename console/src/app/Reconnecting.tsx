import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { setReachable, useReachable } from '../api/connectivity';
import { useTexts } from '../texts/texts';

/** Milliseconds between two knocks at the door while the API does not answer. */
const KNOCK = 2000;

/** Says that the API does not answer, knocks until it does, and then has everything read again. */
export function Reconnecting() {
  const { app } = useTexts();
  const reachable = useReachable();
  const queryClient = useQueryClient();
  const knock = useQuery({
    queryKey: ['reachable'],
    enabled: !reachable,
    queryFn: async () => {
      const answer = await fetch('/console/api/session', { credentials: 'same-origin' });
      return answer.status < 500;
    },
    retry: false,
    gcTime: 0,
    staleTime: 0,
    refetchInterval: KNOCK,
    refetchIntervalInBackground: true,
  });
  const isBack = !reachable && knock.data === true && !knock.isFetching && !knock.isError;
  useEffect(() => {
    if (!isBack) return;
    setReachable(true);
    queryClient.removeQueries({ queryKey: ['reachable'] });
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'reachable' });
  }, [isBack, queryClient]);
  return (
    <div role="status" className="reconnecting">
      {reachable ? null : app.reconnecting}
    </div>
  );
}
