import { Router } from 'express';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { mountRoutes } from '../http/mount';
import type { Route } from '../http/route';
import { appFilesRouter } from './app-files';
import { createGuard } from './guard';
import { createSessions } from './sessions';
import { signInRouter } from './sign-in';

/**
 * Everything below `/console`: signing in, the coach's routes of `/v1` for the signed-in browser with the mode in the
 * path, and the app itself. `/v1` never reads cookies, and nothing here reads a key but the sign-in.
 */
export function consoleRouter(deps: ApiDeps, routes: readonly Route[]): Router {
  const router = Router();
  const sessions = createSessions(deps.db);
  const guard = createGuard(sessions, deps.config.api.publicUrl);
  const ofCoaches = routes.filter(({ auth }) => auth === 'coach');
  router.use(signInRouter(deps, sessions, guard));
  for (const mode of ['test', 'live'] as const) {
    const api = Router();
    mountRoutes(api, ofCoaches, deps, (_kind, req) => guard.authenticate(req, mode));
    router.use(`/console/api/${mode}`, api);
  }
  router.use('/console/api', () => {
    throw new ProblemError('route_not_found', 'There is nothing at this address.');
  });
  router.use('/console', appFilesRouter(deps.config.consoleFolder));
  return router;
}
