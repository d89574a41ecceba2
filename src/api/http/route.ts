/**
 * How a route of the JSON API is written. One file per resource exports `xRoutes(deps): Route[]`; src/api/app.ts
 * lists them once, and both Express (mount.ts) and /openapi.json (openapi.ts) are made from that list.
 *
 * - `route({...})` takes zod schemas (src/api/http/schemas.ts has the shared pieces; objects are `z.strictObject`, so unknown
 *   fields are refused) and a handler from a checked call to an answer. A handler never sees Express.
 * - `auth: 'coach'` gives the handler `call.auth.coachId` and `call.auth.mode`: every query carries both, so another
 *   coach's id is simply not found. `auth: 'platform'` is Session itself, `'none'` anybody.
 * - Who may call it is a line of src/domain/permissions.ts: without one there is no route (src/api/http/permit.ts).
 * - A refusal is thrown: `throw new ProblemError('price_not_active', 'one sentence', { field: 'priceId' })`. Its code
 *   (src/domain/problem.ts) fixes status and todo. Failures of runs are mapped by themselves.
 * - A POST is idempotent by itself: repeat answers come from idempotency.ts. Rows that a POST creates take their ids
 *   from `call.newId(kind)`, and requests to runs take `call.requestId`; both are the same in a repetition after a
 *   crash, so that it finds what the first try left.
 * - Every call to a run has a deadline: `workflows.withDeadline(milliseconds, () => runs.…)`.
 * - Times are ISO 8601 UTC strings, money is integer minor units beside a lower-case ISO 4217 currency.
 */
import type { z } from 'zod';
import type { Mode } from '../../domain/mode';
import type { IdKind } from '../../domain/ids';
import type { Role } from '../../domain/permissions';
import type { Log } from '../../log';

export type AuthKind = 'platform' | 'coach' | 'none';

/** Who it is that calls: a key, a person, or whoever a link of the platform's signed in. */
export type Actor =
  { kind: 'key' | 'user'; id: string } | { kind: 'link' | 'operator' | 'platform'; id: null };

/** Who calls: a coach's key fixes the coach and the mode. */
export interface CoachAuth {
  coachId: string;
  mode: Mode;
  /** Null in a console session that a link opened, or a person. */
  keyId: string | null;
  /** What they may do: src/domain/permissions.ts. A handler need not ask, permit.ts has. */
  role: Role;
  actor: Actor;
}

export interface AuthOf {
  platform: null;
  coach: CoachAuth;
  none: null;
}

/** What a handler gets: everything checked. */
export interface Call<A extends AuthKind, P, Q, B> {
  auth: AuthOf[A];
  params: P;
  query: Q;
  body: B;
  /** An id for a row that this request creates; the same when the request is repeated with its Idempotency-Key. */
  newId(kind: IdKind): string;
  /** Names this request towards runs; the same when it is repeated with its Idempotency-Key. */
  requestId: string;
  /** This repeats a request that came to no end that anybody knows of: it may have done all that it was to do. */
  isTakenOver: boolean;
  log: Log;
}

/** `type`: of what is no JSON (src/api/http/download.ts). */
type Answers = Record<number, { description: string; schema: z.ZodType; type?: string }>;
/** One of the declared answers. */
export type AnswerOf<R extends Answers> = {
  [S in keyof R & number]: { status: S; body: z.input<R[S]['schema']> };
}[keyof R & number];

/** An answer of a handler: `return answer(201, view(row))`. */
export function answer<S extends number, B>(status: S, body: B): { status: S; body: B } {
  return { status, body };
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface Described {
  method: Method;
  /** With parameters in braces, as OpenAPI writes them: `/v1/products/{id}`. */
  path: string;
  /** The group in the documentation. */
  tag: string;
  summary: string;
  description?: string;
  /** Codes of src/domain/problem.ts that this route answers besides the general ones. */
  problems?: string[];
  /** Kept for those who use it; the description says what to use instead. */
  deprecated?: boolean;
}

export interface RouteDefinition<
  A extends AuthKind,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends Answers,
> extends Described {
  auth: A;
  params?: P;
  query?: Q;
  body?: B;
  answers: R;
  handler(call: Call<A, z.output<P>, z.output<Q>, z.output<B>>): Promise<AnswerOf<R>>;
}

/** A route as the list holds it, its types checked where it was written. */
export interface Route extends Described {
  auth: AuthKind;
  params: z.ZodType | null;
  query: z.ZodType | null;
  body: z.ZodType | null;
  answers: Answers;
  handler(call: Call<AuthKind, unknown, unknown, unknown>): Promise<{ status: number; body: unknown }>;
}

/** Checks a route's types and forgets them. */
export function route<
  A extends AuthKind,
  R extends Answers,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<A, P, Q, B, R>): Route {
  return {
    ...definition,
    params: definition.params ?? null,
    query: definition.query ?? null,
    body: definition.body ?? null,
    // Safe: mount.ts hands over what these very schemas gave, and the auth of this very kind.
    handler: definition.handler as unknown as Route['handler'],
  };
}
