import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { permissionOf } from '../../domain/permissions';
import { ProblemError } from '../../domain/problem';
import { isDatabaseUnavailable } from '../../db/errors';
import type { ApiDeps } from '../deps';
import { auditLineOf } from './audit';
import type { Identify } from './identify';
import {
  type BeginIdempotent,
  checkKey,
  createIdempotency,
  fingerprintOf,
  unkeyedAttempt,
} from './idempotency';
import { Download, sendDownload } from './download';
import { refuseOtherMethods } from './methods';
import { problemBody, toProblemError } from './problem';
import { expectMay } from './permit';
import type { Route } from './route';
import { whatIsWrong } from './what-is-wrong';
import { expectDecodable, expectUtf8, expectWholeText } from './whole-text';

/** The coach whom an address of the console names: of no interest to metrics. */
const COACH = /coach_[A-Za-z0-9]+/;

/** `/v1/products/{id}` as Express writes it. */
const expressPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Checks a part of a request. @throws ProblemError `invalid_request` naming the first field that is wrong. */
export function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    expectWholeText(value);
    return parsed.data;
  }
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const { field, words } = whatIsWrong(parsed.error.issues, value, known);
  throw new ProblemError('invalid_request', words, { field });
}

/** A malformed id in a path names nothing: it is not found, rather than not valid. */
function checkParams(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const { field, words } = whatIsWrong(parsed.error.issues, value);
    throw new ProblemError('not_found', words, { field });
  }
  return parsed.data;
}

/** The JSON body of a request that may carry one. */
const parseJson: RequestHandler = express.json({
  limit: '100kb',
  type: 'application/json',
  verify: (_req, _res, bytes, encoding) => {
    expectUtf8(bytes, encoding);
  },
});

/** Takes JSON and nothing else. */
export const jsonBody: RequestHandler = (req, res, next) => {
  const length = req.headers['content-length'];
  const hasBody = req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  if (hasBody && req.is('application/json') === false) {
    const given = req.headers['content-type'];
    next(
      new ProblemError(
        'unsupported_media_type',
        given === undefined
          ? 'Content-Type is missing; it has to be application/json.'
          : `Content-Type must be application/json, not "${given.slice(0, 40)}".`,
        { field: 'Content-Type' },
      ),
    );
    return;
  }
  parseJson(req, res, next);
};

/** A POST that has nothing to say needs no body; anything else without one is a mistake, never a reset to defaults. */
function bodyOf(req: Request): unknown {
  if (req.body !== undefined) return req.body;
  if (req.method !== 'POST') throw new ProblemError('invalid_request', 'The body is missing.');
  return {};
}

/** The fields that were sent and are known; what is left out and has a default was not. */
const sentFields = (sent: unknown, known: unknown): string[] =>
  Object.keys(known ?? {}).filter((name) => Object.hasOwn((sent ?? {}) as object, name));

/** Reads the body, where the method has one. */
const readBody = (req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'DELETE') resolve();
    else jsonBody(req, res, (error?: unknown) => (error === undefined ? resolve() : reject(error as Error)));
  });

/** Who calls first, then whether they may, then the body, then the schemas, then the handler. */
function serve(deps: ApiDeps, begin: BeginIdempotent, identify: Identify, route: Route): RequestHandler {
  const permission = permissionOf(route);
  return async (req: Request, res: Response) => {
    res.locals.route = req.baseUrl.replace(COACH, '{coachId}') + route.path;
    const auth = await identify(route.auth, req, res);
    const requestId = res.locals.requestId as string;
    const line = auditLineOf(deps.db, route, permission, { auth, requestId, params: req.params });
    let attempt = unkeyedAttempt();
    try {
      if (auth !== null) expectMay(route, permission, auth);
      await readBody(req, res);
      const params = route.params === null ? undefined : checkParams(route.params, req.params);
      if (route.query !== null) expectDecodable(req.originalUrl);
      const query = route.query === null ? undefined : check(route.query, { ...req.query });
      const body = route.body === null ? undefined : check(route.body, bodyOf(req));

      const key = req.get('Idempotency-Key');
      if (route.method === 'post' && key !== undefined) {
        const scope = auth === null ? 'platform' : `${auth.coachId}/${auth.mode}`;
        const begun = await begin(scope, checkKey(key), fingerprintOf('POST', req.originalUrl, req.body));
        if ('replay' in begun) {
          res.setHeader('Idempotent-Replayed', 'true');
          send(res, begun.replay.status, begun.replay.body);
          return;
        }
        attempt = begun.attempt;
      }
      const { newId } = attempt;
      await line.begin(() => newId('auditEntry'), sentFields(req.body, body));
      const answer = await route.handler({
        auth,
        params,
        query,
        body,
        newId,
        get requestId() {
          return attempt.requestId;
        },
        isTakenOver: attempt.isTakenOver,
        log: deps.log,
      });
      await line.done(answer.status, answer.body);
      if (answer.body instanceof Download) {
        await sendDownload(res, answer.body);
        return;
      }
      await attempt.finish(answer.status, answer.body);
      send(res, answer.status, answer.body);
    } catch (error) {
      const known = toProblemError(error);
      const problem = known === null ? null : problemBody(known);
      const isLost = isDatabaseUnavailable(error);
      // Whoever waits has waited for the database once already: what came of it stays unknown.
      if (!isLost)
        await line.not(known?.code ?? 'internal').catch(async (trouble: unknown) => {
          const letting = attempt.letGo();
          // The answer is a 5xx: whoever tries again at once finds the key free.
          if (!isDatabaseUnavailable(trouble)) await letting;
          throw trouble;
        });
      if (problem !== null && problem.status < 500) await attempt.finish(problem.status, problem);
      else if (isLost) void attempt.letGo();
      else await attempt.letGo();
      throw error;
    }
  };
}

function send(res: Response, status: number, body: unknown): void {
  // A public answer says how long it may be kept; everything else is kept by nobody.
  if (status >= 400 || !res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store');
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  const text = JSON.stringify(body);
  // What Express would send, without what it first finds out about it.
  res.status(status).setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Content-Length', Buffer.byteLength(text)).end(text);
}

/** Puts the routes on a router. @throws Error for one that nobody may have: src/domain/permissions.ts has no line for it */
export function mountRoutes(
  router: Router,
  routes: readonly Route[],
  deps: ApiDeps,
  identify: Identify,
): void {
  const begin = createIdempotency(deps.db, deps.config.encryptionKey, deps.presence);
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    const path = expressPath(route.path);
    methods.set(path, [...(methods.get(path) ?? []), route.method.toUpperCase()]);
    router[route.method](path, serve(deps, begin, identify, route));
  }
  for (const [path, allowed] of methods) refuseOtherMethods(router, path, allowed);
}
