import type { RequestHandler, Router } from 'express';
import { ProblemError } from '../../domain/problem';

/** Answers every other method than these with 405 and the ones that are possible. */
export function onlyMethods(...allowed: readonly string[]): RequestHandler {
  return (req, res, next) => {
    if (allowed.includes(req.method)) {
      next();
      return;
    }
    res.setHeader('Allow', allowed.join(', '));
    throw new ProblemError('method_not_allowed', `${req.method} is not possible here.`);
  };
}

/** {@link onlyMethods} for a path, after its handlers: where there is a GET, Express answers HEAD as well. */
export function refuseOtherMethods(router: Router, path: string, allowed: readonly string[]): void {
  const all = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  router.all(path, onlyMethods(...all));
}
