import createClient, { type Middleware } from 'openapi-fetch';
import { type AccessChecks, accessChecks, type AccessOptions } from './access.ts';
import type { paths } from './generated/schema.ts';
import type { DataOf, InitOf, ItemOf, ListPath, Method, PathOf } from './operations.ts';
import { eachOf } from './pages.ts';
import { problemOf, SessionProblem } from './problem.ts';
import { retryAfterOf } from './retry.ts';
import { nameOf, sendWith, type SendOptions } from './send.ts';

export interface SessionClientOptions extends SendOptions {
  /** Where the API is: `https://payments.session.example`. */
  url: string;
  /** A secret key, of one coach in one mode. Keep it on a server. */
  key: string;
  /** How `access()` answers. */
  access?: AccessOptions | undefined;
}

/** A request by one method: the address, and what goes with it; the answer is the body. */
type Call<M extends Method> = <P extends PathOf<M>>(path: P, ...init: InitOf<M, P>) => Promise<DataOf<M, P>>;

export interface SessionClient extends AccessChecks {
  get: Call<'get'>;
  post: Call<'post'>;
  put: Call<'put'>;
  patch: Call<'patch'>;
  delete: Call<'delete'>;
  /**
   * Everything that a list has, one by one; pages are read as they are needed.
   * `for await (const member of session.list('/v1/members')) …`
   */
  list: <P extends ListPath>(path: P, ...init: InitOf<'get', P>) => AsyncGenerator<ItemOf<P>, void>;
}

// openapi-fetch's generic signature cannot be called with a path that is itself generic: checked by `call`'s own type.
type Ask = (method: Method, path: string, init: object) => Promise<{ data?: unknown }>;

/**
 * Calls the API as a coach's server does: one key, JSON, an Idempotency-Key with every POST. What can be asked, and what is
 * answered, is what the OpenAPI document says. Every call throws SessionProblem when it is refused, and SessionUnreachable
 * when there is no answer.
 */
export function createSessionClient(options: SessionClientOptions): SessionClient {
  const client = createClient<paths>({
    baseUrl: options.url,
    headers: { authorization: `Bearer ${options.key}`, accept: 'application/json' },
    fetch: sendWith(options),
  });
  client.use(idempotent, refused);
  const ask = client.request as unknown as Ask;

  const call =
    <M extends Method>(method: M): Call<M> =>
    async <P extends PathOf<M>>(path: P, ...[init]: InitOf<M, P>) =>
      (await ask(method, path, init ?? {})).data as DataOf<M, P>;
  const get = call('get');

  return {
    get,
    post: call('post'),
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
    list: <P extends ListPath>(path: P, ...[init]: InitOf<'get', P>): AsyncGenerator<ItemOf<P>, void> =>
      eachOf<ItemOf<P>>((cursor) => {
        const params = (init as { params?: { query?: object } } | undefined)?.params;
        const query = { ...params?.query, ...(cursor === null ? {} : { cursor }) };
        return ask('get', path, { ...init, params: { ...params, query } }).then(({ data }) => data as never);
      }),
    ...accessChecks(options, (question, send) =>
      get('/v1/access', { params: { query: question }, fetch: send }),
    ),
  };
}

/** Names one wish of the coach's, so that repeating it after a lost answer, or a crash, does nothing twice. */
export const idempotencyKey = (key: string) => ({ header: { 'Idempotency-Key': key } });

const idempotent: Middleware = {
  onRequest({ request }) {
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', crypto.randomUUID());
    return request;
  },
};

const refused: Middleware = {
  async onResponse({ request, response }) {
    if (response.ok) return undefined;
    const body = problemOf(response.status, await response.text());
    const retryAfter = retryAfterOf(response.headers.get('retry-after'), Date.now());
    throw new SessionProblem(nameOf(request), body, retryAfter);
  },
};
