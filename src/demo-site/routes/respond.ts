import type { Request, RequestHandler, Response } from 'express';
import { SessionProblem, type Mode } from '@session/sdk';
import { type Html, html } from '../../html';
import { renderPage } from '../pages/layout';
import { notify, signedIn, takeNotice } from '../visitor';

/** The mode of the address; the router lets no other words through. */
export function modeOf(req: Request): Mode {
  return req.params['mode'] === 'live' ? 'live' : 'test';
}

export function showPage(
  req: Request,
  res: Response,
  page: { title: string; path: string; body: Html; refresh?: number; status?: number },
): void {
  res.setHeader('Cache-Control', 'no-store');
  const { status = 200, ...rest } = page;
  res.status(status).send(
    renderPage({
      ...rest,
      mode: modeOf(req),
      person: signedIn(req),
      notice: takeNotice(req, res),
      consoleUrl: req.app.locals['consoleUrl'] as string,
      buyScript: req.app.locals['buyScript'] as string,
    }),
  );
}

/** A field of a form; '' when it is missing. */
export function field(req: Request, name: string): string {
  const value = ((req.body ?? {}) as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.trim() : '';
}

/** What went wrong, in words for the person in front of the page. */
export function inWords(error: unknown): string {
  if (error instanceof SessionProblem) return `${error.body.detail} ${error.body.todo}`;
  return 'Session cannot be reached at the moment. Please try again.';
}

/**
 * A form's action: does it, says how it went, and goes back to a page, so that reloading repeats nothing.
 * `work` answers where to go and what to say.
 */
export function formAction(
  back: (req: Request) => string,
  work: (req: Request) => Promise<{ to?: string; said?: string }>,
): RequestHandler {
  return async (req, res) => {
    try {
      const { to, said } = await work(req);
      if (said !== undefined) notify(res, { kind: 'done', text: said });
      res.redirect(303, to ?? back(req));
    } catch (error) {
      notify(res, { kind: 'failed', text: inWords(error) });
      res.redirect(303, back(req));
    }
  };
}

/** A page that could not be made: says why, and asks again by itself while the API is away. */
export function showError(req: Request, res: Response, error: unknown): void {
  const away = !(error instanceof SessionProblem);
  showPage(req, res, {
    title: 'Not now',
    path: '',
    status: away ? 503 : 502,
    ...(away ? { refresh: 3 } : {}),
    body: html`<h1>This page cannot be shown at the moment</h1>
      <p class="lead">${inWords(error)}</p>`,
  });
}
