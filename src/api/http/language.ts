import type { Request, Response } from 'express';

/** The languages of the pages that a buyer meets. */
export const PAGE_LANGUAGES = ['en', 'de'] as const;
export type PageLanguage = (typeof PAGE_LANGUAGES)[number];

/** The one of them that the browser likes best; English where it likes none. */
export function languageOf(req: Request, res: Response): PageLanguage {
  res.vary('Accept-Language');
  return req.acceptsLanguages(...PAGE_LANGUAGES) === 'de' ? 'de' : 'en';
}
