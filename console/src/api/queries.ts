import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { type Problem, toProblem } from './problem';

/** Unreachable: as long as it takes. Anything else that may pass: a few times. What the API refuses: never. */
function shouldRetry(failures: number, error: Error): boolean {
  const problem = toProblem(error);
  if (problem.isUnreachable) return true;
  return problem.isTransient && failures < 5;
}

/** Milliseconds: half a second, doubled up to five seconds. */
const retryDelay = (failures: number) => Math.min(500 * 2 ** failures, 5000);

/** Errors of queries and mutations are always `Problem`s. */
declare module '@tanstack/react-query' {
  interface Register {
    defaultError: Problem;
  }
}

/** @param onSignedOut called when the API no longer knows who asks. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Problem) => {
    if (error.isSignedOut) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: shouldRetry, retryDelay, networkMode: 'always', staleTime: 2000 },
      mutations: {
        // A person waits for it: after about ten seconds they are told, and may try again with the same key.
        retry: (failures, error) => error.isTransient && failures < 5,
        retryDelay,
        networkMode: 'always',
      },
    },
  });
}
