import type { Language } from '../domain/language';
import { toPlainText } from '@react-email/render';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type MailKind, termsOfMail } from '../domain/mails';
import { DEFAULT_COLOUR } from './colour';
import type { MailTexts, MailView } from './content';
import { Letter } from './letter';
import { de } from './texts/de';
import { en } from './texts/en';

const TEXTS: Record<Language, MailTexts> = { en, de };

/** How the coach has mails look, and what they have them say. */
export interface MailStyle {
  language: Language;
  /** `#rrggbb`; null: the platform's. */
  colour: string | null;
  before: string;
  after: string;
}

/** A mail in all its forms. */
export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

/** A mail as its reader sees it. @param unsubscribeUrl null: it cannot be unsubscribed from */
export function renderMail(
  kind: MailKind,
  view: MailView,
  style: MailStyle,
  unsubscribeUrl: string | null,
): RenderedMail {
  const texts = TEXTS[style.language];
  const content = texts.kinds[kind](view);
  const isTest = view.mode === 'test';
  const html = `<!doctype html>${renderToStaticMarkup(
    createElement(Letter, {
      language: style.language,
      content,
      // Who is reminded has bought nothing yet.
      to: kind === 'checkout_left' ? 'buyer' : termsOfMail(kind).to,
      texts,
      coachName: view.coachName,
      colour: style.colour ?? DEFAULT_COLOUR,
      before: style.before,
      after: style.after,
      isTest,
      unsubscribeUrl,
    }),
  )}`;
  return {
    subject: `${isTest ? texts.testPrefix : ''}${content.subject}`,
    html,
    text: toPlainText(html),
  };
}
