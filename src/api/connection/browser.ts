import type { CookieOptions, Request, Response } from 'express';
import { type IssuedToken, readToken } from './token';
import { readCookie, readCookies } from '../http/cookies';

/** A browser that is on the way to connect, as an attempt knows it. */
export interface KnownBrowser {
  connectionId: string;
  /** The cookie itself; it signs the forms of our pages. */
  token: string;
  /** What the row keeps of it. */
  hash: string;
}

/**
 * The cookies by which an attempt knows its browser again: one for each attempt, so that a link of somebody else's, once
 * opened, does not take the browser away from an attempt under way. Over HTTPS its name has the prefix `__Host-`, which no
 * other site, a sibling of our own domain included, can set.
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
 */
export function connectBrowser(publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  const prefix = `${secure ? '__Host-' : ''}session_connect_`;
  const options: CookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' };

  const known = (token: string | undefined): KnownBrowser | null => {
    const read = readToken(token);
    return read === null || token === undefined ? null : { ...read, token };
  };

  return {
    /** The browser that an attempt is to know. */
    of(req: Request, connectionId: string): KnownBrowser | null {
      const browser = known(readCookie(req, prefix + connectionId));
      return browser?.connectionId === connectionId ? browser : null;
    },

    /** The one attempt that the browser is on the way with; null when there is none, or more than one. */
    onlyAttempt(req: Request): KnownBrowser | null {
      const all = readCookies(req).filter(({ name }) => name.startsWith(prefix));
      return all.length === 1 ? known(all[0]?.value) : null;
    },

    /** Has the browser keep a token that was issued to be its cookie. @param seconds how long */
    remember(res: Response, connectionId: string, { token }: IssuedToken, seconds: number): void {
      res.cookie(prefix + connectionId, token, { ...options, maxAge: seconds * 1000 });
    },

    forget(res: Response, connectionId: string): void {
      res.clearCookie(prefix + connectionId, options);
    },
  };
}

export type ConnectBrowser = ReturnType<typeof connectBrowser>;
