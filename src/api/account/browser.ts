import type { CookieOptions, Request, Response } from 'express';
import { hashToken, newToken } from '../../domain/ids';
import { type Language, LANGUAGES } from '../../domain/language';
import { readCookie } from '../http/cookies';
import { preferredLanguage } from '../http/language';
import { LIFETIME, type PageOf } from './sessions';

/** Milliseconds that a form of ours may be left open. */
const ASKING = 3600 * 1000;
/** Milliseconds: 400 days, the longest that browsers keep. */
const KEPT = 400 * 86_400_000;
const LANGUAGE = 'session_language';
const TOKEN = /^[\w-]{43}$/;

/**
 * What a browser keeps for the member's page: who is signed in, with a cookie for each coach and mode; a cookie for forms
 * that somebody sends who is not signed in; the language. Under https the first two are bound to this very host.
 * https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function createMemberBrowser(publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' };
  const asked = `${prefix}session_member_asked`;
  const nameOf = ({ coachId, mode }: PageOf) =>
    `${prefix}session_member_${hashToken(`${coachId}/${mode}`).slice(0, 16)}`;
  const read = (req: Request, name: string): string | undefined => {
    const value = readCookie(req, name);
    return value !== undefined && TOKEN.test(value) ? value : undefined;
  };

  return {
    tokenOf: (req: Request, of: PageOf) => read(req, nameOf(of)),
    signIn(res: Response, of: PageOf, token: string): void {
      res.cookie(nameOf(of), token, { ...options, maxAge: LIFETIME });
    },
    signOut(res: Response, of: PageOf): void {
      res.clearCookie(nameOf(of), options);
    },

    /** Has the browser keep who is asked by our page; only its own pages are sent that cookie. */
    askIn(req: Request, res: Response): { token: string } {
      const token = read(req, asked) ?? newToken();
      res.cookie(asked, token, { ...options, sameSite: 'strict', maxAge: ASKING });
      return { token };
    },
    askedIn(req: Request): { token: string } | null {
      const token = read(req, asked);
      return token === undefined ? null : { token };
    },

    /** What was chosen by the switch, else what the browser prefers. */
    languageOf(req: Request): Language {
      const chosen = readCookie(req, LANGUAGE);
      const known = LANGUAGES.find((one) => one === chosen);
      if (known !== undefined) return known;
      return preferredLanguage(req);
    },
    choose(res: Response, language: Language): void {
      res.cookie(LANGUAGE, language, { ...options, maxAge: KEPT });
    },
  };
}

export type MemberBrowser = ReturnType<typeof createMemberBrowser>;
