import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Log } from '../../log';
import type { Metrics } from './metrics';
import { routeOf } from './route-name';

interface Begun {
  requestId: string;
  /** Milliseconds of `performance.now()`. */
  at: number;
}

const begun = new WeakMap<IncomingMessage, Begun>();

/** A request's id, and since when it is under way: since it is first asked. */
export function beginningOf(request: IncomingMessage): Begun {
  const known = begun.get(request);
  if (known !== undefined) return known;
  const beginning = { requestId: randomUUID(), at: performance.now() };
  begun.set(request, beginning);
  return beginning;
}

/** What became of a request. Never its address: it may name a person. */
interface Ended {
  method: string;
  route: string;
  status: number;
}

/** @param facts of the request, for the log. */
export type NoteEnd = (request: IncomingMessage, ended: Ended, facts?: object) => void;

/** Measures a request that has ended, under the route that took it, and logs it in one line. */
export function createNoteEnd(log: Log, metrics: Metrics): NoteEnd {
  return (request, { method, route, status }, facts) => {
    const { requestId, at } = beginningOf(request);
    const ms = performance.now() - at;
    metrics.requests.observe({ method, route, status: String(status) }, ms / 1000);
    log.info({ requestId, method, route, status, ms: Math.round(ms), ...facts }, 'request');
  };
}

/** Gives each request an id, and notes its end, with what the route has put into `res.locals.facts`. */
export function noteRequests(noteEnd: NoteEnd): RequestHandler {
  return (req, res, next) => {
    const { requestId } = beginningOf(req);
    res.locals.requestId = requestId;
    res.setHeader('X-Request-Id', requestId);
    res.on('close', () => {
      const ended = { method: req.method, route: routeOf(req, res), status: res.statusCode };
      noteEnd(req, ended, res.locals.facts as object | undefined);
    });
    next();
  };
}
