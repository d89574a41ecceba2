import express, { type Request, type Response, Router } from 'express';
import { refusedTo } from '../../domain/permissions';
import { ProblemError } from '../../domain/problem';
import type { Config } from '../../config/config';
import type { ApiDeps } from '../deps';
import { createAuthenticate } from '../http/auth';
import { newId } from '../../domain/ids';
import { operationIdOf } from '../../domain/permissions';
import { type Asked, writeAudit } from '../../store/audit';
import { isoTime } from '../../domain/time';
import { formToken, isOurForm } from '../http/own-form';
import { askWhoSignsIn, sendDeadEnd, shownOn } from './link-pages';
import { clientOf } from '../http/client-address';
import { languageOf } from '../http/language';
import type { Limiter } from '../http/limits';
import { refuseOtherMethods } from '../http/methods';
import { check, jsonBody } from '../http/mount';
import type { CoachAuth } from '../http/route';
import { actorOf, coachOf, type Guard } from './guard';
import { credentials } from './credentials';
import type { Session, Sessions, Sight } from './sessions';
import { noteSigning } from './signing-log';

const requestIdOf = (res: Response): string => String(res.locals.requestId);

const SESSION = '/console/api/session';
const SESSIONS = '/console/api/sessions';
const ONE_SESSION = '/console/api/sessions/:id';
const LINK = '/console/sign-in/:token';

