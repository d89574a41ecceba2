import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type Problem, toProblem } from '../api/problem';
import { changeHeaders, expectData, type Mode, setCoach, setCsrfToken } from '../api/client';

/** What somebody may do, as the API has it. */
export type Role = 'owner' | 'finance' | 'support' | 'read_only';

/** What the API answers about the session. The key itself stays on the server side. */
interface Answer {
  coaches: { id: string; name: string; modes: { mode: Mode; role: Role; mayNot: string[] }[] }[];
  /** Who signed in with an e-mail address; null: a key or a link did. */
  user: { id: string; email: string } | null;
  csrfToken: string;
  /** Where operators see the runs of Temporal; null: nowhere. */
  temporalRunsUrl: string | null;
  publicUrl: string;
  emulator: boolean;
}

/** Who is signed in, and for which modes of the coach of this tab. */
export interface Session extends Answer {
  coach: { id: string; name: string };
  modes: Mode[];
  roles: Partial<Record<Mode, Role>>;
  /** What others may do and this role may not, as the API calls it: `POST /v1/products`. */
  mayNot: Partial<Record<Mode, string[]>>;
}

/** The coach whom this tab works for, where there are several. */
const CHOSEN = 'session-console-coach';

function choose(answer: Answer): Session {
  const chosen = sessionStorage.getItem(CHOSEN);
  const { user, coaches } = answer;
  const coach = coaches.find(({ id }) => id === chosen) ?? coaches[0] ?? { id: '', name: '', modes: [] };
  setCoach(user === null ? null : coach.id);
  return {
    ...answer,
    coach,
    modes: coach.modes.map(({ mode }) => mode),
    roles: Object.fromEntries(coach.modes.map(({ mode, role }) => [mode, role])),
    mayNot: Object.fromEntries(coach.modes.map(({ mode, mayNot }) => [mode, mayNot])),
  };
}

/** Works for another coach, in this tab. Begins anew: nothing of one is seen at the other. */
export function changeCoach(id: string): void {
  sessionStorage.setItem(CHOSEN, id);
  location.assign('/console');
}

/** What this tab knows of it. */
export interface KnownSession extends Session {
  /** Modes that were open here and are not any more: the page stays, and asks to sign in again. */
  lost: Mode[];
}

const ADDRESS = '/console/api/session';
const ALL = '/console/api/sessions';
const LINKS = '/console/api/sign-in-links';
/** Milliseconds between two looks at whether a session that ended is back. */
const AGAIN = 2000;
export const SESSION_KEY = ['session'] as const;
/** Every query but that one. */
export const ALL_ELSE = {
  predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== SESSION_KEY[0],
};

/** Sends to an address of the session's own, which is of no mode. */
async function ask<T>(method: string, address: string, body?: unknown): Promise<T> {
  const sending = fetch(address, {
    method,
    credentials: 'same-origin',
    headers: {
      ...(method === 'GET' ? {} : changeHeaders()),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).then(async (response) => {
    const answer: unknown = await response.json().catch(() => ({}));
    return response.ok ? { data: answer as T, response } : { error: answer, response };
  });
  return expectData(sending);
}

async function call(method: string, body?: unknown): Promise<Session> {
  const answer = await ask<Answer>(method, ADDRESS, body);
  // Nothing is answered to who signs out.
  if (method === 'DELETE') return answer as Session;
  setCsrfToken(answer.csrfToken);
  return choose(answer);
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

/** The session after the one that this tab knew; null: nobody is signed in. Another coach begins anew. */
function succeed(queryClient: QueryClient, now: Session | null): KnownSession | null {
  const before = queryClient.getQueryData<KnownSession | null>(SESSION_KEY) ?? null;
  if (before === null) return now === null ? null : { ...now, lost: [] };
  const had = [...new Set([...before.modes, ...before.lost])];
  if (now === null) return { ...before, modes: [], lost: had };
  if (now.coach.id === before.coach.id)
    return { ...now, lost: had.filter((mode) => !now.modes.includes(mode)) };
  queryClient.removeQueries(ALL_ELSE);
  return { ...now, lost: [] };
}

/** Who is signed in; `null` when nobody is. */
export function useSession() {
  const queryClient = useQueryClient();
  return useQuery<KnownSession | null>({
    queryKey: SESSION_KEY,
    queryFn: async () => {
      const now = await call('GET').catch((error: { status?: number }) => {
        if (error.status === 401) return null;
        throw error;
      });
      return succeed(queryClient, now);
    },
    staleTime: 60_000,
    // Somebody may sign in again in another tab.
    refetchInterval: ({ state }) => ((state.data?.lost.length ?? 0) > 0 ? AGAIN : false),
  });
}

/** The session on pages that are shown to nobody else. */
export function useSignedIn(): KnownSession {
  const { data } = useSession();
  if (data == null) throw new Error('This page needs a session.');
  return data;
}

export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation<Session, Problem, string>({
    mutationFn: (key) => call('POST', { key }),
    onSuccess: (session) => {
      queryClient.setQueryData(SESSION_KEY, succeed(queryClient, session));
    },
  });
}

/** Has a link mailed to a person. */
export function useMailLink() {
  return useMutation<unknown, Problem, { email: string; language: string }>({
    mutationFn: (body) => ask('POST', LINKS, body),
  });
}

export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation<unknown>({
    mutationFn: () =>
      withFreshToken(() => call('DELETE')).catch((error: unknown) => {
        // A session that is over already is left all the same.
        if (!toProblem(error).isSignedOut) throw error;
      }),
    onSuccess: () => {
      queryClient.setQueryData(SESSION_KEY, null);
      queryClient.removeQueries(ALL_ELSE);
    },
  });
}

/** A browser in which somebody is signed in as this coach. */
export interface SignedInBrowser {
  id: string;
  createdAt: string;
  seenAt: string;
  /** Of a person. */
  email: string | null;
  modes: { mode: Mode; keyLastFour: string | null }[];
  current: boolean;
}

/** Where there are several coaches, the one of this tab. */
function ofCoach(): string {
  const chosen = sessionStorage.getItem(CHOSEN);
  return chosen === null ? '' : `?coach=${chosen}`;
}

const BROWSERS_KEY = ['browsers'];

export function useBrowsers() {
  return useQuery<SignedInBrowser[], Problem>({
    queryKey: BROWSERS_KEY,
    queryFn: async () => (await ask<{ data: SignedInBrowser[] }>('GET', ALL + ofCoach())).data,
  });
}

/** Ends the session of one browser; null: of all but this one. */
export function useEndBrowser() {
  const queryClient = useQueryClient();
  return useMutation<unknown, Problem, string | null>({
    mutationFn: (id) => withFreshToken(() => ask('DELETE', (id === null ? ALL : `${ALL}/${id}`) + ofCoach())),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: BROWSERS_KEY }),
  });
}
