import type { components } from '@api/schema';

type ProblemBody = components['schemas']['Problem'];

/** Why a request did not give what was asked for: what the API says, or that nothing came back. */
export class Problem extends Error {
  /** The API's stable code; `unreachable` when no answer came, `unknown` for an answer that is not the API's. */
  readonly code: string;
  readonly status: number;
  readonly todo: string | null;
  readonly field: string | null;
  readonly details: Record<string, unknown>;

  constructor(body: Partial<ProblemBody> & { code: string; status: number }) {
    super(body.detail ?? body.code);
    this.name = 'Problem';
    this.code = body.code;
    this.status = body.status;
    this.todo = body.todo ?? null;
    this.field = body.field ?? null;
    this.details = body.details ?? {};
  }

  /** The API is not there: it restarts, or the network is gone. It will be back. */
  get isUnreachable(): boolean {
    return this.code === 'unreachable' || (this.code === 'unknown' && this.status >= 502);
  }

  /** Trying the same again may work. Repeated with its Idempotency-Key it does nothing twice. */
  get isTransient(): boolean {
    return this.isUnreachable || this.status === 503 || this.code === 'idempotency_in_progress';
  }

  /** Nobody is signed in any more, or not in this mode. */
  get isSignedOut(): boolean {
    return ['not_signed_in', 'unauthorized', 'mode_not_signed_in'].includes(this.code);
  }

  /** Whether the request had an effect is not known, so a repetition has to carry the same Idempotency-Key. */
  get isUndecided(): boolean {
    return this.isTransient || this.status >= 500;
  }
}

/** The problem of an answer that was none of the successful ones. */
export function problemOf(status: number, body: unknown): Problem {
  const isOurs = typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string';
  return isOurs
    ? new Problem({ ...(body as ProblemBody), status })
    : new Problem({ code: 'unknown', status, detail: `The answer was ${status}.` });
}

/** Anything thrown, as a problem. `fetch` rejects with a TypeError when no answer comes. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) return new Problem({ code: 'unreachable', status: 0 });
  return new Problem({ code: 'unknown', status: 0, detail: error instanceof Error ? error.message : '' });
}