/** Signing in and out. A key is only ever sent to us, once; the browser keeps a cookie that no script can read. */
export function signInRouter(deps: ApiDeps, sessions: Sessions, guard: Guard, limiter: Limiter): Router {
  const { config } = deps;
  const router = Router();
  const authenticate = createAuthenticate(deps);

  const view = ({ coaches, user, operator, csrfToken }: Session) => ({
    coach: { id: coaches[0]?.id, name: coaches[0]?.name },
    modes: coaches[0]?.modes.map(({ mode }) => mode),
    coaches: coaches.map(({ id, name, modes }) => ({
      id,
      name,
      modes: modes.map(({ mode, role }) => ({ mode, role, mayNot: refusedTo(role) })),
    })),
    user,
    csrfToken,
    // The Web UI shows the runs of every coach.
    temporalRunsUrl: operator ? runsUrlOf(config) : null,
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
      // Whoever has it may be told what it is: a key that is known, and not for here.
      if (error.code === 'wrong_key')
        throw new ProblemError('wrong_key', "This is the platform's key. The console is for coaches.", {
          field: 'key',
        });
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
    const session = await sessions.find(token);
    if (session === null) throw new ProblemError('sign_in_failed', 'The key was revoked just now.');
    await noteSigning(deps.db, 'byKey', session, requestIdOf(res));
    guard.setCookie(res, token);
    answer(res, session);
  });

  router.get(SESSION, async (req: Request, res: Response) => {
    answer(res, await guard.expectSession(req));
  });

  router.delete(SESSION, async (req: Request, res: Response) => {
    await noteSigning(deps.db, 'out', await guard.expectSession(req), requestIdOf(res));
    await sessions.close(guard.tokenOf(req) ?? '');
    guard.clearCookie(res);
    res.status(204).end();
  });

  /** Ending browsers is a change of somebody's as any other, though of no mode: written down before it is done. */
  async function noted<T>(req: Request, res: Response, path: string, end: (sight: Sight) => Promise<T>) {
    const session = await guard.expectSession(req);
    const sight = sightIn(req, session);
    const [opened] = coachOf(session, sight.coachId).modes;
    const { kind, id } = actorOf(session, opened?.keyId ?? null);
    const asked: Asked = {
      ...{ id: newId('auditEntry'), coachId: sight.coachId, mode: null, subjectId: null, fields: [] },
      ...{ actor: kind, actorId: id, role: opened?.role ?? null },
      ...{ operation: operationIdOf({ method: 'delete', path }), requestId: requestIdOf(res) },
    };
    await writeAudit(deps.db, asked, null);
    const ended = await end(sight);
    await writeAudit(deps.db, asked, {
      ...(ended === false ? { outcome: 'refused', code: 'not_found' } : { outcome: 'done', code: null }),
      ...{ subjectId: null, coachId: null, mode: null },
    });
    return { ended, sight };
  }

  /** What of the coach whom `?coach=` names, or of the first, is to be seen by who asks. */
  function sightIn(req: Request, session: Session): Sight {
    const { coach } = req.query;
    const { id: coachId, modes } = coachOf(session, typeof coach === 'string' ? coach : null);
    const isOwner = modes.some(({ role }) => role === 'owner');
    return { coachId, sessionId: session.id, own: isOwner ? false : { userId: session.user?.id ?? null } };
  }

  router.get(SESSIONS, async (req: Request, res: Response) => {
    const sight = sightIn(req, await guard.expectSession(req));
    const data = (await sessions.list(sight)).map((one) => ({
      ...one,
      createdAt: isoTime(one.createdAt),
      seenAt: isoTime(one.seenAt),
      current: one.id === sight.sessionId,
    }));
    res.setHeader('Cache-Control', 'no-store');
    res.json({ data });
  });

  router.delete(SESSIONS, async (req: Request, res: Response) => {
    const { ended } = await noted(req, res, SESSIONS, sessions.endOthers);
    res.setHeader('Cache-Control', 'no-store');
    res.json({ ended });
  });

  router.delete(ONE_SESSION, async (req: Request, res: Response) => {
    const asked = req.params['id'] as string;
    const { ended, sight } = await noted(req, res, '/console/api/sessions/{id}', (of) =>
      sessions.end(of, asked),
    );
    if (!ended) throw new ProblemError('not_found', 'There is no session with this id.');
    if (asked === sight.sessionId) guard.clearCookie(res);
    res.status(204).end();
  });

  const linkOf = (req: Request) => req.params['token'] as string;
  const guessed = async (req: Request, res: Response): Promise<void> => {
    await limiter.take(res, 'failed_sign_in', clientOf(req));
    sendDeadEnd(res, await sessions.find(guard.tokenOf(req)));
  };

  // A link may have been sent by anybody: it signs in only whoever has read as whom, and clicked. Looking uses nothing up.
  router.get(LINK, async (req: Request, res: Response) => {
    await limiter.expectLeft(res, 'failed_sign_in', clientOf(req));
    const link = await sessions.findLink(linkOf(req));
    if (link === null) return guessed(req, res);
    const present = await sessions.find(guard.tokenOf(req));
    const asking = guard.askIn(res);
    // Under `no-referrer`, which every page has otherwise, a browser calls its own form's origin `null`. The address with
    // the token still leaves our own pages for nowhere. https://fetch.spec.whatwg.org/#append-a-request-origin-header
    res.setHeader('Referrer-Policy', 'same-origin');
    askWhoSignsIn(res, {
      link,
      present,
      action: req.originalUrl,
      language: languageOf(req, res),
      token: formToken(asking, shownOn(link, present)),
    });
  });

  router.post(
    LINK,
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (req: Request, res: Response) => {
      guard.expectOwnOrigin(req);
      await limiter.expectLeft(res, 'failed_sign_in', clientOf(req));
      const link = await sessions.findLink(linkOf(req));
      if (link === null) return guessed(req, res);
      const asked = guard.askedIn(req);
      const present = await sessions.find(guard.tokenOf(req));
      if (asked === null || !isOurForm(req, asked, shownOn(link, present))) {
        // Another tab, an old page, another site: the question is asked anew, of this browser as it is now.
        res.redirect(303, req.originalUrl);
        return;
      }
      const token = await sessions.openByLink(linkOf(req), guard.tokenOf(req));
      const session = token === null ? null : await sessions.find(token);
      if (token === null || session === null) return guessed(req, res);
      await noteSigning(deps.db, 'byLink', session, requestIdOf(res));
      guard.setCookie(res, token);
      res.setHeader('Cache-Control', 'no-store');
      res.redirect(303, '/console');
    },
  );

  refuseOtherMethods(router, SESSION, ['GET', 'POST', 'DELETE']);
  refuseOtherMethods(router, SESSIONS, ['GET', 'DELETE']);
  refuseOtherMethods(router, ONE_SESSION, ['DELETE']);
  refuseOtherMethods(router, LINK, ['GET', 'POST']);
  return router;
}

/** Where the Temporal Web UI shows the runs of this installation's namespace; null: no such UI is known. */
function runsUrlOf({ temporal: { uiUrl, namespace } }: Config): string | null {
  if (uiUrl === null) return null;
  return `${uiUrl.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
