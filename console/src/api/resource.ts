import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { PathsWithMethod } from 'openapi-typescript-helpers';
import { useCallback, useRef } from 'react';
import { useMode } from '../app/mode';
import { useSession, withFreshToken } from '../session/session';
import type { Problem } from './problem';
import { changeHeaders, clientOf, expectData, newIdempotencyKey } from './client';
import type { paths } from '@api/schema';

/**
 * The three ways in which a page talks to the API: `useRead` one thing, `useList` a list page by page, `useAction` a
 * change. All typed by the OpenAPI document, all in the mode of the page's address.
 */

type Method = 'get' | 'post' | 'put' | 'patch';
type PathOf<M extends Method> = PathsWithMethod<paths, M>;
type InitOf<M extends Method, P extends PathOf<M>> = MaybeOptionalInit<paths[P], M>;
type Operation<M extends Method, P extends PathOf<M>> = Extract<
  paths[P][M],
  Record<string | number, unknown>
>;
export type DataOf<M extends Method, P extends PathOf<M>> = NonNullable<
  FetchResponse<Operation<M, P>, object, 'application/json'>['data']
>;

// openapi-fetch's generic signature cannot be called with a path that is itself generic: checked by the hooks' own types.
type Send = (
  method: Method,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

function send<M extends Method, P extends PathOf<M>>(
  mode: 'test' | 'live',
  method: M,
  path: P,
  init: object,
): Promise<DataOf<M, P>> {
  const request = clientOf(mode).request as unknown as Send;
  return expectData(request(method, path, init)) as Promise<DataOf<M, P>>;
}

interface ReadOptions<T> {
  /** False: nothing is asked yet. */
  enabled?: boolean;
  /** Milliseconds until it is asked again, from the present answer; false: not by itself. */
  pollWhile?: (data: T) => number | false;
  /** Shows the answer to the former question until the new one is there. */
  keepPrevious?: boolean;
}

/** Reads one thing, and again whenever something was changed here. */
export function useRead<P extends PathOf<'get'>>(
  path: P,
  init: InitOf<'get', P>,
  options: ReadOptions<DataOf<'get', P>> = {},
) {
  const mode = useMode();
  const { enabled = true, pollWhile, keepPrevious = false } = options;
  return useQuery<DataOf<'get', P>>({
    queryKey: [mode, path, init],
    queryFn: ({ signal }) => send(mode, 'get', path, { ...init, signal }),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
    refetchInterval: ({ state }) => (state.data === undefined ? false : (pollWhile?.(state.data) ?? false)),
  });
}

type ListPath = {
  [P in PathOf<'get'>]: DataOf<'get', P> extends { data: unknown[]; nextCursor: string | null } ? P : never;
}[PathOf<'get'>];

/** Reads a list page by page: `items` are all rows so far. */
export function useList<P extends ListPath>(
  path: P,
  init: InitOf<'get', P>,
  options: { enabled?: boolean } = {},
) {
  type Page = { data: (DataOf<'get', P> & { data: unknown[] })['data']; nextCursor: string | null };
  const mode = useMode();
  const query = useInfiniteQuery({
    queryKey: [mode, path, 'list', init],
    queryFn: ({ pageParam, signal }) => {
      const { params } = (init ?? {}) as { params?: { query?: object } };
      const asked = {
        ...params,
        query: { ...params?.query, ...(pageParam === null ? {} : { cursor: pageParam }) },
      };
      return send(mode, 'get', path, { ...init, params: asked, signal }) as Promise<unknown> as Promise<Page>;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page) => last.nextCursor,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.data) as Page['data'] | undefined };
}

/** Whether the role of whoever is signed in allows something: what it does not, has no button. The API decides all the same. */
export function useMay<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  elsewhere?: 'test' | 'live',
): boolean {
  const here = useMode();
  const { data: session } = useSession();
  return !(session?.mayNot[elsewhere ?? here] ?? []).includes(`${method.toUpperCase()} ${path}`);
}

/**
 * A change. Every action of a person carries one Idempotency-Key; repeating it after a lost answer carries the same, so
 * nothing is done twice. What was read in this mode is read again afterwards.
 * @param elsewhere the mode to do it in, where it is not the page's
 */
export function useAction<M extends 'post' | 'put' | 'patch', P extends PathOf<M>>(
  method: M,
  path: P,
  elsewhere?: 'test' | 'live',
) {
  const here = useMode();
  const mode = elsewhere ?? here;
  const isAllowed = useMay(method, path, elsewhere);
  const queryClient = useQueryClient();
  const action = useRef<{ request: string; key: string } | null>(null);
  const mutation = useMutation<DataOf<M, P>, Problem, InitOf<M, P>>({
    mutationFn: (init) => {
      const request = JSON.stringify(init);
      if (action.current?.request !== request) action.current = { request, key: newIdempotencyKey() };
      const key = action.current.key;
      return withFreshToken(() => {
        const headers = { ...changeHeaders(), ...(method === 'post' ? { 'Idempotency-Key': key } : {}) };
        return send(mode, method, path, { ...init, headers });
      });
    },
    onSuccess: () => {
      action.current = null;
      void queryClient.invalidateQueries({ queryKey: [mode] });
    },
    onError: (problem) => {
      if (!problem.isUndecided) action.current = null;
    },
  });
  const { mutateAsync } = mutation;
  // `onSuccess` is called even when the component is gone by then, as a button is whose action has come to pass.
  const mutate = useCallback(
    (init: InitOf<M, P>, { onSuccess }: { onSuccess?: (data: DataOf<M, P>) => void } = {}) => {
      mutateAsync(init).then(onSuccess, () => {});
    },
    [mutateAsync],
  );
  return { ...mutation, mutate, isAllowed };
}

/** Puts an answer where `useRead` would read it next, so that nothing older is shown in between. */
export function useRemember<P extends PathOf<'get'>>(path: P, init: InitOf<'get', P>) {
  const mode = useMode();
  const queryClient = useQueryClient();
  return (data: DataOf<'get', P>) => queryClient.setQueryData([mode, path, init], data);
}
