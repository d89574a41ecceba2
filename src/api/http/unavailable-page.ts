import type { Request, Response } from 'express';
import { html, sendPage } from '../../html';

/** Where programs call; a browser that comes to one of these is a program too. */
const FOR_PROGRAMS = /^\/(v1|console\/api|webhooks)\//;

/** Whether a person looks at the answer, who has no use for JSON. */
export function isForPerson(req: Request): boolean {
  return !FOR_PROGRAMS.test(req.originalUrl) && req.accepts(['json', 'html']) === 'html';
}

/** Says that it cannot be done at the moment; where nothing was sent by a form, the browser tries again by itself. */
export function sendUnavailablePage(req: Request, res: Response, retryAfter: string): void {
  const again = req.method === 'GET' || req.method === 'HEAD';
  res.setHeader('Retry-After', retryAfter);
  sendPage(res, {
    title: 'Not at the moment',
    status: 503,
    ...(again ? { refresh: { seconds: Number(retryAfter), url: req.originalUrl } } : {}),
    body: html`<div role="status">
      <h1>Not at the moment</h1>
      <p>We cannot be reached just now. Nothing that you have done is lost.</p>
      <p class="soft">
        ${again ? 'This page looks again by itself.' : 'Go back, and try again in a moment.'}
      </p>
    </div>`,
  });
}

/** Says that it was too often. The browser does not try by itself: that would be once more. */
export function sendTooOftenPage(res: Response): void {
  sendPage(res, {
    title: 'Too often',
    status: 429,
    body: html`<div role="status">
      <h1>That was too often</h1>
      <p>Nothing was done this time. Please wait a minute, then try again.</p>
    </div>`,
  });
}
