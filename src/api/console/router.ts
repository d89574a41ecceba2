import { Router } from 'express';
import { ProblemError } from '../../domain/problem';
import type { ApiDeps } from '../deps';
import { takeOfCoach } from '../http/identify';
import type { Limiter } from '../http/limits';
import { isForPerson } from '../http/unavailable-page';
import { mountRoutes } from '../http/mount';
import type { Route } from '../http/route';
import { appFilesRouter } from './app-files';
import { emailSignInRouter } from './email-sign-in';
import { createGuard } from './guard';
import { createSessions } from './sessions';
import { signInRouter } from './sign-in';

/** The coach in an address such as `/console/api/coach_3kTM/test`. */
const NAMED = /^\/console\/api\/(coach_[A-Za-z0-9]+)\//;

/**
 * Everything below `/console`: signing in, the coach's routes of `/v1` for the signed-in browser with the mode in the
 * path, and the app itself. `/v1` never reads cookies, and nothing here reads a key but the sign-in.
 */
export function consoleRouter(deps: ApiDeps, routes: readonly Route[], limiter: Limiter): Router {
  const router = Router();
  const sessions = createSessions(deps.db);
  const guard = createGuard(sessions, deps.config.api.publicUrl);
  const ofCoaches = routes.filter(({ auth }) => auth === 'coach');
  router.use(signInRouter(deps, sessions, guard, limiter));
  router.use(emailSignInRouter(deps, sessions, guard, limiter));
  for (const mode of ['test', 'live'] as const) {
    const api = Router();
    mountRoutes(api, ofCoaches, deps, async (_kind, req, res) => {
      const auth = await guard.authenticate(req, mode, NAMED.exec(req.baseUrl)?.[1] ?? null);
      await takeOfCoach(limiter, res, auth);
      return auth;
    });
    // Whoever works for several coaches names the one: two tabs may be open.
    router.use([`/console/api/${mode}`, `/console/api/:coachId/${mode}`], api);
  }
  router.use('/console/api', () => {
    throw new ProblemError('route_not_found', 'There is nothing at this address.');
  });
  // Whoever opens the address alone wants to see something; programs hear that nothing is here.
  router.get('/', (req, res, next) => (isForPerson(req) ? res.redirect(302, '/console') : next()));
  router.use('/console', appFilesRouter(deps.config.consoleFolder));
  return router;
}
