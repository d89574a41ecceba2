import type { Request, Response } from 'express';
import { html, sendPage } from '../../html';
import { languageOf } from './language';

/** Where programs call; a browser that comes to one of these is a program too. */
const FOR_PROGRAMS = /^\/(v1|console\/api|webhooks)\//;

/** Whether a person looks at the answer, who has no use for JSON. */
export function isForPerson(req: Request): boolean {
  return !FOR_PROGRAMS.test(req.originalUrl) && req.accepts(['json', 'html']) === 'html';
}

const WORDS = {
  en: {
    down: {
      title: 'Not at the moment',
      text: 'We cannot be reached just now. Nothing that you have done is lost.',
      looksAgain: 'This page looks again by itself.',
      goBack: 'Go back, and try again in a moment.',
    },
    often: {
      title: 'Too often',
      heading: 'That was too often',
      text: 'Nothing was done this time. Please wait a minute, then try again.',
    },
  },
  de: {
    down: {
      title: 'Gerade nicht',
      text: 'Wir sind im Moment nicht erreichbar. Nichts von dem, was Sie getan haben, geht verloren.',
      looksAgain: 'Diese Seite sieht von selbst wieder nach.',
      goBack: 'Gehen Sie zurück und versuchen Sie es gleich noch einmal.',
    },
    often: {
      title: 'Zu oft',
      heading: 'Das war zu oft',
      text: 'Diesmal ist nichts geschehen. Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal.',
    },
  },
} as const;

/** Says that it cannot be done at the moment; where nothing was sent by a form, the browser tries again by itself. */
export function sendUnavailablePage(req: Request, res: Response, retryAfter: string): void {
  const again = req.method === 'GET' || req.method === 'HEAD';
  const language = languageOf(req, res);
  const { title, text, looksAgain, goBack } = WORDS[language].down;
  res.setHeader('Retry-After', retryAfter);
  sendPage(res, {
    title,
    language,
    status: 503,
    ...(again ? { refresh: { seconds: Number(retryAfter), url: req.originalUrl } } : {}),
    body: html`<div role="status">
      <h1>${title}</h1>
      <p>${text}</p>
      <p class="soft">${again ? looksAgain : goBack}</p>
    </div>`,
  });
}

/** Says that it was too often. The browser does not try by itself: that would be once more. */
export function sendTooOftenPage(req: Request, res: Response): void {
  const language = languageOf(req, res);
  const { title, heading, text } = WORDS[language].often;
  sendPage(res, {
    title,
    language,
    status: 429,
    body: html`<div role="status">
      <h1>${heading}</h1>
      <p>${text}</p>
    </div>`,
  });
}
