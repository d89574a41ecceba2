import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Log } from '../../log';
import { routeOf } from './route-name';

/**
 * Gives each request an id and logs its end in one line: method, route, status, time, and what the route has put into
 * `res.locals.facts`. Never the address: it may name a person.
 */
export function logRequests(log: Log): RequestHandler {
  return (req, res, next) => {
    const requestId = randomUUID();
    const start = performance.now();
    res.locals.requestId = requestId;
    res.setHeader('X-Request-Id', requestId);
    res.on('close', () => {
      log.info(
        {
          requestId,
          method: req.method,
          route: routeOf(req, res),
          status: res.statusCode,
          ms: Math.round(performance.now() - start),
          ...(res.locals.facts as object | undefined),
        },
        'request',
      );
    });
    next();
  };
}
