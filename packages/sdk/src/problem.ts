import type { ProblemBody } from './types.ts';

/** What the API refused, and why: RFC 9457 with a stable code. */
export class SessionProblem extends Error {
  constructor(
    /** `GET /v1/access` */
    readonly request: string,
    readonly body: ProblemBody,
    /** Seconds after which another try makes sense, where the answer says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(`${body.detail} ${body.todo}`.trim());
    this.name = 'SessionProblem';
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }

  /** The field of the request that is wrong, as a path: `recurring.interval`. */
  get field(): string | null {
    return this.body.field ?? null;
  }
}

/** No answer: nobody is there, the network failed, or it took too long. What was asked for may have been done. */
export class SessionUnreachable extends Error {
  constructor(
    readonly request: string,
    cause: unknown,
  ) {
    super(`${request}: the Session API did not answer.`, { cause });
    this.name = 'SessionUnreachable';
  }
}

/** The problem that an answer tells of; one that is not of the API (a proxy's) has the code `unexpected_answer`. */
export function problemOf(status: number, text: string): ProblemBody {
  const parsed = parse(text);
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
