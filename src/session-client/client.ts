import { randomUUID } from 'node:crypto';
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './generated/schema';
import type { DataOf, InitOf, Method, PathOf } from './operations';
import type { ProblemBody } from './types';

/** What the API refused, and why: RFC 9457 with a stable code. */
export class SessionProblem extends Error {
  constructor(
    readonly request: string,
    readonly body: ProblemBody,
  ) {
    super(`${body.detail} ${body.todo}`);
    this.name = 'SessionProblem';
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }
}

export type SessionClient = ReturnType<typeof createSessionClient>;

/** Milliseconds until a request is given up; the longest one waits 30 s for Stripe. */
const REQUEST_TIMEOUT_MS = 45_000;

// openapi-fetch's generic signature cannot be called with a path that is itself generic: checked by `call`'s own type.
type Request = (method: Method, path: string, init: object) => Promise<{ data?: unknown }>;

/** How a request comes to its answer. */
export type Send = (request: globalThis.Request) => Promise<Response>;

const sendOnce: Send = (request) => fetch(request, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });

/**
 * Calls the public API as a coach's server does: one key, JSON, an Idempotency-Key with every POST. What can be asked, and
 * what is answered, is what the OpenAPI document says. Every call throws SessionProblem when it is refused.
 * @param send once, unless told
 */
export function createSessionClient(api: string, key: string, send: Send = sendOnce) {
  const client = createClient<paths>({
    baseUrl: api,
    headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
    fetch: send,
  });
  client.use(idempotent, refused);

  const call =
    <M extends Method>(method: M) =>
    async <P extends PathOf<M>>(path: P, ...[init]: InitOf<M, P>): Promise<DataOf<M, P>> => {
      const request = client.request as unknown as Request;
      return (await request(method, path, init ?? {})).data as DataOf<M, P>;
    };

  return { get: call('get'), post: call('post'), put: call('put'), patch: call('patch') };
}

/** Names one wish of the coach's, so that repeating it after a lost answer does nothing twice. */
export const idempotencyKey = (key: string) => ({ header: { 'Idempotency-Key': key } });

const idempotent: Middleware = {
  onRequest({ request }) {
    if (request.method === 'POST' && !request.headers.has('idempotency-key'))
      request.headers.set('idempotency-key', randomUUID());
    return request;
  },
};

const refused: Middleware = {
  async onResponse({ request, response }) {
    if (response.ok) return undefined;
    const body = problemOf(response.status, parse(await response.text()));
    throw new SessionProblem(`${request.method} ${new URL(request.url).pathname}`, body);
  },
};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function problemOf(status: number, parsed: unknown): ProblemBody {
  if (typeof parsed === 'object' && parsed !== null && 'code' in parsed) return parsed as ProblemBody;
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status,
    code: 'unexpected_answer',
    detail: `The API answered ${status} without saying why.`,
    todo: '',
  };
}
