import type { Response } from 'express';
import { html, type Html, sendPage } from '../../html';
import { RETRY_AFTER } from '../http/problem';

/** Why the browser came to a dead end, and what the coach does about it. */
const DEAD_ENDS = {
  link: ['This link does not work any more', 'It can be opened once, within 15 minutes.'],
  state: [
    'This approval does not belong to this browser',
    'It was started elsewhere, was used before, or took too long. Nothing was connected.',
  ],
} as const;

/** A page that ends the way to an account, and says how to begin again. */
export function deadEnd(res: Response, kind: keyof typeof DEAD_ENDS): void {
  const [title, why] = DEAD_ENDS[kind];
  deadEndPage(res, 400, title, html`${why}`);
}

export function deadEndPage(res: Response, status: number, title: string, why: Html): void {
  const body = html`<h1>${title}</h1>
    <p>${why}</p>
    <p>Go back to Settings &gt; Payments and choose <strong>Connect Stripe</strong> again.</p>`;
  if (status === 503) res.setHeader('Retry-After', RETRY_AFTER);
  sendPage(res, { title, body, status });
}
