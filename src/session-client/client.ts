import { randomUUID } from 'node:crypto';
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

/** An answer with what is not in its body. */
export interface Answer<T> {
  status: number;
  body: T;
  /** Stripe-style: this answer was given before, to the same Idempotency-Key. */
  replayed: boolean;
}

export type SessionClient = ReturnType<typeof createSessionClient>;

/** Milliseconds until a request is given up; the longest one waits 30 s for Stripe. */
const REQUEST_TIMEOUT_MS = 45_000;

/**
 * Calls the public API as a coach's server does: one key, JSON, an Idempotency-Key with every POST.
 * Every call throws SessionProblem when it is refused.
 */
export function createSessionClient(api: string, key: string) {
  async function send<T>(
    method: string,
    path: string,
    body?: unknown,
    idempotencyKey?: string,
  ): Promise<Answer<T>> {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': idempotencyKey ?? randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    const parsed: unknown = text === '' ? null : parse(text);
    if (!response.ok) throw new SessionProblem(`${method} ${path}`, problemOf(response.status, parsed));
    return {
      status: response.status,
      body: parsed as T,
      replayed: response.headers.get('idempotent-replayed') === 'true',
    };
  }

  return {
    send,
    get: async <T>(path: string): Promise<T> => (await send<T>('GET', path)).body,
    post: async <T>(path: string, body: unknown = {}, idempotencyKey?: string): Promise<T> =>
      (await send<T>('POST', path, body, idempotencyKey)).body,
    put: async <T>(path: string, body: unknown): Promise<T> => (await send<T>('PUT', path, body)).body,
    patch: async <T>(path: string, body: unknown): Promise<T> => (await send<T>('PATCH', path, body)).body,
  };
}

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
    status,
    code: 'unexpected_answer',
    detail: `The API answered ${status} without saying why.`,
    todo: '',
  };
}
