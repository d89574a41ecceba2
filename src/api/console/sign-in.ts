import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { ProblemError } from '../../domain/problem';
import type { Config } from '../../config/config';
import type { ApiDeps } from '../deps';
import { createAuthenticate } from '../http/auth';
import { html, sendPage } from '../../html';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';
import { check, jsonBody } from '../http/mount';
import type { CoachAuth } from '../http/route';
import type { Guard } from './guard';
import type { Session, Sessions } from './sessions';

const SESSION = '/console/api/session';
const LINK = '/console/sign-in/:token';

const credentials = z.strictObject({ key: z.string().trim().max(200) });

/** Signing in and out. A key is only ever sent to us, once; the browser keeps a cookie that no script can read. */
export function signInRouter(
  { db, config }: ApiDeps,
  sessions: Sessions,
  guard: Guard,
  limiter: Limiter,
): Router {
  const router = Router();
  const authenticate = createAuthenticate(config, db);

  const view = ({ coach, modes, csrfToken }: Session) => ({
    coach: { id: coach.id, name: coach.name },
    modes: modes.map(({ mode }) => mode),
    csrfToken,
    temporalRunsUrl: runsUrlOf(config),
    publicUrl: config.api.publicUrl,
    emulator: config.stripe.apiBase !== null,
  });

  function answer(res: Response, session: Session): void {
    res.setHeader('Cache-Control', 'no-store');
    res.json(view(session));
  }

  async function whoseKey(key: string): Promise<CoachAuth> {
    try {
      const auth = await authenticate('coach', `Bearer ${key}`);
      if (auth !== null) return auth;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
    throw new ProblemError('sign_in_failed', "This is no API key of a coach's, or it was revoked.", {
      field: 'key',
    });
  }

  router.post(SESSION, jsonBody, async (req: Request, res: Response) => {
    guard.expectOwnOrigin(req);
    const { key } = check(credentials, req.body);
    await limiter.expectLeft(res, 'failed_sign_in', clientOf(req));
    const { coachId, mode, keyId } = await whoseKey(key).catch(async (error: unknown) => {
      if (error instanceof ProblemError) await limiter.take(res, 'failed_sign_in', clientOf(req));
      throw error;
    });
    const token = await sessions.open(coachId, [{ mode, keyId }], guard.tokenOf(req));
    guard.setCookie(res, token);
    const session = await sessions.find(token);
    if (session === null) throw new ProblemError('sign_in_failed', 'The key was revoked just now.');
    answer(res, session);
  });

  router.get(SESSION, async (req: Request, res: Response) => {
    answer(res, await guard.expectSession(req));
  });

  router.delete(SESSION, async (req: Request, res: Response) => {
    await guard.expectSession(req);
    await sessions.close(guard.tokenOf(req) ?? '');
    guard.clearCookie(res);
    res.status(204).end();
  });

  router.get(LINK, async (req: Request, res: Response) => {
    // A program that only looks at the link must not use it up.
    const onlyLooks = req.method === 'HEAD' || /prefetch|prerender/.test(req.get('Sec-Purpose') ?? '');
    if (onlyLooks) {
      res.status(503).setHeader('Cache-Control', 'no-store').end();
      return;
    }
    await limiter.expectLeft(res, 'failed_sign_in', clientOf(req));
    const link = await sessions.takeLink(req.params['token'] as string);
    if (link === null) {
      await limiter.take(res, 'failed_sign_in', clientOf(req));
      sendDeadEnd(res, await sessions.find(guard.tokenOf(req)));
      return;
    }
    const modes = link.modes.map((mode) => ({ mode, keyId: null }));
    guard.setCookie(res, await sessions.open(link.coachId, modes, guard.tokenOf(req)));
    res.setHeader('Cache-Control', 'no-store');
    res.redirect(303, '/console');
  });

  refuseOtherMethods(router, SESSION, ['GET', 'POST', 'DELETE']);
  refuseOtherMethods(router, LINK, ['GET']);
  return router;
}

/** Where the Temporal Web UI shows the runs of this installation's namespace; null: no such UI is known. */
function runsUrlOf({ temporal: { uiUrl, namespace } }: Config): string | null {
  if (uiUrl === null) return null;
  return `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}

function sendDeadEnd(res: Response, present: Session | null): void {
  const title = 'This link does not work any more';
  sendPage(res, {
    title,
    status: 400,
    body: html`<h1>${title}</h1>
      <p>It can be used once, and only for a short time.</p>
      ${
        present === null
          ? html`<p>
              Ask for a new one where you got it, or sign in with an API key. After <code>npm start</code>,
              the keys are printed below the link, and starting again prints a new link.
            </p>`
          : html`<p>You are signed in already, as ${present.coach.name}.</p>`
      }
      <a class="button" href="/console"
        >${present === null ? 'Sign in with an API key' : 'Open the console'}</a
      >`,
  });
}
