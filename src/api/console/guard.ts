import type { CookieOptions, Request, Response } from 'express';
import { ProblemError } from '../../domain/problem';
import { newToken } from '../../domain/ids';
import type { Mode } from '../../domain/mode';
import { sameSecret } from '../http/auth';
import { readCookie } from '../http/cookies';
import type { Actor, CoachAuth } from '../http/route';
import { LIFETIME, type OpenedCoach, type Session, type Sessions } from './sessions';

const COOKIE = 'session_console';
/** The browser that a sign-in link's page has asked. */
const ASKED = 'session_asked';
const LINKS = '/console/sign-in';
/** Milliseconds that the question may be left unanswered; links of a laptop last as long. */
const ASKING = 24 * 3600 * 1000;

/** What a request of the console has to prove: who is signed in, in which mode, and that our own page sent it. */
export function createGuard(sessions: Sessions, publicUrl: string) {
  const options: CookieOptions = {
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https:'),
    path: '/console',
  };

  const tokenOf = (req: Request): string | undefined => {
    const value = readCookie(req, COOKIE);
    return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
  };

  /**
   * The page of the console is on our public address, or on the one that this very request was sent to: scheme, host
   * and port, as browsers compare origins. Behind a proxy that ends TLS, that is what TRUSTED_PROXIES is for.
   */
  function expectOwnOrigin(req: Request): void {
    const origin = req.get('Origin');
    if (origin === undefined || origin === new URL(publicUrl).origin) return;
    const here = `${req.protocol}://${req.get('Host') ?? ''}`;
    if (URL.canParse(here) && origin === new URL(here).origin) return;
    throw new ProblemError('csrf_invalid', 'The request was sent from another site.', { field: 'Origin' });
  }

  /** A request that changes something repeats the session's token, which no other site can read. */
  function expectOwnPage(req: Request, { csrfToken }: Session): void {
    if (req.method === 'GET' || req.method === 'HEAD') return;
    expectOwnOrigin(req);
    if (!sameSecret(req.get('X-CSRF-Token') ?? '', csrfToken))
      throw new ProblemError('csrf_invalid', 'The X-CSRF-Token is missing, or is not of this session.', {
        field: 'X-CSRF-Token',
      });
  }

  return {
    tokenOf,
    expectOwnOrigin,

    /** @throws ProblemError `not_signed_in`, `csrf_invalid` */
    async expectSession(req: Request): Promise<Session> {
      const session = await sessions.find(tokenOf(req));
      if (session === null)
        throw new ProblemError('not_signed_in', 'Nobody is signed in here, or no longer.');
      expectOwnPage(req, session);
      return session;
    },

    /**
     * Who calls, in a mode, for the coach that the address names; the first of the session's where it names none.
     * @throws ProblemError `mode_not_signed_in` besides those of `expectSession`
     */
    async authenticate(req: Request, mode: Mode, coachId: string | null): Promise<CoachAuth> {
      const session = await this.expectSession(req);
      const coach = coachOf(session, coachId);
      const opened = coach.modes.find((candidate) => candidate.mode === mode);
      if (opened === undefined)
        throw new ProblemError('mode_not_signed_in', `This session is not signed in to ${mode} mode.`);
      const { keyId, role } = opened;
      return { coachId: coach.id, mode, keyId, role, actor: actorOf(session, keyId) };
    },

    /** Has the browser keep who is asked by our page; only its own pages are sent that cookie. */
    askIn(res: Response): { token: string } {
      const token = newToken();
      res.cookie(ASKED, token, { ...options, sameSite: 'strict', path: LINKS, maxAge: ASKING });
      return { token };
    },
    askedIn(req: Request): { token: string } | null {
      const token = readCookie(req, ASKED);
      return token !== undefined && /^[\w-]{43}$/.test(token) ? { token } : null;
    },

    setCookie(res: Response, token: string): void {
      res.cookie(COOKIE, token, { ...options, maxAge: LIFETIME });
    },
    clearCookie(res: Response): void {
      res.clearCookie(COOKIE, options);
    },
  };
}

/** The coach of a session whom a request is about. @throws ProblemError `mode_not_signed_in` */
export function coachOf({ coaches }: Session, coachId: string | null): OpenedCoach {
  const coach = coachId === null ? coaches[0] : coaches.find(({ id }) => id === coachId);
  if (coach === undefined)
    throw new ProblemError('mode_not_signed_in', 'This session does not work for this coach, or no longer.');
  return coach;
}

/** Who it is that a session stands for. @param keyId the key that opened the mode or the coach */
export function actorOf({ user, operator }: Session, keyId: string | null): Actor {
  if (user !== null) return { kind: 'user', id: user.id };
  return keyId === null ? { kind: operator ? 'operator' : 'link', id: null } : { kind: 'key', id: keyId };
}

export type Guard = ReturnType<typeof createGuard>;
