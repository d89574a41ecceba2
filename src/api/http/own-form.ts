import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import { sameSecret } from './auth';

/** A browser that was given a cookie; it signs the forms of our pages. */
interface WithCookie {
  /** The cookie itself. */
  token: string;
}

/** What a form of ours carries: only who has the cookie can make it, and it holds for what the page has shown. */
export function formToken({ token }: WithCookie, shown: readonly string[]): string {
  return createHmac('sha256', token).update(JSON.stringify(shown)).digest('base64url');
}

/** Whether a person has pressed a button of our own page, in this browser, with that shown on it. */
export function isOurForm(req: Request, browser: WithCookie, shown: readonly string[]): boolean {
  // Browsers that do not say where a request comes from are held to the token alone.
  const site = req.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') return false;
  const { token } = (req.body ?? {}) as { token?: unknown };
  return typeof token === 'string' && sameSecret(token, formToken(browser, shown));
}
