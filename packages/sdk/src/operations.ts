import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { paths } from './generated/schema.ts';
import type { Page } from './pages.ts';

/** What the OpenAPI document says of each address, as the calls of the client are typed. */

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The addresses that take a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends object ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> = Extract<
  paths[P][M],
  Record<string | number, unknown>
>;

type Init<M extends Method, P extends PathOf<M>> = MaybeOptionalInit<paths[P], M>;

/** What a request carries: parameters and body, left out where nothing of it is required. */
export type InitOf<M extends Method, P extends PathOf<M>> =
  undefined extends Init<M, P> ? [init?: Init<M, P>] : [init: Init<M, P>];

/** The body of an answer that is none of the refusals. */
export type DataOf<M extends Method, P extends PathOf<M>> = NonNullable<
  FetchResponse<Operation<M, P>, object, 'application/json'>['data']
>;

/** The addresses that answer a list, page by page. */
export type ListPath = {
  [P in PathOf<'get'>]: DataOf<'get', P> extends Page<unknown> ? P : never;
}[PathOf<'get'>];

/** What a list is of. */
export type ItemOf<P extends ListPath> = DataOf<'get', P> extends { data: (infer T)[] } ? T : never;
