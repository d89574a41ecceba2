import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Problem, toProblem } from '../api/problem';
import { changeHeaders, expectData, type Mode, setCsrfToken } from '../api/client';

/** Who is signed in, and for which modes. The key itself stays on the server side. */
export interface Session {
  coach: { id: string; name: string };
  modes: Mode[];
  csrfToken: string;
  temporalUiUrl: string | null;
  publicUrl: string;
  emulator: boolean;
}

const ADDRESS = '/console/api/session';
export const SESSION_KEY = ['session'] as const;

async function call(method: string, body?: unknown): Promise<Session> {
  const sending = fetch(ADDRESS, {
    method,
    credentials: 'same-origin',
    headers: {
      ...(method === 'GET' ? {} : changeHeaders()),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).then(async (response) => {
    const answer: unknown = await response.json().catch(() => ({}));
    return response.ok ? { data: answer as Session, response } : { error: answer, response };
  });
  const session = await expectData(sending);
  if (method !== 'DELETE') setCsrfToken(session.csrfToken);
  return session;
}

/**
 * Sends a change, and once more with a fresh token where another tab has signed in since: the session is new then, and
 * the token with it.
 */
export async function withFreshToken<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (toProblem(error).code !== 'csrf_invalid') throw error;
    await call('GET');
    return send();
  }
}

/** Who is signed in; `null` when nobody is. */
export function useSession() {
  return useQuery<Session | null>({
    queryKey: SESSION_KEY,
    queryFn: () =>
      call('GET').catch((error: { status?: number }) => {
        if (error.status === 401) return null;
        throw error;
      }),
    staleTime: 60_000,
  });
}

/** The session on pages that are shown to nobody else. */
export function useSignedIn(): Session {
  const { data } = useSession();
  if (data == null) throw new Error('This page needs a session.');
  return data;
}

export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation<Session, Problem, string>({
    mutationFn: (key) => call('POST', { key }),
    onSuccess: (session) => {
      queryClient.setQueryData(SESSION_KEY, session);
    },
  });
}

export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation<unknown>({
    mutationFn: () => withFreshToken(() => call('DELETE')),
    onSuccess: () => {
      queryClient.setQueryData(SESSION_KEY, null);
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
    },
  });
}
